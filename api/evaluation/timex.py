"""Time expressions against a gold standard, scored as TempEval-3 does (UzZaman et al. 2013).

A gold line is an object with `_id`, `text`, `dct` (when the text was made, ISO 8601) and `timexes`: objects with
`start` and `end` (code points), `type` and `value`. The creation time itself is not among them.

Strict detection wants the same span, relaxed detection any shared character; pairs are one to one, as many as
possible, of these those with most equal spans, of these the earliest. Type and value F1 are relaxed F1 times the
share of pairs whose type or value agrees, by plain string equality.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from api.evaluation.confidence import Estimate, Statistic, Values, estimate
from api.evaluation.lines import LineError, objects_of, text_of, texts_of
from search.times import tag

if TYPE_CHECKING:
    from rich.console import Console

MEASURES = (
    "strict P", "strict R", "strict F1",
    "relaxed P", "relaxed R", "relaxed F1",
    "type F1", "value F1",
)  # fmt: skip


class Timex(NamedTuple):
    """A time expression: its span in code points, TIMEX3 type and value."""

    start: int
    end: int
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class TimexReport:
    """How well time expressions are found and read.

    Attributes:
        name: Of the gold standard.
        texts: How many.
        gold: Expressions in it.
        found: Expressions found.
        figures: By measure.
    """

    name: str
    texts: int
    gold: int
    found: int
    figures: Mapping[str, Estimate]

    def as_dict(self) -> dict[str, Any]:
        """Give the report in a form that JSON can hold."""
        figures = {name: found.as_dict() for name, found in self.figures.items()}
        return {"set": self.name, "texts": self.texts, "gold": self.gold, "found": self.found, "measures": figures}

    def render(self, console: "Console") -> None:
        """Print the report as a table."""
        from api.evaluation.reports import by_measure

        title = f"{self.name}: {self.texts} texts, {self.gold} expressions, {self.found} found"
        console.print(by_measure(title, "time expressions", self.figures))


def measure_times(path: Path, half: str | None = None) -> TimexReport:
    """Tag the texts of a gold file and score the result, with 95% bootstrap intervals over texts.

    Args:
        path: JSON Lines, may be gzipped.
        half: `"odd"` or `"even"` takes those lines only, the first being 1.

    Raises:
        InputError: If the file cannot be read or a line is not of this form.
    """
    counts = []
    for number, record, text in texts_of(path, half):
        gold = [_timex(piece, path, number) for piece in objects_of(record, "timexes", path, number)]
        found = [
            Timex(mention.start, mention.end, mention.type.value, mention.value)
            for mention in tag(text, _anchor(record, path, number))
        ]
        counts.append(_counts(gold, found))
    table = np.array(counts, dtype=np.float64)
    totals = table.sum(axis=0)
    figures = estimate(MEASURES, _figures(table), len(table))
    return TimexReport(path.name, len(table), int(totals[0]), int(totals[1]), figures)


def pair(gold: Sequence[Timex], found: Sequence[Timex]) -> list[tuple[Timex, Timex]]:
    """Pair overlapping expressions one to one: most pairs, then most equal spans, then the earliest."""
    gold, found = sorted(gold), sorted(found)
    # best[i][j]: pairs and equal spans that gold[i:] and found[j:] can still give.
    best = [[(0, 0)] * (len(found) + 1) for _ in range(len(gold) + 1)]
    for i in reversed(range(len(gold))):
        for j in reversed(range(len(found))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], _with(gold[i], found[j], best[i + 1][j + 1]))
    pairs = []
    i = j = 0
    while i < len(gold) and j < len(found):
        if best[i][j] == _with(gold[i], found[j], best[i + 1][j + 1]):
            pairs.append((gold[i], found[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _with(gold: Timex, found: Timex, rest: tuple[int, int]) -> tuple[int, int]:
    if gold.start < found.end and found.start < gold.end:
        return rest[0] + 1, rest[1] + (gold[:2] == found[:2])
    return -1, -1


def _counts(gold: Sequence[Timex], found: Sequence[Timex]) -> tuple[int, ...]:
    """Count gold, found, relaxed pairs, equal spans, equal types, equal values."""
    pairs = pair(gold, found)
    return (
        len(gold),
        len(found),
        len(pairs),
        sum(one[:2] == other[:2] for one, other in pairs),
        sum(one.type == other.type for one, other in pairs),
        sum(one.value == other.value for one, other in pairs),
    )


def _figures(table: Values) -> Statistic:
    def statistic(sample: npt.NDArray[np.int64]) -> Values:
        gold, found, relaxed, strict, types, values = table[sample].sum(axis=0)

        def f1(hits: float) -> float:
            return _share(2 * hits, gold + found)

        return np.array(
            [
                *(_share(strict, found), _share(strict, gold), f1(strict)),
                *(_share(relaxed, found), _share(relaxed, gold), f1(relaxed)),
                f1(relaxed) * _share(types, relaxed),
                f1(relaxed) * _share(values, relaxed),
            ]
        )

    return statistic


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _timex(piece: Mapping[str, Any], path: Path, number: int) -> Timex:
    start, end = piece.get("start"), piece.get("end")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        raise LineError(path, number, f"[{start}, {end}) is not a span.")
    return Timex(start, end, text_of(piece, "type", path, number), str(piece.get("value", "")))


def _anchor(record: Mapping[str, Any], path: Path, number: int) -> date | datetime:
    stated = text_of(record, "dct", path, number)
    try:
        return datetime.fromisoformat(stated) if "T" in stated else date.fromisoformat(stated)
    except ValueError as error:
        raise LineError(path, number, f"the field 'dct' is not an ISO 8601 time: {stated!r}.") from error
