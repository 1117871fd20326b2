"""Whatever bytes a reader is given, it reads or refuses; `benchmarks/fuzz_readers.py` tries more."""

import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_readers import check, make_input, sample_files, samples_of
from indexer.readers import READERS
from indexer.readers.contract import Reader
from tests.lengths import examples

LONGEST_SECONDS = 10
EACH_READER = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name.replace(" ", "-"))
relaxed = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=examples(20, 50)
)

numbers = st.integers(0, 1_000_000)
edits = st.lists(
    st.one_of(
        st.tuples(st.just("cut"), numbers, st.just(b"")),
        st.tuples(st.just("insert"), numbers, st.binary(max_size=8)),
        st.tuples(st.just("replace"), numbers, st.binary(min_size=1, max_size=8)),
        st.tuples(st.just("insert"), numbers, st.text(max_size=8).map(str.encode)),
        st.tuples(st.just("repeat"), numbers, st.sampled_from([b"<p>", b"[", b"{", b"> ", b"\n", b"9", b"&"])),
        st.tuples(st.just("double"), numbers, st.just(b"")),
    ),
    min_size=1,
    max_size=6,
)


@cache
def samples(reader: Reader, news: str | None) -> tuple[tuple[bytes, str], ...]:
    """What a reader recognises of the sample corpus and, where there is any, of the real news."""
    return tuple(samples_of(reader, sample_files(Path(news) if news else None)))


def edited(content: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for kind, number, piece in changes:
        at = number % (len(content) + 1)
        match kind:
            case "cut":
                content = content[:at]
            case "insert":
                content = content[:at] + piece + content[at:]
            case "replace":
                content = content[:at] + piece + content[at + len(piece) :]
            case "repeat":
                content = content[:at] + piece * 2000 + content[at:]
            case "double":
                content = content[:at] + content[at // 2 :]
    return content


def assert_right(reader: Reader, content: bytes, name: str) -> None:
    began = time.perf_counter()
    assert check(reader, content, name) is None
    assert time.perf_counter() - began < LONGEST_SECONDS


@EACH_READER
@relaxed
@given(content=st.binary(max_size=2000))
@example(content=b"")
@example(content=b"\x00")
@example(content=b"\xff\xfe")
@example(content=b"\x1f\x8b\x08")
def test_any_bytes_are_read_or_refused(reader: Reader, content: bytes) -> None:
    assert_right(reader, content, "any.txt")


@EACH_READER
@relaxed
@given(content=st.text(max_size=2000))
def test_any_text_is_read_or_refused(reader: Reader, content: str) -> None:
    assert_right(reader, content.encode(), "any.txt")


@EACH_READER
@relaxed
@given(data=st.data(), changes=edits)
def test_what_was_damaged_is_read_or_refused(
    reader: Reader, data: st.DataObject, changes: list[tuple[str, int, bytes]]
) -> None:
    content, name = data.draw(st.sampled_from(samples(reader, None)))
    assert_right(reader, edited(content, changes), name)


@pytest.mark.news
@EACH_READER
def test_real_news_that_was_damaged_is_read_or_refused(reader: Reader, real_news: Path) -> None:
    for number in range(40):
        content, name = make_input(reader, samples(reader, str(real_news)), 7, number)
        assert_right(reader, content, name)


def test_most_readers_have_samples_of_our_own() -> None:
    everything = len(sample_files(None))
    without = {reader.name for reader in READERS if len(samples(reader, None)) == everything}
    assert without <= {"XML", "NewsML 1", "ANPA 1312 or IPTC 7901"}
