"""Examples to train a close reader on: a question, and text whose answering sentences are known.

What can be read: questions with sentences and the places of those that answer (JSON Lines), SQuAD 1.1, and pairs
of a question that a paragraph answers and one that it seems to answer. Of a fifth of the answerable questions the
sentences that answer are taken away, so that the reader learns to say so. Of most, words that also stand in the
answering sentence are left out of the question at random, so that it learns not to look for shared words alone.
Every draw is made with a generator of its own: the same seed and place give the same example.
"""

import gzip
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from search.english.sentences import sentences
from search.english.terms import content_terms
from search.models.close_reading.pairs import LONGEST_HEADING, LONGEST_QUESTION, joined_heading, marks_of

LONGEST_SENTENCE = 96
"""Tokens of a sentence that are read; the rest is not."""

ROOMS = (64, 96, 96, 128)
"""Most tokens of a stretch; one is drawn for every example."""

_TAKEN_AWAY = 0.2
_WITH_WORDS_LEFT_OUT = 0.6
_LEFT_OUT = 0.5
_WITH_MARK = 0.5
_WITH_TITLE = 0.8
_WITH_DAY = 0.4
_FEWEST_WORDS = 3
_HELD_OUT_OF = 10
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the text that it is put to.

    Attributes:
        source: Which set it is from.
        article: What tells its article from others; nothing is trained on a held-out one.
        text: The question.
        title: Of the article; empty if not known.
        sentences: The text.
        gold: Places among them of those that answer; of an unanswerable question, of those that seem to.
        answers: The answer's words where they are known, in any of their forms.
        answerable: Whether they do answer.
    """

    source: str
    article: str
    text: str
    title: str
    sentences: tuple[str, ...]
    gold: tuple[int, ...]
    answers: tuple[str, ...] = ()
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a stretch of text as a reader reads them: `<s> question </s></s> heading text </s>`.

    Attributes:
        source: Which set it is from.
        ids: Tokens, special ones included; the first stands for "nothing here".
        bounds: Where each sentence begins and ends among them; ends are exclusive.
        gold: Places in `bounds` of the sentences that answer; none if nothing does.
        second: Where the heading begins.
        answer: Places of the answer's first and last token, where its words are found in one that answers.
    """

    source: str
    ids: tuple[int, ...]
    bounds: tuple[tuple[int, int], ...]
    gold: tuple[int, ...]
    second: int = 0
    answer: tuple[int, int] | None = None


Item = tuple[Question, ...]
"""What is drawn together: a question, or one that is answered and its unanswerable twin."""


def read_marked(path: Path) -> list[Question]:
    """Read questions with sentences and the places of those that answer; gzipped JSON Lines.

    Raises:
        ValueError: If a line lacks a field, naming the line.
    """
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                found.append(_marked(json.loads(line)))
            except (KeyError, TypeError, json.JSONDecodeError) as error:
                raise ValueError(f"{path}, line {number}: {error!r}") from error
    return found


def _marked(given: Mapping[str, Any]) -> Question:
    source = given["src"] + {True: "-news", False: "-wiki", None: ""}[given.get("news")]
    article = given["title"] or given["id"].rsplit(":", 2)[0]
    return Question(
        source,
        article_key(article),
        given["question"],
        given["title"],
        tuple(given["sentences"]),
        tuple(given["gold"]),
        tuple(given["answer"] or ()),
    )


def read_squad(path: Path, most: int, seed: int = 0) -> list[Question]:
    """Read questions in the format of SQuAD 1.1, as many as asked for, drawn at random."""
    given = [
        (article["title"], paragraph["context"], asked)
        for article in json.loads(path.read_text(encoding="utf-8"))["data"]
        for paragraph in article["paragraphs"]
        for asked in paragraph["qas"]
    ]
    drawn = random.Random(seed).sample(given, min(most, len(given)))  # noqa: S311 - no secret
    return [
        _answered("squad", title, context, (asked["question"], answer["text"], answer["answer_start"]))
        for title, context, asked in drawn
        for answer in asked["answers"][:1]
    ]


def read_pairs(path: Path, most: int, seed: int = 0) -> list[Item]:
    """Read pairs of an answered question and an unanswerable twin (gzipped JSON Lines), drawn at random."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        given = [json.loads(line) for line in lines]
    drawn = random.Random(seed).sample(given, min(most, len(given)))  # noqa: S311 - no secret
    pairs: list[Item] = []
    for one in drawn:
        asked = (one["answerable_twin"], one["answer"], one["answer_start"])
        twin = _answered("pairs", one["title"], one["context"], asked)
        pairs.append((twin, replace(twin, text=one["question"], answerable=False)))
    return pairs


def _answered(source: str, title: str, context: str, asked: tuple[str, str, int]) -> Question:
    text, answer, start = asked
    spans = _spans(context)
    home = tuple(place for place, (begin, end) in enumerate(spans) if begin <= start < end)
    title = title.replace("_", " ")
    found = tuple(context[begin:end] for begin, end in spans)
    return Question(source, article_key(title), text, title, found, home, (answer,))


@lru_cache(maxsize=1 << 15)
def _spans(context: str) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in sentences(context))


def article_key(article: str) -> str:
    """Name an article as all sets do that have it."""
    return " ".join(article.replace("_", " ").lower().split())


def is_held_out(question: Question) -> bool:
    """Tell whether a question's article, whichever sets it stands in, is kept for development."""
    return int(sha256(question.article.encode()).hexdigest(), 16) % _HELD_OUT_OF == 0


def without_repetitions(questions: Sequence[Question]) -> list[Question]:
    """The first of all questions that ask the same in the same words."""
    return list({article_key(_bare(one.text)): one for one in reversed(questions)}.values())[::-1]


def stream(
    pools: Mapping[str, Sequence[Item]], shares: Mapping[str, float], seed: int, start: int = 0
) -> Iterator[tuple[int, Item]]:
    """Draw without end, each pool by its share and each of its items once before any comes again.

    Args:
        pools: Items by the name of their pool.
        shares: How much of all draws is from each.
        seed: The same gives the same draws.
        start: How many draws are left out.

    Yields:
        The number of the draw and what was drawn.
    """
    names = [name for name in shares if pools.get(name)]
    seen = dict.fromkeys(names, 0)
    orders: dict[tuple[str, int], list[int]] = {}
    number = 0
    while True:
        (name,) = _generator(seed, number).choices(names, [shares[one] for one in names])
        turn, place = divmod(seen[name], len(pools[name]))
        seen[name] += 1
        if number >= start:
            if (name, turn) not in orders:
                orders[name, turn] = list(range(len(pools[name])))
                _generator(seed, name, turn).shuffle(orders[name, turn])
            yield number, pools[name][orders[name, turn][place]]
        number += 1


def make_drawn(item: Item, tokenizer: Tokenizer, seed: int, number: int) -> list[Example]:
    """Make the examples of a draw; none of a question whose text is nothing but what was taken away."""
    made = []
    for place, question in enumerate(item):
        draw = _generator(seed, number, place)
        taken = question.answerable and len(item) == 1 and draw.random() < _TAKEN_AWAY
        asked = question.text
        if draw.random() < _WITH_WORDS_LEFT_OUT:
            asked = _with_words_left_out(question, draw)
        asked = _bare(asked) + ("?" if draw.random() < _WITH_MARK else "")
        title = question.title if draw.random() < _WITH_TITLE else ""
        day = _any_day(draw) if draw.random() < _WITH_DAY else ""
        shown = replace(question, text=asked, title=joined_heading(day, title))
        if example := make(shown, tokenizer, draw, taken=taken):
            made.append(example)
    return made


def make(question: Question, tokenizer: Tokenizer, draw: random.Random, *, taken: bool) -> Example | None:
    """Make an example of a question as it stands, its title being the whole heading.

    Args:
        question: The question.
        tokenizer: The model's.
        draw: What is drawn with: how long the stretch is, and on which side of the answering sentence it grows.
        taken: Whether the sentences that answer, and all others with the answer's words, are taken away.

    Returns:
        None if no sentence is left, or none of those that answer is known.
    """
    if not question.gold:
        return None
    kept = [place for place in range(len(question.sentences)) if not taken or not _tells(question, place)]
    if not kept:
        return None
    encodings = tokenizer.encode_batch([question.sentences[place] for place in kept], add_special_tokens=False)
    tokens = {place: encoding.ids[:LONGEST_SENTENCE] for place, encoding in zip(kept, encodings, strict=True)}
    around = draw.choice(question.gold)
    home = min(range(len(kept)), key=lambda one: abs(kept[one] - around))
    low, high = _grown([len(tokens[place]) for place in kept], home, draw)
    shown = kept[low:high]
    gold = [place for place, one in enumerate(shown) if one in question.gold and question.answerable and not taken]
    made = example_of(question, tokenizer, [tokens[place] for place in shown], gold)
    for place in gold:
        offsets = encodings[low + place].offsets[:LONGEST_SENTENCE]
        if found := _answer_tokens(question, shown[place], offsets):
            first = made.bounds[place][0]
            return replace(made, answer=(first + found[0], first + found[1]))
    return made


def _answer_tokens(question: Question, place: int, offsets: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Places of the answer's first and last token in a sentence; None if its words are not there."""
    sentence = question.sentences[place].lower()
    for answer in question.answers:
        start = sentence.find(answer.lower()) if answer else -1
        if start >= 0:
            end = start + len(answer)
            inside = [number for number, (low, high) in enumerate(offsets) if high > start and low < end]
            if inside:
                return inside[0], inside[-1]
    return None


def example_of(
    question: Question, tokenizer: Tokenizer, tokens: Sequence[Sequence[int]], gold: Sequence[int]
) -> Example:
    """Join a question, its title as heading, and the tokens of sentences, of which `gold` answer."""
    asked, before = (
        encoding.ids
        for encoding in tokenizer.encode_batch([question.text, question.title], add_special_tokens=False)
    )
    marks = marks_of(tokenizer)
    ids = [marks.opening, *asked[:LONGEST_QUESTION], *marks.between]
    second = len(ids)
    ids += before[:LONGEST_HEADING]
    bounds = []
    for sentence in tokens:
        bounds.append((len(ids), len(ids) + len(sentence)))
        ids += sentence
    return Example(question.source, (*ids, marks.closing), tuple(bounds), tuple(gold), second)


def _tells(question: Question, place: int) -> bool:
    """Tell whether a sentence answers, or has the words of the answer."""
    sentence = question.sentences[place].lower()
    return place in question.gold or any(answer.lower() in sentence for answer in question.answers if answer)


def _grown(lengths: Sequence[int], home: int, draw: random.Random) -> tuple[int, int]:
    """Sentences around one of them, as many as there is room for; on which side is drawn."""
    low, high, length, room = home, home + 1, lengths[home], draw.choice(ROOMS)
    while True:
        free = [
            (place, step)
            for place, step in ((low - 1, -1), (high, 1))
            if 0 <= place < len(lengths) and length + lengths[place] <= room
        ]
        if not free:
            return low, high
        place, step = draw.choice(free)
        length += lengths[place]
        low, high = (place, high) if step < 0 else (low, high + 1)


def _with_words_left_out(question: Question, draw: random.Random) -> str:
    shared = {term for place in question.gold for term in content_terms(question.sentences[place])}
    words = _bare(question.text).split()
    left = [word for word in words if not shared.intersection(content_terms(word)) or draw.random() >= _LEFT_OUT]
    return " ".join(left if len(left) >= _FEWEST_WORDS else words)


def _bare(question: str) -> str:
    return question.strip().rstrip("?").rstrip()


def _any_day(draw: random.Random) -> str:
    return f"{draw.randint(1, 28)} {draw.choice(_MONTHS)} {draw.randint(1990, 2025)}"


def _generator(*parts: object) -> random.Random:
    return random.Random("/".join(map(str, parts)))  # noqa: S311 - no secret


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load a model's tokenizer, so that it neither pads nor cuts; marks in a text are text to it."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True
    return tokenizer


def digest(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    return sha256(path.read_bytes()).hexdigest()
