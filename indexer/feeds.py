"""Following RSS and Atom feeds: what is new in them is stored, and a server is asked no more than it must be.

Requests are conditional (RFC 9110: `If-None-Match`, `If-Modified-Since`): a feed that has not changed costs a few
bytes. After a failure the next one waits twice as long, up to six hours, or as long as `Retry-After` says, up to a
day; a feed that is gone (410) is left alone. What is known of each feed is kept beside the archive.

A feed that was once found in the public network is never read from another (`indexer.download`). It is inside only
where all the addresses that its name leads to are; a name that leads nowhere when it is first asked is held to be
outside.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from indexer.download import Received, download, is_inside, look_up
from indexer.identity import identified
from indexer.ingest import store_articles
from indexer.readers import InputFile, ReadOptions, Skipped
from indexer.readers.clearance import kept_out
from indexer.readers.draft import derived_id
from search.archive.protocol import StoredArchive
from search.archive.records import Outcome
from search.archive.scope import EVERYTHING
from search.article import Article
from search.errors import ArchiveBusyError, InputError
from search.models.embedding import Embedder

if TYPE_CHECKING:
    from indexer.preparation import ReadFile

_STATE_FILE = "feeds.json"
_LONGEST_WAIT_SECONDS = 6 * 3_600
_LONGEST_ASKED_SECONDS = 24 * 3_600
_PUNCTUALITY_SECONDS = 30
_AGENT = "dateline (feed reader)"
_ACCEPTED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5"
_GONE = "The feed is gone for good (410)."


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a feed.

    Attributes:
        etag: Of what was read last; empty if its server gave none.
        last_modified: The same as a time, in the server's own words.
        due: When it may be asked again, in seconds since 1970.
        failures: How many times in a row it could not be read.
        gone: Whether it is not to be asked any more.
        public: Whether its server has to be in the public network: it was once found there, or nowhere when it was
            first asked.
    """

    etag: str = ""
    last_modified: str = ""
    due: float = 0.0
    failures: int = 0
    gone: bool = False
    public: bool = False


@dataclass(slots=True)
class FeedReport:
    """What came of asking a feed.

    Attributes:
        url: Its address.
        changed: Whether there was anything to read.
        added: Articles new in the archive.
        replaced: Articles stored in place of one with the same id and other content.
        unchanged: Articles that were stored already, or later versions of which are.
        skipped: What could not be read, and why.
        problem: Why nothing could be read; empty if all went well.
        wait: Seconds until it is asked again; None if it never is.
    """

    url: str
    changed: bool = False
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    problem: str = ""
    wait: float | None = None


class Feeds:
    """The feeds that an archive follows."""

    def __init__(
        self,
        urls: Iterable[str],
        archive: StoredArchive,
        embedder: Embedder,
        read: "ReadFile",
        options: ReadOptions,
        *,
        every: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Follow feeds.

        Args:
            urls: Their addresses, http or https.
            archive: Where what is new goes, and where what is known of the feeds is kept.
            embedder: Its model.
            read: Reads a file.
            options: How files are read, but for the moment of reading.
            every: Seconds between two requests for the same feed.
            now: Tells the time, in seconds since 1970.

        Raises:
            InputError: If an address is none.
        """
        self._urls = [_checked(url) for url in dict.fromkeys(urls)]
        self._archive = archive
        self._embedder = embedder
        self._read = read
        self._options = options
        self._every = every
        self._now = now
        self._states: dict[str, FeedState] = {}
        self._line = ""

    def ask(self, stopping: Callable[[], bool] = lambda: False) -> list[FeedReport]:
        """Ask every feed that is due, and store what is new in it; one that fails does not keep the others."""
        reports = []
        self._remember()
        for url in self._urls:
            state = self._states.get(url, FeedState())
            if stopping() or state.gone or state.due > self._now():
                continue
            report, state = self._ask(url, state)
            reports.append(report)
            self._states[url] = state
            self._archive.keep_note(_STATE_FILE, _dumped(self._line, self._states))
        return reports

    def _remember(self) -> None:
        """Load what is known of the feeds; after a return to an earlier state all are read anew."""
        card = self._archive.card
        line = f"{card.archive_id} {card.lineage}"
        if line != self._line:
            self._line = line
            self._states = _load(self._archive.note(_STATE_FILE), line)

    def wait(self) -> float | None:
        """Seconds until a feed is due; None if none ever is."""
        dues = [state.due for url in self._urls if not (state := self._states.get(url, FeedState())).gone]
        return max(0.0, min(dues) - self._now()) if dues else None

    def _ask(self, url: str, state: FeedState) -> tuple[FeedReport, FeedState]:
        import httpx2

        report = FeedReport(url)
        try:
            found = look_up(url)
            if found or url not in self._states:
                state = replace(state, public=state.public or not is_inside(found))
            received = self._fetch(url, found, state)
        except (httpx2.HTTPError, httpx2.InvalidURL, InputError, ValueError) as error:
            report.problem = f"{url} cannot be read: {str(error) or type(error).__name__}."
            return report, self._failed(report, state, None)
        if received.status == HTTPStatus.GONE:
            report.problem = _GONE
            return report, replace(state, gone=True)
        if received.status == HTTPStatus.NOT_MODIFIED:
            return report, self._succeeded(report, state)
        if received.status != HTTPStatus.OK:
            report.problem = f"{url} answers with status {received.status}."
            return report, self._failed(report, state, received.headers.get("Retry-After"))
        report.changed = True
        try:
            self._store(received.content, report)
        except ArchiveBusyError as error:
            report.problem = str(error)
            return report, self._failed(report, replace(state, failures=0), None)
        headers = {} if report.skipped else received.headers  # what could not be read may be readable next time
        known = replace(state, etag=headers.get("ETag", ""), last_modified=headers.get("Last-Modified", ""))
        return report, self._succeeded(report, known)

    def _fetch(self, url: str, addresses: Sequence[str], state: FeedState) -> Received:
        headers = {"User-Agent": _AGENT, "Accept": _ACCEPTED}
        if state.etag:
            headers["If-None-Match"] = state.etag
        if state.last_modified:
            headers["If-Modified-Since"] = state.last_modified
        return download(url, addresses, headers, self._options.max_file_bytes, outside=state.public)

    def _store(self, content: bytes, report: FeedReport) -> None:
        """Read what came as a file is read, and store it; articles that left the feed stay in the archive."""
        with tempfile.TemporaryDirectory(prefix="dateline-feed-") as folder:
            path = Path(folder) / "feed.xml"
            path.write_bytes(content)
            status = path.stat()
            options = replace(self._options, now=datetime.fromtimestamp(self._now(), UTC))
            articles: list[Article] = []
            known: dict[str, Article] = {}
            for reading in self._read(InputFile(path, status.st_size, status.st_mtime_ns), options):
                origin = reading.origin.replace(str(path), report.url)
                if isinstance(reading, Article):
                    id_ = reading.id
                    if id_ == derived_id(None, reading.origin):  # it has none of its own, and its place changes
                        id_ = derived_id(None, f"{report.url}\n{reading.headline}\n{reading.body}")
                    article = identified(replace(reading, id=id_, origin=origin), partial(self._known, known))
                    before = self._known(known, article.id) if article.embargo else None
                    if reason := kept_out(article, before, options.now):
                        report.skipped.append(Skipped(origin, reason))
                        continue
                    known[article.id] = article
                    articles.append(article)
                elif isinstance(reading, Skipped):
                    report.skipped.append(Skipped(origin, reading.reason.replace(str(path), report.url)))
        for outcome in store_articles(articles, self._archive, self._embedder):
            report.added += outcome is Outcome.ADDED
            report.replaced += outcome is Outcome.REPLACED
            report.unchanged += outcome not in {Outcome.ADDED, Outcome.REPLACED}

    def _known(self, read: Mapping[str, Article], article_id: str) -> Article | None:
        if article_id in read:
            return read[article_id]
        with self._archive.snapshot(EVERYTHING) as snapshot:
            dossier = snapshot.read([article_id]).get(article_id)
        return dossier.article if dossier else None

    def _succeeded(self, report: FeedReport, state: FeedState) -> FeedState:
        report.wait = self._every
        early = min(_PUNCTUALITY_SECONDS, self._every / 10)  # or a scheduler as frequent would find it not yet due
        return replace(state, failures=0, due=self._now() + self._every - early)

    def _failed(self, report: FeedReport, state: FeedState, retry_after: str | None) -> FeedState:
        waits = min(_LONGEST_WAIT_SECONDS, self._every * 2 ** min(state.failures + 1, 20))
        asked = min(_LONGEST_ASKED_SECONDS, _seconds(retry_after, self._now()))
        report.wait = max(waits, asked, self._every)
        return replace(state, failures=state.failures + 1, due=self._now() + report.wait)


def is_address(source: str) -> bool:
    """Tell whether a source is the address of a feed, and no path."""
    return source.lower().startswith(("http://", "https://"))


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname
    except ValueError:
        known = None
    if not known:
        raise InputError(f"{url!r} is no address of a feed.", "Give an http or https address.")
    return url


def _seconds(retry_after: str | None, now: float) -> float:
    """How long a server asks to wait: in seconds, or until a time; 0 if it does not say."""
    if not retry_after:
        return 0.0
    if retry_after.strip().isdecimal():
        return float(retry_after.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0


def _load(stored: bytes | None, line: str) -> dict[str, FeedState]:
    """Read what is known of feeds; what cannot be read is forgotten, which costs one more request each."""
    try:
        told: Mapping[str, Any] = json.loads(stored or b"{}")
        states = {url: FeedState(**state) for url, state in told["feeds"].items()}
        if told["archive"] == line:
            return states
        return {url: replace(state, etag="", last_modified="", due=0.0) for url, state in states.items()}
    except (ValueError, TypeError, AttributeError, KeyError):
        return {}


def _dumped(line: str, states: Mapping[str, FeedState]) -> bytes:
    known = {url: asdict(state) for url, state in states.items()}
    return json.dumps({"archive": line, "feeds": known}, indent=2).encode()
