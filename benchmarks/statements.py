"""How well standing and speaker of sentences are read, against labels set by hand.

    python benchmarks/statements.py NEWS/wire.jsonl.gz NEWS/bbc.jsonl.gz POLNEAR/train.jsonl.gz

The labels lie beside this file (`statements.jsonl`): 248 of the newswire, half of them drawn at random and half
by loose cues, then 84 each of the newswire, the BBC and PolNeAR, drawn at random. The rules were made on the odd
lines, and later on every second even one, too; the lines that four divides are held out. A speaker is named right
when the names are equal, letter case aside. Intervals are 95%, bootstrapped.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from draw_statements import articles_of

from api.evaluation.confidence import estimate
from search.statements import Standing, Statement, read_statements

_HELD_OUT = 4
_LABELS = Path(__file__).with_name("statements.jsonl")


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled sentence and what was read in it.

    Attributes:
        line: Its line in the file of labels, from 1.
        drawn: "random" or "cued".
        standing: By hand.
        speaker: By hand.
        read: By the rules.
    """

    line: int
    drawn: str
    standing: str
    speaker: str | None
    read: Statement

    @property
    def name(self) -> str | None:
        """The speaker's name by the rules."""
        return self.read.speaker.name if self.read.speaker else None

    @property
    def named_right(self) -> bool:
        """Whether both have no speaker, or the same."""
        return (self.name or "").casefold() == (self.speaker or "").casefold()


def judge(paths: Sequence[Path]) -> tuple[list[Judged], float]:
    """Read the articles of the labels that the files have; also tells the milliseconds that an article took."""
    lines = enumerate(map(json.loads, _LABELS.read_text(encoding="utf-8").splitlines()), start=1)
    bodies = {article.id: article.body for path in paths for article in articles_of(path)}
    labels = [(line, label) for line, label in lines if label["article"] in bodies]
    wanted = {label["article"] for _, label in labels}
    read_statements("Load what is loaded once.")
    began = time.process_time()
    read = {article: {one.start: one for one in read_statements(bodies[article])} for article in wanted}
    cost = 1000 * (time.process_time() - began) / len(wanted)
    judged = [
        Judged(line, label["drawn"], label["standing"], label["speaker"], read[label["article"]][label["start"]])
        for line, label in labels
    ]
    return judged, cost


def report(name: str, judged: Sequence[Judged]) -> None:
    """Print the figures of a part of the sentences."""
    print(f"\n{name}: {len(judged)} sentences")
    right = [one.read.standing == one.standing for one in judged]
    _print("standing: accuracy", right)
    _print("  all asserted (baseline)", [one.standing == Standing.ASSERTED for one in judged])
    for standing in Standing:
        told = [one.standing for one in judged if one.read.standing == standing]
        there = [one.read.standing for one in judged if one.standing == standing]
        hits = sum(label == standing for label in told)
        print(f"  {standing:12} precision {_share(hits, len(told))}, recall {_share(hits, len(there))}")
    _print("speaker: right, or rightly none", [one.named_right for one in judged])
    _print("  there is one: precision", [one.speaker is not None for one in judged if one.name])
    _print("  there is one: recall", [one.name is not None for one in judged if one.speaker])
    _print("  named right, of those labelled", [one.named_right for one in judged if one.speaker])
    _print("  named right, of those read", [one.named_right for one in judged if one.name])


def _print(name: str, outcomes: Sequence[bool]) -> None:
    rows = np.array(outcomes, dtype=np.float64)
    found = estimate(["share"], lambda sample: rows[sample].mean(keepdims=True), len(rows))["share"]
    print(f"{name:36} {found} ({sum(outcomes)}/{len(outcomes)})")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f} ({part}/{whole})" if whole else f"- ({part}/{whole})"


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="+", metavar="ARTICLES")
    parser.add_argument("--misses", action="store_true", help="List what was read wrong on lines that were seen.")
    arguments = parser.parse_args()
    judged, cost = judge(arguments.articles)
    parts: dict[str, Callable[[Judged], bool]] = {
        "odd lines (seen)": lambda one: one.line % 2 == 1,
        "even lines that four does not divide (seen later)": lambda one: one.line % _HELD_OUT == 2,  # noqa: PLR2004
        "lines that four divides (held out)": lambda one: one.line % _HELD_OUT == 0,
        "held out, drawn at random": lambda one: one.line % _HELD_OUT == 0 and one.drawn == "random",
        "held out, drawn by cues": lambda one: one.line % _HELD_OUT == 0 and one.drawn == "cued",
    }
    for name, belongs in parts.items():
        report(name, [one for one in judged if belongs(one)])
    print(f"\n{cost:.2f} ms an article, sentences included")
    for one in judged if arguments.misses else ():
        if one.line % _HELD_OUT and not (one.named_right and one.read.standing == one.standing):
            print(f"{one.line}: {one.standing} {one.speaker} <> {one.read.standing} {one.read.speaker}")


if __name__ == "__main__":
    main()
