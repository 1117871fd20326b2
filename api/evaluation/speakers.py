"""Speakers against texts whose attributions are marked.

A gold line is an object with `_id`, `text` and `attributions`: objects with `source`, `cue` and `content`, each a
list of `[start, end)` in code points. The source says, thinks or wants the content.

What is scored is every statement that has a speaker, the parts of sentences included. A speaker agrees with a
source if both share a word, a plural's "s" and short words in lower case aside, or if the words that attribute the
statement overlap the source.

- recall: of the attributions that have a content and a source that is no pronoun, the share whose content is
  overlapped by a statement of a speaker who agrees with the source;
- precision: of the statements that overlap contents of such sources, the share whose speaker agrees with one;
- spurious: of all statements with a speaker, the share that overlaps no content.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from api.evaluation.confidence import Estimate, Statistic, Values, estimate
from api.evaluation.lines import LineError, objects_of, texts_of
from search.article import Span
from search.statements import Speaker, Statement, read_statements

if TYPE_CHECKING:
    from rich.console import Console

MEASURES = ("precision", "recall", "F1", "spurious")

_PRONOUNS = frozenset(
    """
    he she they it we i you who his her their him them this that one those some others many which
    """.split()
)
_TITLES = frozenset({"mr", "mrs", "the"})
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_IGNORED = 3


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says, thinks or wants what, as marked.

    Attributes:
        source: Slices of the text that name who does; none where the text names nobody.
        content: Slices that are said, thought or wanted.
        name: The words of the source.
    """

    source: tuple[Span, ...]
    content: tuple[Span, ...]
    name: str

    @property
    def is_named(self) -> bool:
        """Whether the source is more than a pronoun."""
        return bool(self.name) and self.name.lower().strip(" ,") not in _PRONOUNS


@dataclass(frozen=True, slots=True)
class SpeakerReport:
    """How well speakers are found.

    Attributes:
        name: Of the gold standard.
        texts: How many.
        named: Attributions to a source that is no pronoun.
        statements: Statements with a speaker that were read.
        figures: By measure.
    """

    name: str
    texts: int
    named: int
    statements: int
    figures: Mapping[str, Estimate]

    def as_dict(self) -> dict[str, Any]:
        """Give the report in a form that JSON can hold."""
        figures = {name: found.as_dict() for name, found in self.figures.items()}
        return {
            "set": self.name,
            "texts": self.texts,
            "named": self.named,
            "statements": self.statements,
            "measures": figures,
        }

    def render(self, console: "Console") -> None:
        """Print the report as a table."""
        from api.evaluation.reports import by_measure

        title = (
            f"{self.name}: {self.texts} texts, {self.named} named sources, "
            f"{self.statements} statements with a speaker"
        )
        console.print(by_measure(title, "speakers", self.figures))


def measure_speakers(path: Path, half: str | None = None) -> SpeakerReport:
    """Read the texts of a gold file and score their speakers, with 95% bootstrap intervals over texts.

    Args:
        path: JSON Lines, may be gzipped.
        half: `"odd"` or `"even"` takes those lines only, the first being 1.

    Raises:
        InputError: If the file cannot be read or a line is not of this form.
    """
    counts = []
    for number, record, text in texts_of(path, half):
        pieces = objects_of(record, "attributions", path, number)
        gold = [_attribution(piece, text, path, number) for piece in pieces]
        counts.append(count(gold, said_by_somebody(read_statements(text))))
    table = np.array(counts, dtype=np.float64)
    totals = table.sum(axis=0)
    figures = estimate(MEASURES, _figures(table), len(table))
    return SpeakerReport(path.name, len(table), int(totals[0]), int(totals[2]), figures)


def said_by_somebody(statements: Sequence[Statement]) -> list[tuple[Span, Speaker]]:
    """List the statements that have a speaker, the parts of sentences as statements of their own."""
    return [
        (Span(one.start, one.end), one.speaker)
        for statement in statements
        for one in (statement, *statement.parts)
        if one.speaker is not None
    ]


def count(gold: Sequence[Attribution], said: Sequence[tuple[Span, Speaker]]) -> tuple[int, ...]:
    """Count, of one text, what the measures are shares of.

    Returns:
        Named attributions; of these, found; statements; of these, spurious; those judged; of these, right.
    """
    named = [one for one in gold if one.is_named and one.content]
    found = sum(
        any(_overlap((span,), one.content) and _agree(speaker, one) for span, speaker in said) for one in named
    )
    spurious = judged = right = 0
    for span, speaker in said:
        beside = [one for one in gold if _overlap((span,), one.content)]
        spurious += not beside
        if sources := [one for one in beside if one.is_named]:
            judged += 1
            right += any(_agree(speaker, one) for one in sources)
    return len(named), found, len(said), spurious, judged, right


def _agree(speaker: Speaker, gold: Attribution) -> bool:
    words = _words(speaker.name) & _words(gold.name)
    return bool(words) or _overlap((Span(speaker.start, speaker.end),), gold.source)


def _words(text: str) -> set[str]:
    return {
        word.lower().removesuffix("s")
        for word in _WORD.findall(text)
        if len(word) > _LONGEST_IGNORED or word[0].isupper()
    } - _TITLES


def _overlap(some: Sequence[Span], others: Sequence[Span]) -> bool:
    return any(one.overlaps(other) for one in some for other in others)


def _figures(table: Values) -> Statistic:
    def statistic(sample: npt.NDArray[np.int64]) -> Values:
        named, found, statements, spurious, judged, right = table[sample].sum(axis=0)
        precision, recall = _share(right, judged), _share(found, named)
        f1 = _share(2 * precision * recall, precision + recall)
        return np.array([precision, recall, f1, _share(spurious, statements)])

    return statistic


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _attribution(piece: Mapping[str, Any], text: str, path: Path, number: int) -> Attribution:
    source, _, content = (
        tuple(_spans(piece, field, text, path, number)) for field in ("source", "cue", "content")
    )
    return Attribution(source, content, " ".join(span.of(text) for span in source))


def _spans(piece: Mapping[str, Any], field: str, text: str, path: Path, number: int) -> Iterator[Span]:
    slices = piece.get(field) or []
    if not isinstance(slices, list):
        raise LineError(path, number, f"the field {field!r} is not a list of [start, end).")
    for one in slices:
        if not (isinstance(one, list) and len(one) == 2 and all(type(place) is int for place in one)):  # noqa: PLR2004
            raise LineError(path, number, f"the field {field!r} is not a list of [start, end).")
        start, end = one
        if not 0 <= start < end <= len(text):
            raise LineError(path, number, f"[{start}, {end}) is not a slice of the text.")
        yield Span(start, end)
