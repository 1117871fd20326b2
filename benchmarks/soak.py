"""Many processes ask while one writes, for a given time; then one opens and closes many times.

    python benchmarks/soak.py NEWS/wire.jsonl.gz [--readers 8] [--seconds 600]

The writer indexes real articles, changes a quarter of the files, indexes again, and so on. Each reader asks over
and over and sees at each question that database and views are of one snapshot. A result is stale if its question
began more than a second after a commit that it does not have. Every second reader opens the archive anew for
every few questions, and the first asks by eight threads. Sizes are far below the usual, so that segments are
merged and put into inverted lists meanwhile. No reader may come to hold more open files and threads.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from durability import (
    HASH,
    REGIME,
    THREADS,
    Asking,
    Corpus,
    ask,
    change,
    embedder_named,
    faults,
    held,
    kill,
    lay_out,
    read_again,
    start,
    told_in,
)

from indexer.pipeline import index
from indexer.progress import Committed, Pace
from indexer.readers import ReadOptions
from search.archive import LocalArchive
from search.asking.engine import Engine
from search.settings import Settings

STALE_AFTER = 1.0
"""Seconds after a commit from which every question has to see it."""

CYCLES = 50
_ROUND_PASSAGES = 100
_QUESTIONS_AN_OPENING = 5
_MOST_MORE = 10
_PATIENCE = 300


def write_on(arguments: tuple[Path, Corpus, Path, float]) -> None:
    """Index, change and index again for so many seconds; tells `[snapshot, time]` of each commit that made one."""
    folder, corpus, told, seconds = arguments
    embedder, number, last = embedder_named(HASH), 0, 0
    until = time.monotonic() + seconds
    with told.open("ab", buffering=0) as lines, LocalArchive.create(folder, embedder.card, REGIME) as archive:

        def tell(commit: Committed) -> None:
            nonlocal last
            if commit.snapshot > last:
                lines.write(json.dumps([commit.snapshot, time.monotonic()]).encode() + b"\n")
                last = commit.snapshot

        while True:
            pace = Pace(lambda: 0.0, _ROUND_PASSAGES)
            report = index([corpus.inputs], archive, embedder, ReadOptions(), on_commit=tell, pace=pace)
            tell(Committed(report.snapshot, ()))
            if time.monotonic() > until:
                return
            change(corpus, number)
            number += 1


def soak(
    news: Path, place: Path, readers: int, seconds: float, articles: int
) -> tuple[list[str], dict[str, float]]:
    """Let readers ask while a writer writes; returns what was wrong, and figures."""
    corpus = lay_out(news, place / "inputs", articles)
    folder, told, until = place / "archive", place / "told", place / "until"
    writer = start(write_on, (folder, corpus, told, seconds))
    give_up = time.monotonic() + _PATIENCE
    while not told_in(told) and writer.is_alive() and time.monotonic() < give_up:
        time.sleep(0.01)
    asked = [place / f"asked-{number}" for number in range(readers)]
    running = [
        start(
            ask,
            Asking(
                folder,
                corpus.questions,
                path,
                until,
                an_opening=_QUESTIONS_AN_OPENING if number % 2 else None,
                threads=1 if number else THREADS,
            ),
        )
        for number, path in enumerate(asked)
    ]
    writer.join(seconds + _PATIENCE)
    until.touch()
    for reader in running:
        reader.join(_PATIENCE)
    wrong = [f"process {each.pid} ended with {each.exitcode}" for each in (writer, *running) if each.exitcode != 0]
    for each in (writer, *running):
        kill(each)
    wrong += faults(folder, [read_again(corpus)], [])
    told_lines = [told_in(path) for path in asked]
    lines = [line for of_one in told_lines for line in of_one]
    wrong += [line["error"] for line in lines if "error" in line]
    lags = list(_lags(lines, told_in(told)))
    if max(lags, default=0.0) > STALE_AFTER:
        wrong.append(f"a question did not see a commit of {max(lags):.2f} s before")
    grown = [_growth([line["held"] for line in of_one]) for of_one in told_lines]
    if max(grown, default=0) > _MOST_MORE:
        wrong.append(f"a reader came to hold {max(grown)} more files and threads")
    return wrong, {
        "commits": len(told_in(told)),
        "questions": len(lines),
        "questions that did not see a commit made before they began": len(lags),
        "most seconds since such a commit": round(max(lags, default=0.0), 3),
        "most files and threads that a reader came to hold more": max(grown, default=0),
    }


def cycles(folder: Path, questions: Iterable[str], times: int = CYCLES) -> tuple[int, int]:
    """Open, ask and close; returns how many files and threads were held before and after so many times."""
    embedder, asked = embedder_named(HASH), list(questions)

    def open_and_close(number: int) -> None:
        with LocalArchive.open(folder, REGIME) as archive:
            Engine(archive, embedder, Settings.load()).ask(asked[number % len(asked)])

    for number in range(3):
        open_and_close(number)
    before = _settled(held())
    for number in range(times):
        open_and_close(number)
    return before, _settled(before)


def _settled(wanted: int) -> int:
    """Count what is held once threads have had time to notice that they are not needed; Tantivy's take it."""
    give_up = time.monotonic() + 20
    gc.collect()
    while held() > wanted and time.monotonic() < give_up:
        time.sleep(0.1)
    return held()


def _lags(questions: Iterable[dict[str, Any]], commits: list[tuple[int, float]]) -> Iterable[float]:
    """Seconds between a commit and the beginning of each question that did not see it."""
    for question in questions:
        if "snapshot" in question:
            unseen = [at for snapshot, at in commits if snapshot > question["snapshot"] and at < question["at"]]
            if unseen:
                yield question["at"] - min(unseen)


def _growth(counts: list[int]) -> int:
    """How many more were held towards the end than towards the beginning."""
    part = max(1, len(counts) // 5)
    return max(counts[-part:], default=0) - max(counts[:part], default=0)


def main() -> None:
    """Print figures, and fail if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "news", nargs="?", type=Path, default=os.environ.get("DATELINE_NEWS"), help="articles to index"
    )
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--articles", type=int, default=400)
    arguments = parser.parse_args()
    if arguments.news is None:
        parser.error("name a file of articles, or set DATELINE_NEWS")
    with tempfile.TemporaryDirectory(prefix="dateline-soak-") as folder:
        place = Path(folder)
        wrong, figures = soak(arguments.news, place, arguments.readers, arguments.seconds, arguments.articles)
        before, after = cycles(place / "archive", ["What happened?", "Who said so?"])
    figures["files and threads before the cycles"], figures[f"after {CYCLES}"] = before, after
    if after > before + 2:
        wrong.append(f"{CYCLES} times opening and closing leaves {after - before} files and threads more")
    print("".join(f"{what}: {figure}\n" for what, figure in figures.items()), end="")
    print("\n".join([f"faults: {len(wrong)}", *wrong]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
