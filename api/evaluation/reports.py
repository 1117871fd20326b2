"""Reports of evaluations, for people and for programs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.evaluation.confidence import Bin, Estimate, as_dicts
from search.asking.retrieval import Method

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

Figures = Mapping[str, Estimate]
"""Estimates by the name of the measure."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, of what.

    Attributes:
        name: Of the evaluation set.
        questions: How many were asked.
        unanswerable: How many of them the articles do not answer.
        articles: How many the archive holds.
        passages: How many they were cut into.
        empty_articles: Articles of the set without text, which cannot be found.
        model: Name of the embedding model.
        fingerprint: Of that model.
    """

    name: str
    questions: int
    unanswerable: int
    articles: int
    passages: int
    empty_articles: int
    model: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """How well the articles that answer are ranked.

    Attributes:
        asked: What was asked.
        questions: Answerable questions with a relevant article; the others are left out.
        methods: Figures of each way to rank.
        differences: Figures of the fused ranking minus those of another, by that other's method.
    """

    asked: Asked
    questions: int
    methods: Mapping[Method, Figures]
    differences: Mapping[Method, Figures]

    def as_dict(self) -> dict[str, Any]:
        """Give the report in a form that JSON can hold."""
        return {
            **_asked(self.asked),
            "judged_questions": self.questions,
            "methods": {method.value: _figures(found) for method, found in self.methods.items()},
            "fused_minus": {method.value: _figures(found) for method, found in self.differences.items()},
        }

    def render(self, console: "Console") -> None:
        """Print the report as a table."""
        title = f"{self.asked.name}: {self.questions} questions, {_archive(self.asked)}"
        rows = {method.value: found for method, found in self.methods.items()}
        rows |= {f"fused - {method.value}": found for method, found in self.differences.items()}
        console.print(_by_method(title, rows))


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Figures of the answers to some questions.

    Attributes:
        questions: How many there are.
        unanswerable: How many of them have no answer.
        figures: By measure.
        short: Of short answers, by measure; empty where no question is answerable.
        sureness: Of tiers and calibration, by measure.
        reliability: Probability given and share right, in bins of equal mass.
    """

    questions: int
    unanswerable: int
    figures: Figures
    short: Figures
    sureness: Figures
    reliability: Sequence[Bin]

    def as_dict(self) -> dict[str, Any]:
        """Give the figures in a form that JSON can hold."""
        return {
            "questions": self.questions,
            "unanswerable": self.unanswerable,
            "measures": _figures(self.figures),
            "short_answers": _figures(self.short),
            "sureness": _figures(self.sureness),
            "reliability": as_dicts(self.reliability),
        }


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """How well questions are answered.

    Attributes:
        asked: What was asked.
        overall: Figures over all questions.
        kinds: Figures by the kind of question; empty when all are of one kind.
    """

    asked: Asked
    overall: AnswerFigures
    kinds: Mapping[str, AnswerFigures]

    def as_dict(self) -> dict[str, Any]:
        """Give the report in a form that JSON can hold."""
        return {
            **_asked(self.asked),
            "answers": self.overall.as_dict(),
            "by_type": {kind: found.as_dict() for kind, found in self.kinds.items()},
        }

    def render(self, console: "Console") -> None:
        """Print the report as tables."""
        title = f"{self.asked.name}: {self.asked.questions} questions, {_archive(self.asked)}"
        console.print(by_measure(title, "answers", self.overall.figures))
        if self.overall.short:
            console.print(by_measure("short answers, over answerable questions", "value", self.overall.short))
        console.print(by_measure("how sure", "value", self.overall.sureness))
        console.print(_reliability(self.overall.reliability))
        if self.kinds:
            console.print(_by_kind({**self.kinds, "all": self.overall}))


def _reliability(bins: Sequence[Bin]) -> "Table":
    from rich.table import Table

    table = Table(title="reliability, in bins of equal mass", title_justify="left")
    for name in ("questions", "mean probability", "right"):
        table.add_column(name, justify="right")
    for one in bins:
        table.add_row(str(one.questions), f"{one.probability:.3f}", f"{one.right:.3f}")
    return table


_SHOWN_BY_KIND = ("article@5", "evidence@1", "evidence@3", "answer@1", "refusal recall", "AUROC")
_SHORT_BY_KIND = "best token F1"


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "set": asked.name,
        "questions": asked.questions,
        "unanswerable": asked.unanswerable,
        "articles": asked.articles,
        "passages": asked.passages,
        "empty_articles": asked.empty_articles,
        "model": asked.model,
        "fingerprint": asked.fingerprint,
    }


def _archive(asked: Asked) -> str:
    return f"{asked.articles} articles in {asked.passages} passages"


def _figures(figures: Figures) -> dict[str, dict[str, float | None]]:
    return {name: found.as_dict() for name, found in figures.items()}


def _by_kind(groups: Mapping[str, AnswerFigures]) -> "Table":
    """A table with a row for each kind of question, values only: the kinds are small."""
    from rich.table import Table

    table = Table(title="by type of question", title_justify="left")
    table.add_column("type")
    for name in ("questions", "unanswerable", *_SHOWN_BY_KIND, _SHORT_BY_KIND):
        table.add_column(name, justify="right")
    for kind, found in groups.items():
        values = [found.figures[name].value for name in _SHOWN_BY_KIND]
        values.append(found.short[_SHORT_BY_KIND].value if found.short else math.nan)
        shown = ("-" if math.isnan(value) else f"{value:.3f}" for value in values)
        table.add_row(kind, str(found.questions), str(found.unanswerable), *shown)
    return table


def _by_method(title: str, rows: Mapping[str, Figures]) -> "Table":
    """A table with a row for each ranking and a column for each measure."""
    table = _titled(title)
    table.add_column("ranking")
    for measure in next(iter(rows.values())):
        table.add_column(measure, justify="right")
    for name, figures in rows.items():
        table.add_row(name, *map(str, figures.values()))
    return table


def by_measure(title: str, measured: str, figures: Figures) -> "Table":
    """A table with a row for each measure of what is `measured`."""
    table = _titled(title)
    table.add_column("measure")
    table.add_column(measured, justify="right")
    for measure, found in figures.items():
        table.add_row(measure, str(found))
    return table


def _titled(title: str) -> "Table":
    from rich.table import Table

    return Table(title=title, title_justify="left", caption="value [95% interval]", caption_justify="left")
