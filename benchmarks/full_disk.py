"""Index onto a disk that becomes full, make room, and go on.

    python benchmarks/full_disk.py NEWS/wire.jsonl.gz [--rounds 3] [--seed 1]

As root the archive is on a tmpfs of its own, whose size is drawn: a real ENOSPC, for the database, its log, the
views and everything else at once. Else files are kept from growing beyond a size that is drawn (RLIMIT_FSIZE):
EFBIG, which meets one file at a time. The run must end with an error that names the disk, what it told to be
stored must be there, questions must be answered on the full disk as before, and once there is room the next run
must complete the archive.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from durability import Work, answers, differences, embedder_named, faults, lay_out, start, told_in, write

from search.errors import ArchiveDiskError

_ROOMY = 512 * 1024 * 1024
_SHARES = (0.3, 1.0)


def fill(news: Path, place: Path, generator: random.Random, articles: int) -> tuple[list[str], str]:
    """Fill a disk once; returns what was wrong, and a line that tells what happened."""
    place.mkdir(parents=True)
    corpus = lay_out(news, place / "inputs", articles)
    whole = place / "whole"
    write(Work(whole, corpus.inputs, place / "told-whole"))
    share = generator.uniform(*_SHARES)
    told = place / "told"
    with _small_disk(place / "disk", whole, share) as (folder, limit, make_room, how):
        writer = start(_write_to_the_end, (Work(folder, corpus.inputs, told), limit, place / "ended"))
        writer.join()
        ended = (place / "ended").read_text(encoding="utf-8")
        lines = told_in(told)
        wrong = [] if ended.startswith(ArchiveDiskError.__name__) else [f"the run ended so: {ended}"]
        if str(folder) not in ended:
            wrong.append(f"the error does not name the archive: {ended}")
        commits = sum(isinstance(line[0], int) for line in lines)
        if commits:  # it can be asked while the disk is still full
            wrong += faults(folder, [corpus], lines)
        make_room()
        write(Work(folder, corpus.inputs, place / "told-after"))
        wrong += faults(folder, [corpus], lines)
        embedder = embedder_named("hash")
        pairs = zip(*(answers(each, corpus.questions, embedder) for each in (folder, whole)), strict=True)
        wrong += [difference for ours, theirs in pairs for difference in differences(ours, theirs)]
    return [
        f"full disk: {problem}" for problem in wrong
    ], f"full disk ({how}): stopped after {commits} commits: {ended}"


def _write_to_the_end(arguments: tuple[Work, int | None, Path]) -> None:
    """Index; write down how it ended, to a place that has room."""
    work, limit, ended = arguments
    told = "done"
    if limit is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write(work)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        told = f"{type(error).__name__}: {error}"
    ended.write_text(told, encoding="utf-8")


@contextmanager
def _small_disk(
    place: Path, whole: Path, share: float
) -> Iterator[tuple[Path, int | None, Callable[[], object], str]]:
    """A folder for an archive that has not room for all of it, the limit of each file, and how to make room."""
    place.mkdir()
    sizes = [path.stat().st_size for path in whole.rglob("*") if path.is_file()]
    size = int(share * sum(sizes))
    if _mount(place, f"size={size}"):
        try:
            how = f"tmpfs of {size / 1e6:.1f} MB"
            yield place / "archive", None, lambda: _mount(place, f"remount,size={_ROOMY}"), how
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)  # noqa: S603, S607
    else:
        limit = int(share * max(sizes))
        yield place / "archive", limit, lambda: None, f"files of at most {limit / 1e6:.1f} MB"


def _mount(place: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "dateline-crash", str(place)]
    return os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def main() -> None:
    """Print how each round ended, and fail if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)  # noqa: S311 - to be repeated, not a secret
    wrong: list[str] = []
    with tempfile.TemporaryDirectory(prefix="dateline-disk-") as folder:
        for number in range(arguments.rounds):
            found, told = fill(arguments.news, Path(folder) / str(number), generator, arguments.articles)
            wrong += found
            print(told)
    print("\n".join([f"faults: {len(wrong)}", *wrong]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
