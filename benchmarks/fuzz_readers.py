"""Fuzz the readers: every reader on mutations of real files, each input bounded in time and memory.

    python benchmarks/fuzz_readers.py [--rounds 2000] [--seed 0] [--reader HTML] [--news NEWS]
    python benchmarks/fuzz_readers.py --reader HTML --seed 0 --only 1234 [--keep FILE]

Samples are the files of `corpus/` and, where `--news` or DATELINE_NEWS names a folder, those of its `pages`,
`wire-formats` and `warc`; each reader takes those that it recognises. Input number `n` depends on the seed, the
reader and `n` alone (and on the samples), so that `--only n` makes it again and `--keep` writes it to a file.

An input is right if the reader yields articles, withdrawals and reasons, or raises InputError; if every article
is canonical, can be stored, and its passages satisfy the offset invariant; and if all of that takes less than
`--timeout` seconds of the processor and `--memory` MiB. Readers run in a process of their own that is ended when
it takes longer, and started again behind the input that did.
"""

import argparse
import gzip
import html
import math
import os
import random
import re
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sample_documents import sample_documents

from indexer.canonical import canonical_body
from indexer.dossier import read_article_statements, split, tag_article
from indexer.families import likeness
from indexer.readers import READERS, InputFile, ReadOptions
from indexer.readers.content import Content
from indexer.readers.contract import Reader
from search.article import Article
from search.errors import InputError

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
_NEWS_FOLDERS = ("pages", "wire-formats", "warc")
_MAX_SAMPLE_BYTES = 200_000
_MAX_INPUT_BYTES = 2_000_000
_PASSAGE_WORDS = 100
_PATIENCE = 12  # times the timeout, by the clock on the wall: others may keep the machine busy
_TOKENS = (
    b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x01", b"\x02", b"\x03", b"\x1a", b"\r", b"\n\n",
    b"\xed\xa0\x80",
    b"\\ud800", b'"\\udfff"', b"&#0;", b"&#xD800;", b"&#99999999999;", b"&nbsp;", b"<!ENTITY a 'b'>",
    b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"?>", b"<script>",
    b"</p>", b"<p>", b"<svg>", b"<table><tr>", b"---\n", b"```\n", b"~~~\n", b"> > > > ", b"{", b"}", b"[", b"]",
    b'"', b"'", b",", b"null", b"true", b"-1", b"1e999", b"NaN", b"-Infinity", b"9" * 5000, b"0x" + b"f" * 5000,
    b"9999-99-99", b"0000-00-00T99:99:99Z", b"10000-01-01", b"1969-12-31T23:59:60-99:99",
    b"!!python/object:os.system",
    b"&a [*a]", b"WARC/1.0\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999\r\n", b"\r\n\r\n",
    b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n", b"charset=utf-16", b"charset=nonsense",
    b"\xe2\x80\x8d", b"\xe2\x80\xae", b"\xcc\x81", b"\xf0\x9f\x87\xac", b"\xf4\x8f\xbf\xbf", b"\x1f\x8b\x08",
)  # fmt: skip
_MANY = (
    b"[", b"{", b"(", b"<", b"<div>", b"<b>", b"<p>", b"<?", b"<!--", b"<meta ", b'{"a":', b"> ", b"*", b"_",
    b"`", b"[a](", b"![", b"\n", b" ", b"\t", b"\r", b"-", b"#", b"|", b"\\", b"&", b'"', b"\xcc\x81",
    b"\xe2\x80\x8d", b".", b"By A. ", b"1.", b"x\n\n", b",", b"\xc2\xa0", b"a", b"\xe4\xb8\xad", b"<a href=",
)  # fmt: skip

_ELEMENT = re.compile(rb"<([\w:.-]++)[^<>]*+>[^<>]*+</\1>")


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with an input."""

    number: int
    what: str


Fuzzed = tuple[list[Failure], Counter[str], tuple[float, int], float]
"""Failures, outcomes, the slowest input (seconds, number), seconds in all."""


def main() -> None:
    """Fuzz, and print each failure with what makes it again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2000, help="inputs for each reader")
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--reader", help="only this one, by its name")
    parser.add_argument("--news", type=Path, default=os.environ.get("DATELINE_NEWS"))
    parser.add_argument("--timeout", type=float, default=10.0, help="seconds of the processor for one input")
    parser.add_argument("--memory", type=int, default=1024, help="MiB for the process that reads")
    parser.add_argument("--only", type=int, help="read this one input, here, and show the traceback")
    parser.add_argument("--keep", type=Path, help="with --only: write the input to this file")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    readers = [reader for reader in READERS if given.reader in (None, reader.name)]
    if not readers:
        parser.error(f"there is no reader {given.reader!r}: {', '.join(reader.name for reader in READERS)}")
    if given.work:
        work(readers[0], given)
        return
    samples = sample_files(given.news)
    if given.only is not None:
        (reader,) = readers
        content, origin = make_input(reader, samples_of(reader, samples), given.seed, given.only)
        (given.keep or Path(os.devnull)).write_bytes(content)
        print(f"{reader.name} #{given.only}: {len(content):,} bytes from {origin}")
        print(check(reader, content, origin, verbose=True) or "no failure")
        return
    print(f"{len(samples)} samples, seed {given.seed}, {given.rounds} inputs a reader", flush=True)
    failed = sum(report(reader, fuzz(reader, given), given) for reader in readers)
    sys.exit(1 if failed else 0)


def report(reader: Reader, done: Fuzzed, given: argparse.Namespace) -> int:
    """Print what came of a reader; the number of failures."""
    failures, outcomes, (slowest, where), seconds = done
    counts = ", ".join(f"{count:,} {name}" for name, count in outcomes.most_common())
    print(
        f"{reader.name}: {counts}; slowest #{where} {slowest:.2f} s; {seconds:.0f} s; {len(failures)} failures",
        flush=True,
    )
    kinds: dict[str, list[int]] = {}
    for failure in failures:
        kinds.setdefault(failure.what, []).append(failure.number)
    for what, numbers in kinds.items():
        again = f"--reader '{reader.name}' --seed {given.seed} --only {numbers[0]}"
        print(f"    {len(numbers)} x {what}\n        {again}", flush=True)
    return len(failures)


def fuzz(reader: Reader, given: argparse.Namespace) -> Fuzzed:
    """Let processes of their own read the inputs."""
    began = time.perf_counter()
    failures: list[Failure] = []
    outcomes: Counter[str] = Counter()
    slowest = (0.0, 0)
    number, end = given.first, given.first + given.rounds
    while number < end:
        command = [
            sys.executable, __file__, "--work", "--reader", reader.name, "--seed", str(given.seed), "--first",
            str(number), "--rounds", str(end - number), "--memory", str(given.memory),
            *(["--news", str(given.news)] if given.news else []),
        ]  # fmt: skip
        # Arrow's own allocator reserves a gibibyte at once, which would count.
        environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"}
        with subprocess.Popen(  # noqa: S603 - this very program
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        ) as process:
            assert process.stdout is not None
            waiting = b""
            ready = False
            while number < end:
                # The first line comes once the samples are read.
                patience = _PATIENCE * given.timeout if ready else 120.0
                if not select.select([process.stdout], [], [], patience)[0]:
                    process.kill()
                    failures.append(Failure(number, f"said nothing for {patience:g} s"))
                    number += 1
                    break
                block = os.read(process.stdout.fileno(), 1 << 16)
                if not block:
                    code = process.wait()
                    late = code == -signal.SIGXCPU
                    what = (
                        f"took longer than {given.timeout:g} s"
                        if late
                        else f"ended the process (exit code {code})"
                    )
                    failures.append(Failure(number, what))
                    number += 1
                    break
                *lines, waiting = (waiting + block).split(b"\n")
                for line in lines:
                    if line == b"ready":
                        ready = True
                        continue
                    took, outcome, what = line.decode("utf-8", "replace").split("\t", 2)
                    slowest = max(slowest, (float(took), number))
                    outcomes[outcome] += 1
                    if what:
                        failures.append(Failure(number, what))
                    number += 1
    return failures, outcomes, slowest, time.perf_counter() - began


def work(reader: Reader, given: argparse.Namespace) -> None:
    """Read inputs, one line of the result of each on standard output."""
    samples = samples_of(reader, sample_files(given.news))
    for content, _ in samples[:1]:
        check(reader, content, "warm.up")  # what is imported late counts for no input
    check_article(Article("warm", "", "Ships sailed from the harbour again on Monday, the mayor said."))
    limit = given.memory << 20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    print("ready", flush=True)
    for number in range(given.first, given.first + given.rounds):
        content, origin = make_input(reader, samples, given.seed, number)
        began = time.process_time()
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(began + given.timeout), hard))
        what = check(reader, content, origin)
        took = time.process_time() - began
        outcome = "failed" if what else OUTCOME[0]
        print(f"{took:.3f}\t{outcome}\t{' '.join((what or '').split())[:300]}", flush=True)


OUTCOME = ["read"]


def check(reader: Reader, content: bytes, name: str, *, verbose: bool = False) -> str | None:
    """Read one input; None, or what went wrong in words."""
    OUTCOME[0] = "refused"
    with tempfile.NamedTemporaryFile(suffix=Path(name).suffix) as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        options = ReadOptions()
        try:
            for reading in reader.read(Content.of(InputFile(path, len(content), 0), options), options):
                if isinstance(reading, Article):
                    OUTCOME[0] = "read"
                    check_article(reading)
        except InputError:
            return None
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            if verbose:
                traceback.print_exc()
            frames = [f for f in traceback.extract_tb(error.__traceback__) if "site-packages" not in f.filename]
            where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
            return f"{type(error).__name__} at {where}: {error}"
    return None


def check_article(article: Article) -> None:
    """Whether an article is canonical, can be stored, and its passages are slices of its body."""
    body = article.body
    assert body == canonical_body(body), "the body is not canonical"
    assert unicodedata.is_normalized("NFC", body), "the body is not in NFC"
    for text in (
        article.id,
        article.headline,
        article.standfirst,
        article.byline,
        article.dateline,
        article.source,
    ):
        assert "\n" not in (text or ""), "a line break in a line"
        (text or "").encode()
    assert article.content_hash
    spans = split(body, lambda texts: [len(text.split()) for text in texts], _PASSAGE_WORDS)
    passages = [span.of(body) for span in spans]
    assert "".join("".join(passages).split()) == "".join(body.split()), "the passages are not the body"
    for mention in tag_article(article):
        assert body[mention.start : mention.end] == mention.words, "a time mention is not where it says"
    read_article_statements(article)
    likeness(article)


def sample_files(news: Path | None) -> list[tuple[bytes, str]]:
    """Content and name of every sample; compressed ones unpacked, too."""
    folders = [CORPUS, *(Path(news) / name for name in _NEWS_FOLDERS if news)]
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    samples: list[tuple[bytes, str]] = sample_documents()
    for path in paths:
        content = path.read_bytes()
        if len(content) <= _MAX_SAMPLE_BYTES:
            samples.append((content, path.name))
        if content[:2] == b"\x1f\x8b":
            samples.append((gzip.decompress(content)[:_MAX_SAMPLE_BYTES], path.name.removesuffix(".gz")))
    return samples


def samples_of(reader: Reader, samples: Sequence[tuple[bytes, str]]) -> list[tuple[bytes, str]]:
    """The samples that a reader recognises; all where it recognises none."""
    found = []
    for content, name in samples:
        with tempfile.NamedTemporaryFile(suffix=f"-{name}") as file:
            file.write(content)
            file.flush()
            seen = Content.of(InputFile(Path(file.name), len(content), 0), ReadOptions())
            first = next((other for other in READERS if other.recognises(seen)), None)
            if first is reader:
                found.append((content, name))
    return found or list(samples)


def make_input(reader: Reader, samples: Sequence[tuple[bytes, str]], seed: int, number: int) -> tuple[bytes, str]:
    """Input `number` for a reader, and the name of the sample that it was made of."""
    chance = random.Random(f"{seed}:{reader.name}:{number}")  # noqa: S311 - repeatable, not secret
    content, name = chance.choice(samples)
    if chance.random() < 0.02:  # noqa: PLR2004
        return chance.randbytes(chance.choice((1, 10, 100, 10_000))), name
    other = chance.choice(samples)[0]
    for _ in range(chance.choice((1, 1, 2, 3, 6, 12))):
        content = chance.choice(_MUTATIONS)(chance, content, other)[:_MAX_INPUT_BYTES]
    return content, name


def _place(chance: random.Random, content: bytes) -> int:
    # Heads and headers matter most.
    return chance.randrange(min(len(content), 600) + 1 if chance.random() < 0.3 else len(content) + 1)  # noqa: PLR2004


def _truncate(chance: random.Random, content: bytes, _: bytes) -> bytes:
    return content[: _place(chance, content)] or content


def _flip(chance: random.Random, content: bytes, __: bytes) -> bytes:
    flipped = bytearray(content)
    for _ in range(min(len(flipped), chance.choice((1, 2, 8, 64)))):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _splice(chance: random.Random, content: bytes, other: bytes) -> bytes:
    start, end = sorted((_place(chance, other), _place(chance, other)))
    at = _place(chance, content)
    return content[:at] + other[start:end] + content[at if chance.random() < 0.5 else at + end - start :]  # noqa: PLR2004


def _duplicate(chance: random.Random, content: bytes, _: bytes) -> bytes:
    start = _place(chance, content)
    end = min(len(content), start + chance.choice((1, 10, 100, 1000, 10_000)))
    return content[:end] + content[start:end] * chance.choice((1, 2, 50)) + content[end:]


def _delete(chance: random.Random, content: bytes, _: bytes) -> bytes:
    start = _place(chance, content)
    return content[:start] + content[start + chance.choice((1, 2, 10, 100, 1000)) :]


def _insert(chance: random.Random, content: bytes, _: bytes) -> bytes:
    at = _place(chance, content)
    return content[:at] + chance.choice(_TOKENS) + content[at:]


def _insert_many(chance: random.Random, content: bytes, _: bytes) -> bytes:
    at = _place(chance, content)
    return content[:at] + chance.choice(_MANY) * chance.choice((3, 30, 300, 3000, 30_000)) + content[at:]


def _insert_escaped(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """Put a token behind a tag or inside an attribute, so that XML stays well-formed."""
    places = [index + 1 for index, byte in enumerate(content[:100_000]) if byte in b'">']
    if not places:
        return content
    at = chance.choice(places)
    piece = chance.choice((*_TOKENS, chance.choice(_MANY) * chance.choice((3, 300, 30_000))))
    text = "".join(
        character for character in piece.decode("utf-8", "ignore") if character >= " " or character == "\n"
    )
    return content[:at] + html.escape(text).encode() + content[at:]


def _repeat_element(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """Repeat or leave out an element that has no others in it."""
    elements = list(_ELEMENT.finditer(content[:200_000]))
    if not elements:
        return content
    found = chance.choice(elements)
    return content[: found.start()] + found[0] * chance.choice((0, 0, 2, 50)) + content[found.end() :]


def _replace(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """Put a token in the place of the words behind a quotation mark, colon or angle bracket."""
    marks = [index for index, byte in enumerate(content[:100_000]) if byte in b'":=>']
    if not marks:
        return content
    at = chance.choice(marks) + 1
    return content[:at] + chance.choice(_TOKENS) + content[at + chance.randrange(20) :]


_MUTATIONS = (
    _truncate,
    _flip,
    _splice,
    _duplicate,
    _delete,
    _insert,
    _insert,
    _insert_many,
    _replace,
    _insert_escaped,
    _insert_escaped,
    _repeat_element,
)


if __name__ == "__main__":
    main()
