"""Feeds are asked over a real connection to a server of the test's own."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from indexer import download
from indexer.feeds import FeedReport, Feeds, is_address
from indexer.readers import ReadOptions, read_file
from search.archive import Archive, create_archive
from search.archive.care.backups import tag
from search.archive.care.restoration import roll_back
from search.archive.local.files import writer_lock
from search.errors import InputError
from tests.fakes import HashEmbedder
from tests.looking import article_in, counts_of, ids_in

ITEM = (
    "<item><title>{title}</title><link>https://news.example/{title}</link>"
    "<pubDate>Tue, 10 Sep 2024 12:31:00 +0200</pubDate><description>{text}</description></item>"
)


def rss(*items: tuple[str, str]) -> bytes:
    entries = "".join(ITEM.format(title=title, text=text) for title, text in items)
    return f'<rss version="2.0"><channel><title>Wire</title>{entries}</channel></rss>'.encode()


NITF = """<nitf><head><docdata management-status="{status}"><doc-id id-string="n-17"/>
<date.issue norm="20260102T083000Z"/><date.release norm="{ends}"/></docdata></head>
<body><body.head><hedline><hl1>Budget</hl1></hedline></body.head>
<body.content><p>{body}</p></body.content></body></nitf>"""

FERRY = ("ferry", "The ferry from Porto did not leave on Monday because the storm had torn the quay away.")
CRANE = ("crane", "A crane fell into the harbour of Hamburg on Tuesday, and nobody was hurt by it.")


class Server(ThreadingHTTPServer):
    """Gives what it is told to give, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.content, self.headers = 200, rss(FERRY), {"ETag": '"1"'}
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/feed"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(dict(self.headers))
        known = self.headers.get("If-None-Match") == self.server.headers.get("ETag", "none")
        self.send_response(304 if known and self.server.status == 200 else self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        content = b"" if known else self.server.content
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def serve() -> Iterator[Callable[[], Server]]:
    """Starts servers, which end with the test, whatever comes of it."""
    with ExitStack() as stack:

        def started() -> Server:
            serving = stack.enter_context(Server())
            threading.Thread(target=serving.serve_forever, daemon=True).start()
            stack.callback(serving.shutdown)
            return serving

        yield started


@pytest.fixture
def server(serve: Callable[[], Server]) -> Server:
    return serve()


class Clock:
    """A time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def follow(archive: Archive, embedder: HashEmbedder, clock: Clock, *urls: str, limit: int = 1 << 20) -> Feeds:
    options = ReadOptions(max_file_bytes=limit, keep_embargoed=True)
    return Feeds(urls, archive, embedder, read_file, options, every=100, now=clock)


def test_what_a_feed_sends_ahead_does_not_take_the_place_of_what_is_stored_before_its_embargo_ends(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    ends = f"{datetime.fromtimestamp(clock.now, UTC) + timedelta(hours=1):%Y%m%dT%H%M%SZ}"
    feeds = follow(archive, hash_embedder, clock, server.url)

    def sent(body: str, status: str = "usable") -> FeedReport:
        server.content, server.headers = NITF.format(body=body, status=status, ends=ends).encode(), {}
        (report,) = feeds.ask()
        clock.now += 100
        return report

    assert sent("The budget rises by two percent.").added == 1
    (skipped,) = sent("The budget falls by two percent.", "embargoed").skipped
    assert "the version that is stored stays" in skipped.reason
    assert article_in(archive, "n-17").body == "The budget rises by two percent."
    clock.now += 3_600
    assert sent("The budget falls by two percent.", "embargoed").replaced == 1
    assert article_in(archive, "n-17").body == "The budget falls by two percent."


def test_what_is_new_in_a_feed_is_stored_and_what_left_it_stays(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    feeds = follow(archive, hash_embedder, clock, server.url)
    (report,) = feeds.ask()
    assert (report.added, report.changed, report.problem) == (1, True, "")
    assert feeds.ask() == [], "it is not due"
    clock.now += 100
    server.content, server.headers = rss(CRANE), {"ETag": '"2"'}
    (report,) = feeds.ask()
    assert report.added == 1
    headlines = {article_in(archive, id_).headline for id_ in ids_in(archive)}
    assert headlines == {"ferry", "crane"}
    assert all(article_in(archive, id_).origin.startswith(server.url) for id_ in ids_in(archive))


@pytest.mark.parametrize("engine", ["local", "lance"])
def test_a_feed_that_has_not_changed_is_not_sent_again_even_to_another_process(
    server: Server, tmp_path: Path, hash_embedder: HashEmbedder, clock: Clock, engine: str
) -> None:
    """What is known of feeds is kept beside an archive, in its folder or at its address."""
    mark = "lance://" if engine == "lance" else ""
    server.headers["Last-Modified"] = "Tue, 10 Sep 2024 10:31:00 GMT"
    with create_archive(f"{mark}{tmp_path / 'followed'}", hash_embedder.card) as archive:
        follow(archive, hash_embedder, clock, server.url).ask()
        clock.now += 100
        (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    assert (report.changed, report.added, report.problem) == (False, 0, "")
    assert server.asked[-1]["If-None-Match"] == '"1"'
    assert server.asked[-1]["If-Modified-Since"] == "Tue, 10 Sep 2024 10:31:00 GMT"


def test_after_failures_the_waits_grow_and_a_success_ends_them(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    feeds = follow(archive, hash_embedder, clock, server.url)
    server.status = 500
    waits = []
    for _ in range(9):
        (report,) = feeds.ask()
        assert "status 500" in report.problem
        waits.append(report.wait)
        clock.now += report.wait or 0
    assert waits == [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 21_600, 21_600]
    server.status = 200
    (report,) = feeds.ask()
    assert (report.wait, report.added) == (100, 1)


@pytest.mark.parametrize("retry_after", ["5000", "Mon, 21 Sep 2026 15:36:40 GMT"])
def test_a_server_may_ask_for_a_longer_wait(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, retry_after: str
) -> None:
    server.status, server.headers = 503, {"Retry-After": retry_after}
    (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    assert report.wait == 5_000


@pytest.mark.parametrize(("retry_after", "wait"), [("50000", 50_000), ("9999999", 86_400), ("1", 200)])
def test_a_server_is_heeded_up_to_a_day(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, retry_after: str, wait: int
) -> None:
    server.status, server.headers = 503, {"Retry-After": retry_after}
    (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    assert report.wait == wait


def test_a_feed_that_is_gone_is_left_alone(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    feeds = follow(archive, hash_embedder, clock, server.url)
    server.status = 410
    (report,) = feeds.ask()
    assert "gone" in report.problem
    clock.now += 1e9
    assert feeds.ask() == []
    assert feeds.wait() is None


def test_one_feed_that_fails_does_not_keep_the_others(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = socket.getaddrinfo

    def looked_up(host: str, *arguments: Any, **named: Any) -> Any:
        host.encode("idna")  # as the system's own does: a name may have no empty label
        return look_up(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    wrong = ["http://127.0.0.1:1/nobody", "https://a..b/feed"]
    reports = follow(archive, hash_embedder, clock, *wrong, server.url).ask()
    assert [bool(report.problem) for report in reports] == [True, True, False]
    assert reports[1].problem == "https://a..b/feed cannot be read: a..b has no address."
    assert counts_of(archive)[0] == 1


@pytest.mark.parametrize("content", [b"", b"<rss", b"\x00\xff" * 100, b"<html><p>No feed.</p></html>"])
def test_what_is_no_feed_is_told_and_stores_nothing_wrong(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, content: bytes
) -> None:
    server.content = content
    (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    assert report.problem or report.skipped
    assert counts_of(archive) == (0, 0)


def test_a_feed_larger_than_the_limit_is_not_read(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    server.content = rss(FERRY) + b" " * 10_000
    (report,) = follow(archive, hash_embedder, clock, server.url, limit=5_000).ask()
    assert "more than 5000 bytes" in report.problem


def test_what_is_known_of_feeds_may_be_lost(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    (archive.folder / "feeds.json").write_text('{"broken', encoding="utf-8")
    (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    assert report.added == 1


def test_only_web_addresses_are_followed(archive: Archive, hash_embedder: HashEmbedder, clock: Clock) -> None:
    assert is_address("HTTPS://news.example/feed")
    assert not is_address(str(Path("news/feed.xml")))
    for address in ("http://", "file:///etc/passwd", "http://[::1"):
        with pytest.raises(InputError, match="no address"):
            follow(archive, hash_embedder, clock, address)


def test_after_a_return_to_an_earlier_state_a_feed_is_read_anew(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    feeds = follow(archive, hash_embedder, clock, server.url)
    tag(archive.folder, "before")
    assert feeds.ask()[0].added == 1
    roll_back(archive.folder, "before")
    assert counts_of(archive) == (0, 0)
    assert feeds.ask()[0].added == 1


def test_an_entry_without_an_address_is_stored_once_wherever_it_stands(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    bare = "<rss version='2.0'><channel>{0}</channel></rss>"
    entry = "<item><title>{0}</title><description>{1}</description></item>"
    first, second = entry.format(*FERRY), entry.format(*CRANE)
    feeds = follow(archive, hash_embedder, clock, server.url)
    server.content = bare.format(first).encode()
    assert feeds.ask()[0].added == 1
    clock.now += 100
    server.content, server.headers = bare.format(second + first).encode(), {"ETag": '"2"'}
    (report,) = feeds.ask()
    assert (report.added, report.unchanged) == (1, 1)


def test_a_feed_waits_for_another_writer(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    feeds = follow(archive, hash_embedder, clock, server.url)
    with writer_lock(archive.folder):
        (report,) = feeds.ask()
    assert "writing" in report.problem
    clock.now += report.wait or 0
    assert feeds.ask()[0].added == 1


def test_a_feed_that_moves_is_followed(
    server: Server, serve: Callable[[], Server], archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    moved = serve()
    moved.status, moved.headers, moved.content = 301, {"Location": server.url}, b"It has moved."
    (report,) = follow(archive, hash_embedder, clock, moved.url).ask()
    assert report.added == 1
    assert server.asked[0]["Host"] == f"127.0.0.1:{server.server_port}"


def test_a_feed_that_leads_on_and_on_is_left(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    server.status, server.headers = 302, {"Location": "/feed?again"}
    (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    assert "leads on and on" in report.problem
    assert len(server.asked) == 6


def test_nothing_is_read_of_what_leads_elsewhere(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []

    def endlessly(self: _Handler) -> None:
        self.send_response(302)
        self.send_header("Location", "file:///etc/passwd")
        self.end_headers()
        try:
            while len(sent) < 10_000:
                self.wfile.write(b"x" * 65_536)
                sent.append(1)
        except OSError:
            pass

    monkeypatch.setattr(_Handler, "do_GET", endlessly)
    (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    assert "scheme 'file'" in report.problem
    assert len(sent) < 1_000


def test_a_server_that_drips_is_not_waited_for(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def drip(self: _Handler) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not over.wait(0.05):
            try:
                self.wfile.write(b"X-Slow: 1\r\n")
            except OSError:
                return

    monkeypatch.setattr(_Handler, "do_GET", drip)
    monkeypatch.setattr(download, "LONGEST_SECONDS", 0.5)
    (report,) = follow(archive, hash_embedder, clock, server.url).ask()
    over.set()
    assert "takes longer" in report.problem


def test_the_name_of_a_feed_of_the_public_network_never_leads_inside(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to = ["127.0.0.1"]
    monkeypatch.setattr(download, "addresses_of", lambda host: leads_to if host == "wire.example" else [host])
    monkeypatch.setattr(download, "is_public", lambda address: address == "127.0.0.1")
    url = f"http://wire.example:{server.server_port}/feed"
    (report,) = follow(archive, hash_embedder, clock, url).ask()
    assert report.added == 1, "what was looked up is what is connected to"
    assert server.asked[-1]["Host"] == f"wire.example:{server.server_port}"
    for inside in ("127.0.0.2", "10.0.0.1"):
        clock.now += 1_000_000
        leads_to[:] = [inside]
        (report,) = follow(archive, hash_embedder, clock, url).ask()
        assert "no address of the public network" in report.problem
    assert len(server.asked) == 1


@pytest.mark.parametrize("first", [[], ["192.0.2.1", "127.0.0.1"]])
def test_a_name_that_leads_nowhere_at_first_or_to_both_networks_never_leads_inside(
    server: Server,
    archive: Archive,
    hash_embedder: HashEmbedder,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    first: list[str],
) -> None:
    answers = [first, ["127.0.0.1"]]
    monkeypatch.setattr(download, "addresses_of", lambda _: answers.pop(0))
    monkeypatch.setattr(download, "is_public", lambda address: address == "192.0.2.1")
    feeds = follow(archive, hash_embedder, clock, f"http://wire.example:{server.server_port}/feed")
    assert feeds.ask()[0].problem
    clock.now += 1_000_000
    assert "no address of the public network" in feeds.ask()[0].problem
    assert (answers, server.asked) == ([], []), "a name is looked up once each time"


def test_a_feed_inside_whose_name_leads_nowhere_for_a_while_stays_inside(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["127.0.0.1"], [], ["127.0.0.1"]]
    monkeypatch.setattr(download, "addresses_of", lambda _: answers.pop(0))
    feeds = follow(archive, hash_embedder, clock, f"http://wire.example:{server.server_port}/feed")
    problems = []
    for _ in range(3):
        problems.append(feeds.ask()[0].problem)
        clock.now += 1_000_000
    assert [bool(problem) for problem in problems] == [False, True, False]


def test_a_feed_inside_is_read_by_who_names_it(
    server: Server, archive: Archive, hash_embedder: HashEmbedder, clock: Clock
) -> None:
    feeds = follow(archive, hash_embedder, clock, server.url)
    assert feeds.ask()[0].added == 1
    clock.now += 100
    assert feeds.ask()[0].problem == ""
