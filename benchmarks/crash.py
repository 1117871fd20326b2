"""Kill the process that indexes, at random moments, over and over; see that nothing is lost, doubled or mixed.

    python benchmarks/crash.py NEWS/wire.jsonl.gz [--rounds 200] [--seed 1] [--real-rounds 10]

In each round a process indexes real articles until it is killed (SIGKILL) at a moment that is drawn: some time
after it began, some time after a commit, when a commit is about to be published, or when passages are put into
inverted lists (at sizes far below the usual). Meanwhile another process asks
by eight threads, sees that database and views are of one snapshot at each question, and is now and then killed
too. After each round the archive must be sound (search.archive.care.checks), hold every article that was told to
be committed once, with a body that it had, and the reader must have met no error. When all is indexed the answers
must be those of an archive that was made in one go; then the files change and are indexed again, and after three
changes another archive begins.

Then come rounds on a full disk (full_disk.py) and one that replays what was synced (fsync_order.py). What is drawn
follows from the seed; where exactly a process is when it is killed depends on the machine, too.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import fsync_order
import full_disk
from durability import (
    HASH,
    REAL,
    THREADS,
    Asking,
    Work,
    answers,
    ask,
    change,
    differences,
    embedder_named,
    faults,
    kill,
    lay_out,
    start,
    told_in,
    write,
)

_CHANGES = 3
_MOST_SECONDS = 300
_MOMENTS = ("time", "commit", "publish", "publish", "merge")
_KILL_READER = 0.25


class Life:
    """One archive, from its first article to its last change, under crashes."""

    def __init__(self, place: Path, news: Path, articles: int, embedder: str) -> None:
        self.folder = place / "archive"
        self.corpora = [lay_out(news, place / "inputs", articles)]
        self.told: list[Any] = []
        self.met: Counter[str] = Counter()
        self.embedder = embedder
        self._place = place
        self._reader: Any = None
        self._until = place / "until"
        self._asked = place / "asked"
        self._rounds = 0

    def round(self, generator: random.Random) -> tuple[list[str], bool]:
        """Index until killed; returns what is wrong, and whether all was indexed before the kill."""
        self._rounds += 1
        told = self._place / f"told-{self._rounds}"
        writer = start(write, Work(self.folder, self.corpora[-1].inputs, told, self.embedder))
        # There is nothing to ask before the first writer has made the archive.
        _wait(lambda: bool(told_in(told)) or not writer.is_alive())
        if self._reader is None or not self._reader.is_alive():
            asking = Asking(
                self.folder, self.corpora[0].questions, self._asked, self._until, self.embedder, threads=THREADS
            )
            self._reader = start(ask, asking)
        self._await_moment(generator, told, writer)
        victims = [writer] + ([self._reader] if generator.random() < _KILL_READER else [])
        for victim in generator.sample(victims, len(victims)):
            kill(victim)
        lines = told_in(told)
        self.told += lines
        done = bool(lines) and lines[-1][0] == "done"
        self._count(lines, done=done)
        wrong = faults(self.folder, self.corpora, self.told)
        wrong += [line["error"] for line in told_in(self._asked) if "error" in line]
        if not done and writer.exitcode != -signal.SIGKILL:
            wrong.append(f"the writer ended by itself with {writer.exitcode}")
        return wrong, done

    def compare(self) -> list[str]:
        """Compare with an archive of the same files that was made in one go."""
        reference = self._place / "reference"
        shutil.rmtree(reference, ignore_errors=True)
        told = self._place / "told-reference"
        told.unlink(missing_ok=True)
        corpus = self.corpora[-1]
        write(Work(reference, corpus.inputs, told, self.embedder, passages=4_096))
        embedder = embedder_named(self.embedder)
        wrong = []
        pairs = zip(
            corpus.questions,
            answers(self.folder, corpus.questions, embedder),
            answers(reference, corpus.questions, embedder),
            strict=True,
        )
        for question, ours, theirs in pairs:
            self.met["answers compared"] += 1
            wrong += [f"{question!r}: {difference}" for difference in differences(ours, theirs, self.embedder)]
        wrong += faults(self.folder, [corpus], [])
        return wrong

    def change(self, number: int) -> None:
        """Change the files."""
        self.corpora.append(change(self.corpora[-1], number))

    def end(self) -> int:
        """Let the reader end; returns how many questions it asked."""
        self._until.touch()
        if self._reader is not None:
            self._reader.join(_MOST_SECONDS)
            kill(self._reader)
        return len(told_in(self._asked))

    def _await_moment(self, generator: random.Random, told: Path, writer: Any) -> None:
        kind = generator.choice(_MOMENTS)
        commits, seconds = generator.randint(1, 3), generator.random()
        if kind == "commit":
            _wait(lambda: len(told_in(told)) > commits or not writer.is_alive())
            time.sleep(seconds * 0.3)
        elif kind == "publish":
            _wait(lambda: len(told_in(told)) >= commits or not writer.is_alive())
            views = self.folder / "views"
            _wait(lambda: bool(list(views.glob("*.json.tmp"))) or not writer.is_alive(), poll=0)
            time.sleep(seconds * 0.01)
        elif kind == "merge":
            merging = self.folder / "merging"
            _wait(lambda: merging.exists() or not writer.is_alive(), poll=0)
            time.sleep(seconds * 0.05)
        else:
            time.sleep(seconds * 1.5)

    def _count(self, lines: list[Any], *, done: bool) -> None:
        """Count what the kill left behind, before anybody mends it."""
        self.met["rounds"] += 1
        self.met["commits told"] += sum(isinstance(line[0], int) for line in lines)
        self.met["runs that ended before the kill"] += done
        views = self.folder / "views"
        self.met["kills with views unfinished"] += len([path for path in views.glob("*") if path.is_dir()]) > 1
        self.met["kills in a merge"] += (self.folder / "merging").exists()
        behind = not done and _snapshot(self.folder) != _published(self.folder)
        self.met["kills between commit and publication"] += behind


def _snapshot(folder: Path) -> int:
    path = (folder / "archive.sqlite").absolute()
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT value FROM manifest WHERE name = 'snapshot'").fetchone()[0])


def _published(folder: Path) -> int:
    try:
        return int(json.loads((folder / "views.json").read_text(encoding="utf-8"))["stamp"]["snapshot"])
    except FileNotFoundError:
        return -1


def _wait(ready: Callable[[], bool], poll: float = 0.005) -> None:
    give_up = time.monotonic() + _MOST_SECONDS
    while not ready():
        if time.monotonic() > give_up:
            raise TimeoutError(f"nothing happened for {_MOST_SECONDS} s")
        time.sleep(poll)


def crash(
    news: Path, place: Path, rounds: int, generator: random.Random, articles: int, embedder: str
) -> tuple[list[str], Counter[str]]:
    """Crash for so many rounds; returns what was wrong, and what was met."""
    wrong: list[str] = []
    met: Counter[str] = Counter()
    life, number, changes = Life(place / "life-0", news, articles, embedder), 0, 0
    for round_ in range(rounds):
        found, done = life.round(generator)
        if done:
            found += life.compare()
            if changes < _CHANGES:
                life.change(changes)
                changes += 1
            else:
                met.update(life.met)
                met["questions asked meanwhile"] += life.end()
                number, changes = number + 1, 0
                shutil.rmtree(place / f"life-{number - 1}")
                life = Life(place / f"life-{number}", news, articles, embedder)
        wrong += [f"round {round_ + 1}: {problem}" for problem in found]
        print(f"\r{round_ + 1} of {rounds} rounds, {len(wrong)} faults", end="", file=sys.stderr, flush=True)
        if wrong:
            break
    print(file=sys.stderr)
    if life.met["rounds"] and not wrong:
        wrong += _finish(life)
    met.update(life.met)
    met["questions asked meanwhile"] += life.end()
    met["archives"] += number + 1
    return wrong, met


def _finish(life: Life) -> list[str]:
    """Let the last run end, and compare."""
    write(Work(life.folder, life.corpora[-1].inputs, life.folder.parent / "told-last", life.embedder))
    return life.compare()


def main() -> None:
    """Print what was met, and fail if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "news", nargs="?", type=Path, default=os.environ.get("DATELINE_NEWS"), help="articles to index"
    )
    parser.add_argument("--rounds", type=int, default=200, help="rounds with the embedder that needs no model")
    parser.add_argument("--real-rounds", type=int, default=0, help="rounds with the configured model, beside")
    parser.add_argument("--disk-rounds", type=int, default=3, help="rounds on a full disk")
    parser.add_argument("--moments", type=int, default=100, help="moments at which the machine is lost")
    parser.add_argument("--articles", type=int, default=400, help="articles of each archive")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.news is None:
        parser.error("name a file of articles, or set DATELINE_NEWS")
    generator = random.Random(arguments.seed)  # noqa: S311 - to be repeated, not a secret
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="dateline-crash-") as folder:
        place = Path(folder)
        for embedder, rounds in ((HASH, arguments.rounds), (REAL, arguments.real_rounds)):
            if rounds and not wrong:
                articles = arguments.articles if embedder == HASH else arguments.articles // 4
                began = time.monotonic()
                found, met = crash(arguments.news, place / embedder, rounds, generator, articles, embedder)
                wrong += found
                print(f"{embedder} embedder, {time.monotonic() - began:.0f} s:")
                print("".join(f"  {what}: {count}\n" for what, count in met.items()), end="")
        for number in range(arguments.disk_rounds):
            found, told = full_disk.fill(
                arguments.news, place / f"disk-{number}", generator, arguments.articles // 2
            )
            wrong += found
            print(told)
        if arguments.moments and shutil.which("strace") is None:
            print("the machine was not lost: there is no strace to trace a run with")
        elif arguments.moments:
            articles = max(1, arguments.articles // 8)
            found, told = fsync_order.replay(
                arguments.news, place / "lost", arguments.moments, generator, articles
            )
            wrong += found
            print(told)
    print(f"faults: {len(wrong)}")
    for problem in wrong:
        print(f"  {problem[:2000]}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
