import gzip
import io
from collections.abc import Callable

import pytest

from indexer.readers import Skipped
from search.article import Article

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]
Reading = Callable[..., list[Article | Skipped]]

PROSE = "".join(
    f"<p>Ferry {n} sailed from the harbour again on Monday, and the crowd on the quay cheered.</p>" for n in "abcd"
)


def record(
    url: str, payload: str, kind: str = "text/html; charset=utf-8", status: str = "200 OK", type_: str = "response"
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n{payload}".encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: {type_}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2025-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{abs(hash(url)):032x}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def page(title: str = "Ferries return") -> str:
    article = f"<article><h1>{title}</h1>{PROSE}</article>"
    return f"<html lang='en'><head><title>{title}</title></head><body>{article}</body></html>"


ARTICLE = record("https://gazette.example/ferries", page())


@pytest.mark.parametrize("packed", [False, True, "members"])
def test_each_page_is_an_article_and_other_records_are_passed_over(read_one: ReadOne, packed: object) -> None:
    records = [
        record("https://gazette.example/robots.txt", "User-agent: *", kind="text/plain"),
        record("https://gazette.example/gone", page(), status="404 Not Found"),
        ARTICLE,
    ]
    content = b"".join(map(gzip.compress, records)) if packed == "members" else b"".join(records)
    article = read_one("a.warc", gzip.compress(content) if packed is True else content)
    assert (article.headline, article.url, article.source) == (
        "Ferries return",
        "https://gazette.example/ferries",
        "gazette.example",
    )
    assert article.origin.endswith("#3")


def test_the_time_of_capture_is_no_publication(read_one: ReadOne) -> None:
    assert read_one("a.warc", ARTICLE).published is None


def test_an_archive_without_pages_says_what_it_has(refusal: Refusal) -> None:
    reason = refusal("a.warc", record("https://gazette.example/a.png", "x", kind="image/png"))
    assert reason == "a web archive without pages (it has 1 responses of type image/png)."


def test_a_page_that_is_no_article_is_reported_and_the_rest_goes_on(read: Reading) -> None:
    front, article = read("a.warc", record("https://gazette.example/", page()) + ARTICLE)
    assert isinstance(front, Skipped)
    assert "front page" in front.reason
    assert isinstance(article, Article)


def test_a_broken_record_is_reported_and_the_rest_goes_on(read: Reading) -> None:
    broken = b"this is no record\r\n" + b"x" * 300 + b"\r\n\r\n"
    entries = read("a.warc", ARTICLE + broken + record("https://gazette.example/later", page("Ships again")))
    assert [type(entry) for entry in entries] == [Article, Skipped, Article]
    assert "broken record" in entries[1].reason  # type: ignore[union-attr]
    assert entries[2].url == "https://gazette.example/later"  # type: ignore[union-attr]


def test_a_truncated_archive_keeps_what_is_before(read: Reading) -> None:
    members = b"".join(map(gzip.compress, [ARTICLE, record("https://gazette.example/later", page("Ships again"))]))
    entries = read("a.warc.gz", members[:-80])
    assert isinstance(entries[0], Article)
    assert isinstance(entries[-1], Skipped)
    assert "truncated" in entries[-1].reason


def test_nothing_is_printed(read: Reading, capfd: pytest.CaptureFixture[str]) -> None:
    read("a.warc", record("https://gazette.example/with space", page()) + b"\x00\x00junk\r\n")
    assert capfd.readouterr() == ("", "")


def test_arc_is_read(read_one: ReadOne) -> None:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page()}".encode()
    version = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
    content = io.BytesIO()
    content.write(b"filedesc://a.arc 0.0.0.0 20250101000000 text/plain %d\n" % len(version) + version + b"\n")
    content.write(
        b"https://gazette.example/ferries 127.0.0.1 20250101000000 text/html %d\n" % len(http) + http + b"\n"
    )
    assert read_one("a.arc", content.getvalue()).headline == "Ferries return"


def test_any_number_of_broken_records_is_passed_over(read: Reading) -> None:
    broken = b"WARC/1.0\r\nWARC-Type\r\nContent-Length: none\r\n\r\n" * 2000
    entries = read("a.warc", broken + ARTICLE)
    assert isinstance(entries[-1], Article)
    assert all(isinstance(entry, Article) or "broken" in entry.reason for entry in entries)
