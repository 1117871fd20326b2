import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from search.archive import LocalArchive
from search.asking.engine import Engine
from tests.api.http.articles import ARTICLES
from tests.api.reports import make_archive_of_reports
from tests.fakes import HashEmbedder, store

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LEAST_CLOSENESS = 0.2
PATIENCE = 30
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small archive."""
    folder = tmp_path_factory.mktemp("http") / "archive"
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *ARTICLES)
    return folder


@pytest.fixture(scope="session")
def settings(folder: Path) -> HttpSettings:
    return HttpSettings.load(index=folder, least_closeness=LEAST_CLOSENESS)


@pytest.fixture(scope="session")
def client(settings: HttpSettings) -> Iterator[TestClient]:
    """Asks the application directly."""
    with TestClient(create_app(settings, HashEmbedder())) as client:
        yield client


@pytest.fixture(scope="session")
def engine(settings: HttpSettings) -> Iterator[Engine]:
    """The same archive, asked without HTTP."""
    with LocalArchive.open(settings.index) as archive:
        yield Engine(archive, HashEmbedder(), settings)


@pytest.fixture(scope="session")
def serving() -> Iterator[Callable[[HttpSettings], str]]:
    """Serves an application on a free port of the loopback interface and gives its address."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(settings: HttpSettings) -> str:
        listening = threading.Event()
        server = _Server(create_app(settings, HashEmbedder()), listening)
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        assert listening.wait(PATIENCE)
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def address(serving: Callable[[HttpSettings], str], settings: HttpSettings) -> str:
    """Where the small archive is served."""
    return serving(settings)


@pytest.fixture(scope="session")
def reports(serving: Callable[[HttpSettings], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where reports of one event are served that agree, differ, copy and correct one another."""
    folder = tmp_path_factory.mktemp("reports") / "archive"
    make_archive_of_reports(folder)
    return serving(HttpSettings.load(index=folder, wanted_precision=0.65))


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A real browser; the test is skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    sync_api.expect.set_options(timeout=PATIENCE_MS)
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS, timeout=PATIENCE_MS)
        yield chromium
        chromium.close()


@pytest.fixture
def browse(browser: "Browser") -> Iterator[Callable[[str], "Page"]]:
    """Opens pages of a server on which no script may fail and from which nothing but that server is asked."""
    contexts = []
    faults: list[str] = []

    def open_page(address: str) -> "Page":
        context = browser.new_context(base_url=address, locale="en-GB")
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: request.url.startswith(address) or faults.append(request.url))
        page.on(
            "console", lambda message: "Content Security Policy" in message.text and faults.append(message.text)
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


class _Server(uvicorn.Server):
    """A server that tells when it listens."""

    def __init__(self, app: object, listening: threading.Event) -> None:
        super().__init__(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None))  # type: ignore[arg-type]
        self._listening = listening

    async def startup(self, sockets: object = None) -> None:
        await super().startup(sockets)  # type: ignore[arg-type]
        self._listening.set()
