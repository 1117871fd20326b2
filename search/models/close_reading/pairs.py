"""A question and a passage as one row of tokens, and what was read in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from search.article import Publication, Span
from search.models.embedding.embedder import HEADLINE_CHARACTERS
from search.models.session import TokenRow

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LONGEST_QUESTION = 40
"""Tokens of a question that are read; the rest is not."""

LONGEST_HEADING = 24
"""Tokens of a heading that are read before its passage."""

WINDOW = 512
"""Most tokens of a row; what of a passage exceeds it is not read."""

MOST_CERTAIN = 15.0
"""Log odds beyond which one sentence is as good as another."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage, as a model reads them: `[CLS] question [SEP] heading passage [SEP]`.

    MPNet has other marks, and two of them after the question: see `Marks`.

    Attributes:
        row: The tokens.
        first: Place of the passage's first token.
        spans: Offsets into the passage of its tokens, shape (n, 2): 0-based, end-exclusive, code points.
    """

    row: TokenRow
    first: int
    spans: npt.NDArray[np.int64]


def heading(headline: str, published: Publication | None) -> str:
    """What is read before a passage: the day of publication and the headline, each where it is known."""
    day = ""
    if published is not None and published.first_day == published.last_day:
        day = f"{published.first_day.day} {published.first_day:%B} {published.first_day.year}"
    return joined_heading(day, headline[:HEADLINE_CHARACTERS].strip())


def joined_heading(day: str, title: str) -> str:
    """Join a day in words and a title to what is read before a text; the reader was trained on such headings."""
    known = [part for part in (day, title) if part]
    return ". ".join(known) + ":" if known else ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a model puts around the two texts of a pair.

    Attributes:
        opening: Token id before the question; it stands for "no answer here".
        between: Token ids between the question and the heading.
        closing: Token id behind the passage.
        typed: Whether the model tells the two texts apart by types of tokens.
    """

    opening: int
    between: tuple[int, ...]
    closing: int
    typed: bool


def marks_of(tokenizer: "Tokenizer") -> Marks:
    """Find the marks of MPNet, `<s>` and twice `</s>`, or else those of BERT, `[CLS]` and `[SEP]`.

    MPNet's vocabulary is BERT's and has the marks of both.

    Raises:
        ValueError: If the tokenizer has neither.
    """
    for first, last, times, typed in (("<s>", "</s>", 2, False), ("[CLS]", "[SEP]", 1, True)):
        opening, closing = (tokenizer.token_to_id(token) for token in (first, last))
        if opening is not None and closing is not None:
            return Marks(opening, (closing,) * times, closing, typed)
    raise ValueError("the tokenizer has neither [CLS] and [SEP] nor <s> and </s>")


def joined(
    marks: Marks, question: Sequence[int], heading: Sequence[int], passage: Sequence[int]
) -> tuple[list[int], int, int]:
    """Join tokens to a row: question, heading and passage between the marks, each part cut to its longest.

    Args:
        marks: What stands around them.
        question: Tokens of the question.
        heading: Tokens of the heading.
        passage: Tokens of the passage.

    Returns:
        The row, how many of its tokens come before the heading, and how many before the passage.
    """
    asked = [marks.opening, *question[:LONGEST_QUESTION], *marks.between]
    before = [*asked, *heading[:LONGEST_HEADING]]
    return [*before, *passage[: WINDOW - len(before) - 1], marks.closing], len(asked), len(before)


class Pairing:
    """Makes pairs with the model's tokenizer."""

    def __init__(self, tokenizer: "Tokenizer") -> None:
        """Use a tokenizer that neither pads nor cuts; a mark in a text is text to it from now on.

        Raises:
            ValueError: If its marks are not known.
        """
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer
        self._marks = marks_of(tokenizer)

    def pairs(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Pair]:
        """Pair a question with passages, each given as its heading and its text."""
        texts = [text for passage in passages for text in passage]
        asked, *rest = self._tokenizer.encode_batch([question, *texts], add_special_tokens=False)
        made = []
        for before, passage in zip(rest[::2], rest[1::2], strict=True):
            ids, first_length, first = joined(self._marks, asked.ids, before.ids, passage.ids)
            spans = np.array(passage.offsets[: len(ids) - first - 1], dtype=np.int64).reshape(-1, 2)
            made.append(Pair(TokenRow(ids, first_length if self._marks.typed else None), first, spans))
        return made


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a passage.

    Attributes:
        spans: Offsets into the passage of its tokens, shape (n, 2).
        odds: Log odds, token by token, that an answer begins and that it ends there rather than that there is none
            in the passage; shape (n, 2), float32.
    """

    spans: npt.NDArray[np.int64]
    odds: npt.NDArray[np.float32]

    @classmethod
    def of(cls, pair: Pair, logits: npt.NDArray[np.float32]) -> "Reading":
        """Hold a pair's logits, shape (tokens, 2), against those of "no answer here", its first token."""
        return cls(pair.spans, logits[pair.first : pair.first + len(pair.spans)] - logits[0])

    def answers(self, span: Span) -> float:
        """Log odds that what stands at these offsets of the passage answers, rather than nothing in it."""
        inside = (self.spans[:, 0] < span.end) & (self.spans[:, 1] > span.start)
        if not inside.any():
            return -MOST_CERTAIN
        odds = np.logaddexp.reduce(self.odds[inside].astype(np.float64), axis=0).mean()
        return float(np.clip(odds, -MOST_CERTAIN, MOST_CERTAIN))

    def marks(self, span: Span) -> float:
        """Log odds, summed, that an answer begins and that it ends inside these offsets of the passage."""
        inside = (self.spans[:, 0] < span.end) & (self.spans[:, 1] > span.start)
        odds = self.odds[inside].max(axis=0).sum() if inside.any() else -2 * MOST_CERTAIN
        return float(np.clip(odds, -2 * MOST_CERTAIN, 2 * MOST_CERTAIN))

    def averaged(self, other: "Reading", begin: int) -> "Reading":
        """Take the mean of two readings, token by token, and its own where the other has no such token.

        Args:
            other: Of a part of the same passage, by another reader.
            begin: Where that part begins in the passage.
        """
        places = {span: place for place, span in enumerate(map(tuple, (other.spans + begin).tolist()))}
        both = [(own, places[span]) for own, span in enumerate(map(tuple, self.spans.tolist())) if span in places]
        odds = self.odds.copy()
        if both:
            ours, theirs = map(list, zip(*both, strict=True))
            odds[ours] = (odds[ours] + other.odds[theirs]) / 2
        return Reading(self.spans, odds)
