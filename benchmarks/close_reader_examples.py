"""Examples to train the reader on, from questions and answers in the format of SQuAD 1.1.

Each question is put beside a stretch of its paragraph that answers it. Most are also put beside a text that does
not, so that the reader learns to say so: the same paragraph without every sentence that has the answer, another
paragraph of the same article that shares many of the question's words, or the same stretch with a name or a year
of the question exchanged for another one of the article.
"""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from search.article import Span
from search.english.sentences import sentences
from search.english.terms import terms
from search.models.close_reading.pairs import joined, marks_of

LONGEST_PASSAGE = 120
"""Tokens, as passages have by default."""

_ROOMS = (LONGEST_PASSAGE, LONGEST_PASSAGE, LONGEST_PASSAGE, 80, 60)
_WITH_TITLE = 0.8
_WITHOUT_SENTENCE, _ELSEWHERE, _EXCHANGED = 0.45, 0.75, 0.9  # bounds of a draw; above the last there is none
_NEAR_ELSEWHERE = 4
_NAME = r"[A-Z][a-z]+(?: [A-Z][a-z]+)*"
_YEAR = r"\b(?:1[5-9]|20)\d\d\b"


class Kind(IntEnum):
    """What an example shows."""

    ANSWERED = 0
    WITHOUT_SENTENCE = 1
    ELSEWHERE = 2
    EXCHANGED = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A pair of a question and a passage.

    Attributes:
        ids: Tokens, special ones included.
        second: Place where the passage, with its title, begins.
        first: Place of the passage's first token.
        start: Place of the answer's first token; 0 for none.
        end: Place of its last token.
        kind: What it shows.
    """

    ids: list[int]
    second: int
    first: int
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    spans: list[Span]
    tokens: list[tuple[list[int], list[tuple[int, int]]]]  # of each sentence: ids, offsets into it
    questions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Stretch:
    paragraph: int
    text: str
    words: frozenset[str]
    ids: list[int]


@dataclass(frozen=True, slots=True)
class _Article:
    title: str
    title_ids: list[int]
    paragraphs: list[_Paragraph]
    stretches: list[_Stretch]
    names: list[str]
    years: list[str]


def read_examples(path: Path, tokenizer: Tokenizer, seed: int = 1) -> Iterator[Example]:
    """Make the examples of a file; the same file and seed give the same examples."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        yield from _of_article(_read_article(article, tokenizer), tokenizer, draw)


def _encode(tokenizer: Tokenizer, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return encoding.ids, encoding.offsets


def _read_article(given: dict[str, Any], tokenizer: Tokenizer) -> _Article:
    title = given["title"].replace("_", " ")
    paragraphs = []
    for paragraph in given["paragraphs"]:
        text = paragraph["context"]
        spans = sentences(text)
        tokens = [_encode(tokenizer, span.of(text)) for span in spans]
        paragraphs.append(_Paragraph(text, spans, tokens, paragraph["qas"]))
    names = {name for one in paragraphs for name in re.findall(f"(?<=[a-z,] ){_NAME}", one.text)}
    years = {year for one in paragraphs for year in re.findall(_YEAR, one.text)}
    stretches = [stretch for place, one in enumerate(paragraphs) for stretch in _stretches(place, one)]
    return _Article(title, _encode(tokenizer, title)[0], paragraphs, stretches, sorted(names), sorted(years))


def _stretches(place: int, paragraph: _Paragraph) -> Iterator[_Stretch]:
    """Cut a paragraph as passages are cut: whole sentences up to the limit."""
    begin = 0
    while begin < len(paragraph.spans):
        length, end = len(paragraph.tokens[begin][0]), begin + 1
        while end < len(paragraph.spans) and length + len(paragraph.tokens[end][0]) <= LONGEST_PASSAGE:
            length += len(paragraph.tokens[end][0])
            end += 1
        text = paragraph.text[paragraph.spans[begin].start : paragraph.spans[end - 1].end]
        ids = [token for part in paragraph.tokens[begin:end] for token in part[0]]
        yield _Stretch(place, text, frozenset(terms(text)), ids[:LONGEST_PASSAGE])
        begin = end


def _of_article(article: _Article, tokenizer: Tokenizer, draw: random.Random) -> Iterator[Example]:
    for place, paragraph in enumerate(article.paragraphs):
        for question in paragraph.questions:
            yield from _of_question(article, place, question, tokenizer, draw)


def _of_question(
    article: _Article, place: int, given: dict[str, Any], tokenizer: Tokenizer, draw: random.Random
) -> Iterator[Example]:
    paragraph, text = article.paragraphs[place], given["question"].strip()
    answer = given["answers"][0]["text"]
    start = given["answers"][0]["answer_start"]
    end = start + len(answer)
    home = next((n for n, span in enumerate(paragraph.spans) if span.start <= start < span.end), None)
    if home is None or end > paragraph.spans[home].end:
        return
    low, high = _around(paragraph, home, draw)
    ids = [token for part in paragraph.tokens[low:high] for token in part[0]][:LONGEST_PASSAGE]
    before = sum(len(part[0]) for part in paragraph.tokens[low:home])
    begin = paragraph.spans[home].start
    answering = [n for n, (a, b) in enumerate(paragraph.tokens[home][1]) if b > start - begin and a < end - begin]
    if not answering:
        return
    title = article.title_ids if draw.random() < _WITH_TITLE else []
    asked = _encode(tokenizer, text)[0]
    if before + answering[-1] < LONGEST_PASSAGE:
        span = (before + answering[0], before + answering[-1])
        yield _example(tokenizer, asked, title, ids, span, Kind.ANSWERED)
    drawn = draw.random()
    if drawn < _WITHOUT_SENTENCE:
        if rest := _without(paragraph, home, answer):
            yield _example(tokenizer, asked, title, rest, None, Kind.WITHOUT_SENTENCE)
    elif drawn < _ELSEWHERE:
        if others := _elsewhere(article, place, text, answer):
            yield _example(tokenizer, asked, title, draw.choice(others).ids, None, Kind.ELSEWHERE)
    elif drawn < _EXCHANGED and (exchanged := _exchanged(article, text, answer, draw)):
        asked = _encode(tokenizer, exchanged)[0]
        yield _example(tokenizer, asked, title, ids, None, Kind.EXCHANGED)


def _example(
    tokenizer: Tokenizer,
    asked: list[int],
    title: list[int],
    ids: list[int],
    span: tuple[int, int] | None,
    kind: Kind,
) -> Example:
    row, second, first = joined(marks_of(tokenizer), asked, title, ids)
    places = (0, 0) if span is None else (first + span[0], first + span[1])
    return Example(row, second, first, *places, kind)


def _around(paragraph: _Paragraph, home: int, draw: random.Random) -> tuple[int, int]:
    """Sentences around the one that answers, as many as there is room for; on which side is drawn."""
    low, high, length = home, home + 1, len(paragraph.tokens[home][0])
    room = draw.choice(_ROOMS)
    while True:
        free = [
            (next_one, step)
            for next_one, step in ((low - 1, -1), (high, 1))
            if 0 <= next_one < len(paragraph.spans) and length + len(paragraph.tokens[next_one][0]) <= room
        ]
        if not free:
            return low, high
        chosen, step = draw.choice(free)
        length += len(paragraph.tokens[chosen][0])
        low, high = (low - 1, high) if step < 0 else (low, high + 1)


def _without(paragraph: _Paragraph, home: int, answer: str) -> list[int]:
    """Tokens of the sentences nearest to the one that answers, none of which has the answer."""
    kept = [
        n
        for n, span in enumerate(paragraph.spans)
        if n != home and answer.lower() not in span.of(paragraph.text).lower()
    ]
    used, length = [], 0
    for n in sorted(kept, key=lambda n: abs(n - home)):
        if length + len(paragraph.tokens[n][0]) > LONGEST_PASSAGE:
            break
        used.append(n)
        length += len(paragraph.tokens[n][0])
    return [token for n in sorted(used) for token in paragraph.tokens[n][0]]


def _elsewhere(article: _Article, place: int, question: str, answer: str) -> list[_Stretch]:
    """The stretches of other paragraphs that share most with the question and have not the answer."""
    asked = set(terms(question))
    others = [
        one for one in article.stretches if one.paragraph != place and answer.lower() not in one.text.lower()
    ]
    return sorted(others, key=lambda one: -len(asked & one.words))[:_NEAR_ELSEWHERE]


def _exchanged(article: _Article, question: str, answer: str, draw: random.Random) -> str | None:
    """The question with another year or name of the article; None if there is none to exchange."""
    years = re.findall(_YEAR, question)
    if years and len(article.years) > 1:
        return question.replace(years[0], draw.choice([year for year in article.years if year != years[0]]))
    named = [name for name in re.findall(f"(?<= ){_NAME}", question) if name not in article.title]
    others = [
        name
        for name in article.names
        if name not in question and name.lower() not in answer.lower() and name not in article.title
    ]
    if not named or not others:
        return None
    return question.replace(draw.choice(named), draw.choice(others))
