"""What is left of an archive when the machine is lost: files as they were synced, at any moment of a run.

    python benchmarks/fsync_order.py NEWS/wire.jsonl.gz [--moments 200] [--seed 1]

The run is traced (strace): every write, truncation, sync, rename, link and removal, in order. For a moment that
is drawn, half of them right after a commit was told, the folder is made as a disk may have it after the power
went:

- names (created, renamed, removed) are as they were, in order, as journalling file systems keep them;
- of each file's content there is what was synced, and of what was written since then nothing, or, at every second
  moment, as many of these writes as are drawn, for each file by itself.

Then the archive must be sound, have every commit that was told, and be completed by the next run. What this
shows is that nothing relies on content that was not synced. It does not show what a file system does that
reorders names, nor what a disk does that lies about having synced; writes through memory maps are not seen
(SQLite's index of its log is the only one, and is made anew after a crash).
"""

import argparse
import codecs
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from durability import Corpus, Work, answers, differences, embedder_named, faults, lay_out, told_in, write

_CALLS = (
    "openat,close,write,pwrite64,writev,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,"
    "unlink,unlinkat,link,linkat,mkdir,mkdirat,rmdir,lseek"
)
_CALL = re.compile(rb"^\d+ +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_UNFINISHED = re.compile(rb"^(\d+) +(.*) <unfinished \.\.\.>$", re.DOTALL)
_RESUMED = re.compile(rb"^(\d+) +<\.\.\. \w+ resumed>(.*)$", re.DOTALL)
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"(\.\.\.)?', re.DOTALL)
_DESCRIPTOR = re.compile(rb"^(\d+|AT_FDCWD)(?:<([^>]*)>)?")
_COMPLETED = 0.1


@dataclass(slots=True)
class File:
    """A file's content as it was synced, and what was done to it since: (offset, bytes), or a new length."""

    synced: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, changes: int) -> bytes:
        """What there is if so many of the changes since the last sync reached the disk."""
        content = bytearray(self.synced)
        for offset, written in self.since[:changes]:
            if written is None:
                content[offset:] = b"\0" * max(0, offset - len(content))
                continue
            content.extend(b"\0" * (offset - len(content)))
            content[offset : offset + len(written)] = written
        return bytes(content)

    def sync(self) -> None:
        """All of it is on the disk."""
        self.synced, self.since = self.content(len(self.since)), []

    def __len__(self) -> int:
        return len(self.content(len(self.since)))


class Disk:
    """What was done to the files below a folder, call by call."""

    def __init__(self, root: Path) -> None:
        self.files: dict[str, File] = {}
        self.folders: set[str] = set()
        self._root = str(root)
        self._open: dict[int, tuple[File, int]] = {}

    def follow(self, name: str, text: bytes, result: int) -> None:
        """Do what a system call did."""
        if result < 0:
            return
        strings = [_unescaped(match) for match in _STRING.finditer(text)]
        if name == "openat":
            self._opened(_path(text, strings[0]), text, result)
        elif name in {"rename", "renameat", "renameat2", "link", "linkat"}:
            self._named(name.startswith("rename"), *_two_paths(text, strings))
        elif name in {"unlink", "unlinkat", "rmdir"}:
            path = _path(text, strings[0])
            self.files.pop(path, None)
            self.folders.discard(path)
        elif name in {"mkdir", "mkdirat"} and self._inside(path := _path(text, strings[0])):
            self.folders.add(path)
        elif (found := _DESCRIPTOR.match(text)) and found[1].isdigit() and int(found[1]) in self._open:
            self._changed(name, int(found[1]), text, b"".join(strings), result)

    def lay_out(self, folder: Path, generator: random.Random | None) -> None:
        """Make the folder as it may be found: without unsynced changes, or with as many as are drawn."""
        folder.mkdir(parents=True)
        for path in sorted(self.folders):
            (folder / Path(path).relative_to(self._root)).mkdir(parents=True, exist_ok=True)
        for path, file in self.files.items():
            changes = generator.randint(0, len(file.since)) if generator else 0
            (folder / Path(path).relative_to(self._root)).write_bytes(file.content(changes))

    def _opened(self, path: str, text: bytes, descriptor: int) -> None:
        self._open.pop(descriptor, None)
        if not self._inside(path) or b"O_DIRECTORY" in text or path in self.folders or path == self._root:
            return
        file = self.files.setdefault(path, File())
        if b"O_TRUNC" in text and len(file):
            file.since.append((0, None))
        self._open[descriptor] = file, len(file) if b"O_APPEND" in text else 0

    def _named(self, moved: bool, old: str, new: str) -> None:  # noqa: FBT001
        for path in [path for path in self.files if path == old or path.startswith(f"{old}/")]:
            if self._inside(target := new + path[len(old) :]):
                self.files[target] = self.files[path]
            if moved:
                del self.files[path]

    def _changed(self, name: str, descriptor: int, text: bytes, written: bytes, result: int) -> None:
        file, place = self._open[descriptor]
        if name == "close":
            del self._open[descriptor]
        elif name in {"fsync", "fdatasync"}:
            file.sync()
        elif name == "lseek":
            self._open[descriptor] = file, result
        elif name == "ftruncate":
            file.since.append((int(text.rsplit(b",", 1)[1]), None))
        elif name in {"pwrite64", "pwritev"}:
            file.since.append((int(text.rsplit(b",", 1)[1]), written[:result]))
        elif name in {"write", "writev"}:
            file.since.append((place, written[:result]))
            self._open[descriptor] = file, place + result

    def _inside(self, path: str) -> bool:
        return path == self._root or path.startswith(f"{self._root}/")


def calls(log: Path) -> Iterator[tuple[str, bytes, int]]:
    """Read the calls of a trace, each when it returned: name, arguments, result."""
    waiting: dict[bytes, bytes] = {}
    for line in log.read_bytes().split(b"\n"):
        if begun := _UNFINISHED.match(line):
            waiting[begun[1]] = begun[2]
            continue
        if resumed := _RESUMED.match(line):
            line = resumed[1] + b" " + waiting.pop(resumed[1], b"") + resumed[2]  # noqa: PLW2901
        if call := _CALL.match(line):
            yield call[1].decode(), call[2], int(call[3])


def trace(work: Work, log: Path) -> None:
    """Index in another process, and write down what it asks of the system."""
    command = ["strace", "-f", "-y", "-s", str(2**24), "-e", f"trace={_CALLS}", "-o", str(log), sys.executable]
    arguments = ["--trace", str(work.folder), str(work.inputs), str(work.told)]
    subprocess.run([*command, __file__, *arguments], check=True, stderr=subprocess.DEVNULL)  # noqa: S603


def replay(
    news: Path, place: Path, moments: int, generator: random.Random, articles: int
) -> tuple[list[str], str]:
    """Trace a run, and judge what is left of it at so many moments; returns what is wrong, and what was done."""
    place.mkdir(parents=True)
    corpus = lay_out(news, place / "inputs", articles)
    work = Work(place / "archive", corpus.inputs, place / "told")
    trace(work, place / "trace")
    everything = list(calls(place / "trace"))
    telling = str(work.told).encode()
    after_told = [
        number for number, (name, text, _) in enumerate(everything) if name == "write" and telling in text
    ]
    drawn = sorted(
        generator.choice(after_told) if generator.random() < 0.5 else generator.randrange(len(everything))  # noqa: PLR2004
        for _ in range(moments)
    )
    disk, told = Disk(work.folder), Disk(work.told)
    wrong: list[str] = []
    number = completed = 0
    for moment, (name, text, result) in enumerate(everything):
        disk.follow(name, text, result)
        told.follow(name, text, result)
        while number < len(drawn) and drawn[number] == moment:
            left = place / "left"
            shutil.rmtree(left, ignore_errors=True)
            disk.lay_out(left / "archive", generator if number % 2 else None)
            lines = told.files[str(work.told)].content(10**9) if str(work.told) in told.files else b""
            (left / "told").write_bytes(lines)
            complete = generator.random() < _COMPLETED
            found = _judge(left, corpus, work.folder, complete=complete)
            completed += complete
            wrong += [f"machine lost at call {moment} ({name}): {problem}" for problem in found]
            number += 1
    syncs = sum(name in {"fsync", "fdatasync"} for name, _, _ in everything)
    done = (
        f"machine lost at {number} moments of {len(everything)} calls ({syncs} syncs), {completed} runs completed"
    )
    return wrong, done


def _judge(left: Path, corpus: Corpus, whole: Path, *, complete: bool) -> list[str]:
    lines = told_in(left / "told")
    committed = any(isinstance(line[0], int) for line in lines)
    found = faults(left / "archive", [corpus], lines) if committed else []
    if complete or not committed:  # an archive whose making was not told may be there or not, but can be made
        write(Work(left / "archive", corpus.inputs, left / "told-after"))
        found += faults(left / "archive", [corpus], lines)
    if complete:
        embedder = embedder_named("hash")
        pairs = zip(
            *(answers(each, corpus.questions, embedder) for each in (left / "archive", whole)), strict=True
        )
        found += [difference for ours, theirs in pairs for difference in differences(ours, theirs)]
    return found


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[2]:
        raise ValueError("the trace has not all that was written")
    return codecs.escape_decode(match[1])[0]


def _path(text: bytes, name: bytes) -> str:
    """A path of a call that may be relative to a folder that is open."""
    folder = _DESCRIPTOR.match(text)
    start = folder[2].decode() if folder and folder[2] else ""
    return str(Path(start) / name.decode())


def _two_paths(text: bytes, names: list[bytes]) -> tuple[str, str]:
    old, new = names
    second = (
        text.split(b", ", 2)[2] if text.startswith((b"AT_FDCWD", *(b"%d" % digit for digit in range(10)))) else b""
    )
    return _path(text, old), _path(second, new)


def main() -> None:
    """Print what was done, and fail if anything was wrong."""
    if sys.argv[1:2] == ["--trace"]:
        folder, inputs, told = map(Path, sys.argv[2:])
        write(Work(folder, inputs, told))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("news", type=Path)
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)  # noqa: S311 - to be repeated, not a secret
    with tempfile.TemporaryDirectory(prefix="dateline-fsync-") as scratch:
        wrong, done = replay(
            arguments.news, Path(scratch) / "run", arguments.moments, generator, arguments.articles
        )
    print(done)
    print("\n".join([f"faults: {len(wrong)}", *(problem[:1000] for problem in wrong)]))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
