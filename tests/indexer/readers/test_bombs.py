"""Inputs made to exhaust time or memory, or to read what was not named."""

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.readers import Skipped
from indexer.readers.contract import MEBIBYTE
from search.article import Article

Refusal = Callable[..., str]
Reading = Callable[..., list[Article | Skipped]]

LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "laugh">' for n in range(10)
)  # a thousand million words, were they expanded
ENTITIES = {
    "billion laughs": (LAUGHS, "&l9;"),
    "quadratic blowup": (f'<!ENTITY a "{"a" * 100_000}">', "&a;" * 10_000),
    "external entity": ('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    "external entity over the network": ('<!ENTITY a SYSTEM "http://192.0.2.1/a">', "&a;"),
    "parameter entity": ('<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;', ""),
}
KINDS = {
    "nitf": "<nitf><body><body.content><p>Ships sailed. {}</p></body.content></body></nitf>",
    "newsItem": "<newsItem><contentSet><inlineXML><p>Ships sailed. {}</p></inlineXML></contentSet></newsItem>",
    "NewsML": "<NewsML><NewsItem><NewsComponent><ContentItem><DataContent><p>Ships sailed. {}</p></DataContent>"
    "</ContentItem></NewsComponent></NewsItem></NewsML>",
    "rss": "<rss><channel><item><description>Ships sailed. {}</description></item></channel></rss>",
    "feed": '<feed xmlns="http://www.w3.org/2005/Atom"><entry><summary>Ships sailed. {}</summary></entry></feed>',
    "other": "<other>{}</other>",
}


@pytest.mark.parametrize("attack", ENTITIES)
@pytest.mark.parametrize("root", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_refused(refusal: Refusal, root: str, attack: str, encoding: str) -> None:
    declared, used = ENTITIES[attack]
    xml = f'<?xml version="1.0"?><!DOCTYPE {root} [{declared}]>{KINDS[root].format(used)}'
    assert "declares XML entities" in refusal("a.xml", xml.encode(encoding))


@pytest.mark.parametrize("root", KINDS)
def test_a_dtd_is_not_loaded(read: Reading, tmp_path: Path, root: str) -> None:
    (tmp_path / "a.dtd").write_text('<!ENTITY harbour "SECRET">', encoding="utf-8")
    xml = f'<!DOCTYPE {root} SYSTEM "{(tmp_path / "a.dtd").as_uri()}">{KINDS[root].format("&harbour;")}'
    assert "SECRET" not in repr(read("a.xml", xml))


def test_entities_of_a_page_are_not_expanded(read: Reading) -> None:
    page = f"<!DOCTYPE html [{LAUGHS}]><p>Ships sailed from the harbour again on Monday, said the mayor. &l9;</p>"
    (entry,) = read("a.html", page)
    assert "laughlaugh" not in repr(entry)


def test_aliases_of_front_matter_cost_nothing(read: Reading) -> None:
    laughs = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10) if n else 'lol'}]\n" for n in range(12))
    (entry,) = read("a.md", f"---\n{laughs}title: *a11\n---\n\nShips sailed on Monday.\n")
    assert isinstance(entry, Article)
    assert len(entry.headline) < 100


def test_front_matter_makes_no_objects(refusal: Refusal) -> None:
    text = "---\ntitle: !!python/object/apply:os.system ['true']\n---\n\nShips sailed.\n"
    assert "not valid YAML of plain values" in refusal("a.md", text)


@pytest.mark.parametrize("number", ["0x" + "f" * 9000, "9" * 9000, ":".join(["59"] * 3000)])
def test_numbers_without_end_are_no_flaw(read: Reading, number: str) -> None:
    for name, text in {
        "a.md": f"---\nid: {number}\ntitle: {number}\nversion: {number}\ndate: {number}\n---\n\nShips sailed.\n",
        "a.json": f'{{"id": {number}, "date": {number}, "title": {number}, "text": "Ships sailed."}}',
        "a.txt": f"Ships\n\nThe harbour saw {number} ships in {number} days, said the mayor.",
    }.items():
        (entry,) = read(name, text)
        assert not isinstance(entry, Skipped) or "flaw" not in entry.reason


DEEP = 50_000
NESTED = {
    "lists.json": "[" * DEEP + "]" * DEEP,
    "objects.json": '{"text": ' * DEEP + "1" + "}" * DEEP,
    "objects.jsonl": '{"text": ' * DEEP + "1" + "}" * DEEP + "\n",
    "a.html": "<!doctype html>"
    + "<div>" * DEEP
    + "Ships sailed from the harbour again on Monday."
    + "</div>" * DEEP,
    "a.nitf": "<nitf>" + "<p>" * DEEP + "Ships" + "</p>" * DEEP + "</nitf>",
    "a.rss": "<rss><channel>" + "<item>" * DEEP + "</item>" * DEEP + "</channel></rss>",
    "html.rss": "<rss><channel><item><description>"
    + "&lt;b&gt;" * DEEP
    + "Ships</description></item></channel></rss>",
    "quotes.md": "---\ntitle: a\n---\n" + "> " * DEEP + "Ships sailed.",
    "brackets.md": "---\ntitle: a\n---\n" + "[" * DEEP + "Ships sailed." + "](a)" * DEEP,
    "yaml.md": "---\ntitle: " + "[" * DEEP + "\n---\n\nShips sailed.",
}


@pytest.mark.parametrize("name", NESTED)
def test_what_nests_deeply_is_no_flaw(read: Reading, name: str) -> None:
    entries = read(name, NESTED[name])
    assert entries
    assert not any(isinstance(entry, Skipped) and "flaw" in entry.reason for entry in entries)


@pytest.mark.parametrize("mark", ["<?", "<meta ", "<!--", "<a href=", "<", "&", "<script>"])
@pytest.mark.parametrize("name", ["a.html", "a.rss"])
def test_markup_that_never_ends_takes_no_time(read: Reading, mark: str, name: str) -> None:
    many = mark * (200_000 // len(mark))
    if name == "a.html":
        entries = read(name, f"<!doctype html><p>Ships {many}")
    else:
        escaped = many.replace("&", "&amp;").replace("<", "&lt;")
        entries = read(
            name, f"<rss><channel><item><description>Ships {escaped}</description></item></channel></rss>"
        )
    assert not any(isinstance(entry, Skipped) and "flaw" in entry.reason for entry in entries)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.json", "a.nitf", "a.warc"])
def test_packing_twice_is_refused(refusal: Refusal, name: str) -> None:
    bomb = gzip.compress(gzip.compress(bytes(16 * MEBIBYTE)))
    assert "not text" in refusal(f"{name}.gz", bomb)


def test_members_of_a_gzip_file_are_counted_together(refusal: Refusal) -> None:
    member = gzip.compress(b"a" * MEBIBYTE)
    assert "max_unpacking" in refusal("a.txt.gz", member * 20, max_unpacking=10, max_file_bytes=64 * MEBIBYTE)


def test_a_zip_archive_writes_nothing_and_keeps_its_bounds(refusal: Refusal, tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../outside.txt", bytes(16 * MEBIBYTE))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("/outside.zip", inner.getvalue())
    assert "max_file_bytes" in refusal("a.zip", outer.getvalue(), max_file_bytes=MEBIBYTE)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def warc_of(payload: bytes, *headers: str) -> bytes:
    """A web archive of one response."""
    http = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", "Content-Type: text/html", *headers)).encode()
    block = http + b"\r\n" + payload
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/a\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def chunked(content: bytes) -> bytes:
    """A payload in one chunk."""
    return f"{len(content):x}\r\n".encode() + content + b"\r\n0\r\n\r\n"


PAGE = b"<!doctype html><title>Ships</title><p>Ships sailed from the harbour again on Monday, said the mayor.</p>"


def deflate_raw(content: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", deflate_raw),
     ("identity", bytes), ("gzip", bytes)],
)  # fmt: skip
@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_packed_payload_is_read(
    read: Reading, encoding: str, pack: Callable[[bytes], bytes], *, in_chunks: bool
) -> None:
    packed = pack(PAGE)
    headers = [f"Content-Encoding: {encoding}", *(["Transfer-Encoding: chunked"] if in_chunks else [])]
    (article,) = read("a.warc", warc_of(chunked(packed) if in_chunks else packed, *headers))
    assert isinstance(article, Article), article
    assert article.body == "Ships sailed from the harbour again on Monday, said the mayor."


@pytest.mark.parametrize("in_chunks", [False, True])
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_payload_that_is_a_bomb_is_refused(refusal: Refusal, encoding: str, *, in_chunks: bool) -> None:
    packed = (gzip.compress if encoding == "gzip" else zlib.compress)(bytes(64 * MEBIBYTE))
    headers = [f"Content-Encoding: {encoding}", *(["Transfer-Encoding: chunked"] if in_chunks else [])]
    reason = refusal("a.warc", warc_of(chunked(packed) if in_chunks else packed, *headers))
    assert reason == "a page longer than the limit of 8 MiB (max_record_bytes)."


def test_a_payload_that_cannot_be_unpacked_is_reported(refusal: Refusal) -> None:
    assert "encoded as 'zstd'" in refusal("a.warc", warc_of(PAGE, "Content-Encoding: zstd"))


def test_lone_surrogates_reach_no_article(read: Reading) -> None:
    record = {
        "id": "\ud800", "title": "Ships \udfff", "text": "Ships \ud83d sailed.", "url": "https://a.example/\ud800",
        "author": "\udc00", "date": "\ud800", "language": "\ud800", "section": ["\ud800"],
    }  # fmt: skip
    (article,) = read("a.json", json.dumps(record))
    assert isinstance(article, Article)
    repr(article).encode()
    assert article.content_hash
    (skipped,) = read("b.json", json.dumps({"\ud800": 1}))
    assert isinstance(skipped, Skipped)
    skipped.reason.encode()


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.json", "a.csv", "a.html"])
def test_many_nul_bytes_are_refused_wherever_they_stand(refusal: Refusal, name: str) -> None:
    assert "NUL" in refusal(name, b'{"text": "Ships"}' + b" " * 100_000 + b"\x00" * 20_000)


@pytest.mark.parametrize(
    "encoding", ["idna", "punycode", "undefined", "unicode_escape", "rot13", "hex", "zip", "no"]
)
def test_what_is_no_character_set_is_refused(refusal: Refusal, encoding: str) -> None:
    page = f'<!doctype html><meta charset="{encoding}"><p>Ships sailed\xff from the harbour.'.encode("latin-1")
    reason = refusal("a.html", page)
    assert "flaw" not in reason
    assert "encoding" in reason or "is not valid" in reason


def test_a_reason_is_short_and_on_one_line(refusal: Refusal) -> None:
    reason = refusal("a.json", json.dumps({f"field\n\x1b[31m{n}" * 1000: 1 for n in range(100)}))
    assert len(reason) <= 1000
    assert reason.isprintable()


def test_a_file_with_more_articles_than_may_be_is_not_read_beyond_them(read: Reading) -> None:
    lines = "".join(f'{{"id": "{n}", "text": "Ship {n} sailed."}}\n' for n in range(5))
    *articles, last = read("a.jsonl", lines, max_file_articles=3)
    assert [article.id for article in articles if isinstance(article, Article)] == ["0", "1", "2"]
    assert isinstance(last, Skipped)
    assert "more than 3 articles (max_file_articles)" in last.reason


def test_a_row_of_a_table_larger_than_may_be_is_left_out(read: Reading, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    texts = ["Ships sailed.", "a" * 200_000, "Ships came back."]
    parquet.write_table(pa.table({"id": ["1", "2", "3"], "text": texts}), tmp_path / "made")
    first, large, last = read("a.parquet", (tmp_path / "made").read_bytes(), max_record_bytes=100_000)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert isinstance(large, Skipped)
    assert "max_record_bytes" in large.reason
