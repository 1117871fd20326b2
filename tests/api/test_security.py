"""What is defended, and how each attack ends.

| attack | defence |
| --- | --- |
| scripts in articles, questions and addresses | JSON and problems only, `nosniff`, no inline scripts |
| line breaks in ids, questions and names | encoded in headers; questions are not logged; names are refused |
| paths that lead out of a folder | ids are looked up, never opened; static files are those of their folder |
| guessing keys, and timing the answers | 256 random bits, one comparison in constant time, one answer, a rate |
| bodies, addresses and texts without end | counted as they arrive, bounded before they are parsed |
| clients that send or read slowly | heads, requests and what is sent have a time: `http/test_admission.py` |
| more questions than can be answered | those that could not begin in time are turned away: `http/test_limits.py` |
| errors that tell of the server, or of what others store | are for operators: `http/test_confidences.py` |
| addresses that lead inwards | nothing of an article is fetched; where a feed leads is checked |
| a key of one source | sees an archive of that source alone: `tests/api/http/test_scopes.py` |
| a new route that nobody thought about | is refused: `tests/api/http/test_door.py` |
"""

import hmac
import json
import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.keys import Keys, KeyScope, keys_file
from indexer import download
from indexer.feeds import Feeds
from indexer.readers import ReadOptions, read_file
from search.archive import LocalArchive
from search.errors import SettingsError
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder, make_article, store

SCRIPT = "<script>window.owned=1</script>"
BREAK = "\r\nSet-Cookie: owned=1"
PATIENCE = 20


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> HttpSettings:
    """A writable archive with an article that attacks in every field."""
    folder = tmp_path_factory.mktemp("security") / "archive"
    embedder = HashEmbedder()
    article = make_article(
        f"hostile{SCRIPT}",
        f"{SCRIPT} Zeppelins landed in Friedrichshafen on Monday, the pilot said.",
        f"{SCRIPT}{BREAK}",
        "2024-09-10",
        source=SCRIPT,
        section=f"{SCRIPT}{BREAK}",
        byline=SCRIPT,
        url="http://169.254.169.254/latest/meta-data/",
    )
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, article)
    return HttpSettings.load(index=folder, writable=True, least_closeness=0.2, http_max_body_bytes=20_000)


@pytest.fixture(scope="module")
def web(hostile: HttpSettings) -> Iterator[TestClient]:
    with TestClient(create_app(hostile, HashEmbedder())) as client:
        yield client


@pytest.fixture(scope="module")
def address(hostile: HttpSettings, serve: Callable[[HttpSettings], str]) -> str:
    return serve(hostile.model_copy(update={"http_max_seconds": 3.0}))


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[HttpSettings], str]]:
    from tests.api.http.conftest import serving

    yield from serving.__wrapped__()  # type: ignore[attr-defined]


# Scripts


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/ask?q={quote(SCRIPT)}%20zeppelins",
        "/v1/search?q=zeppelins",
        "/v1/articles",
        "/v1/changes",
        "/v1/status",
        f"/v1/{quote(SCRIPT)}",
        f"/v1/ask?{quote(SCRIPT)}=1",
        f"/v1/articles/{quote(SCRIPT)}",
    ],
)
def test_scripts_that_are_stored_or_sent_are_data_and_nothing_else(web: TestClient, path: str) -> None:
    response = web.get(path)
    assert re.fullmatch(r"application/(problem\+|feed\+)?json", response.headers["content-type"].split(";")[0])
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    json.loads(response.text)


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_pages_run_no_script_of_anybody_else(web: TestClient, path: str) -> None:
    page = web.get(path)
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []
    assert re.findall(r"\son\w+\s*=", page.text) == []
    assert re.findall(r"(?:src|href)=[\"']?(?:https?:)?//(?!www\.apache)", page.text) == []


# Headers and logs


def test_no_line_break_reaches_a_header(web: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    id_ = f"new{BREAK}"
    question = f"zeppelins{BREAK}\x1b[2Jsecret"
    responses = [
        web.put(f"/v1/articles/{quote(id_, safe='')}", json={"body": "A text."}),
        web.get(f"/v1/articles/{quote(id_, safe='')}"),
        web.get(f"/c/{quote(f'//evil.example/{BREAK}', safe='')}", follow_redirects=False),
        web.get("/v1/ask", params={"q": question}),
        web.get("/v1/search", params={"q": question, "format": "csv"}),
        web.get(f"/v1/{quote(BREAK)}"),
        web.get("/v1/ask", params={"q": "x"}, headers={"X-Request-Id": "a\x1b[2J", "If-None-Match": '"owned"'}),
    ]
    for response in responses:
        assert response.status_code < 500
        assert "set-cookie" not in response.headers
        assert all("\n" not in value and "\r" not in value for value in response.headers.values())
    assert not re.match(r"(https?:)?//", responses[2].headers.get("location", ""))
    for record in caplog.records:
        if record.name.startswith(("api", "search", "uvicorn")):
            assert "secret" not in record.getMessage()
            assert "\x1b" not in record.getMessage()


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "\x1b[2J", "x" * 101])
def test_a_key_has_no_name_that_could_write_into_a_log(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="no name"):
        Keys(tmp_path / "keys.json").create(name, [KeyScope.READ])


# Paths


@pytest.mark.parametrize("out", ["..", "%2e%2e", "..%2f", "%2e%2e%2f", "....//", "..%5c", "%252e%252e%252f"])
@pytest.mark.parametrize("under", ["/static/", "/v1/articles/", "/v1/citations/", "/"])
def test_no_path_leads_out_of_a_folder(address: str, under: str, out: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    for target in ("pyproject.toml", "api/http/app.py", "etc/passwd"):
        # A client would tidy the path up.
        request = (
            f"GET {under}{'/'.join([out] * 6)}/{target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        answer = sent(host, int(port), request.encode())
        assert re.match(rb"HTTP/1\.1 (?:4\d\d|3\d\d) ", answer), answer[:60]
        assert b"[project]" not in answer
        assert b"root:" not in answer
        assert b"def create_app" not in answer


# Keys


def secret_of(given: str) -> str:
    """What stands behind a key's name and id; it may hold underscores of its own."""
    return given.split("_", 2)[2]


def test_every_wrong_key_costs_one_comparison_in_constant_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = Keys(tmp_path / "keys.json")
    key, given = keys.create("desk", [KeyScope.READ])
    secret = secret_of(given)
    assert len(secret) >= 43  # 256 bits
    compared: list[tuple[int, int]] = []

    def noted(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return original(one, other)

    original = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", noted)
    wrong = [
        "",
        "x",
        given[:-1],
        f"dl_{key.id}_",
        f"dl_{key.id}_{'A' * 43}",
        f"dl_{'0' * 12}_{secret}",
        "_" * 9,
        "x" * 10_000,
    ]
    for guess in (*wrong, given):
        assert (keys.find(guess) is not None) == (guess == given)
    assert compared == [(64, 64)] * (len(wrong) + 1)


def test_what_is_kept_of_a_key_opens_nothing_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = Keys(path)
    given = [keys.create(f"desk {number}", [KeyScope.READ])[1] for number in range(3)]
    kept = path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600
    for one in given:
        assert secret_of(one) not in kept
    for hashed in re.findall(r"[0-9a-f]{64}", kept):
        assert keys.find(hashed) is None
    assert [name for name in tmp_path.iterdir() if name.suffix == ".tmp"] == []


def test_many_may_make_and_revoke_keys_at_once(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    threads = [
        threading.Thread(target=lambda number=number: Keys(path).create(f"desk {number}", [KeyScope.READ]))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(key.name for key in Keys(path).all()) == [f"desk {number}" for number in range(8)]


# Sizes and times


def test_what_has_no_end_is_refused_before_it_is_read_whole(web: TestClient) -> None:
    assert_problem(web.post("/v1/ask", json={"q": "x" * 30_000}), 413)
    assert_problem(web.get("/v1/ask", params={"q": "x" * 3_000}), 422, "query")
    deep = b"[" * 9_000 + b"]" * 9_000
    assert_problem(
        web.post("/v1/ask", content=deep, headers={"Content-Type": "application/json"}), 422, "invalid-request"
    )
    numbers = b'{"q": "x", "k": 1' + b"0" * 9_000 + b"}"
    assert web.post("/v1/ask", content=numbers, headers={"Content-Type": "application/json"}).status_code == 422
    many = "&".join(f"source=s{number}" for number in range(2_000))
    assert web.get(f"/v1/ask?q=x&{many}").status_code == 422


def test_a_body_that_goes_on_is_cut_off(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    head = f"POST /v1/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    head += "Transfer-Encoding: chunked\r\n\r\n"
    chunks = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
    answer = sent(host, int(port), head.encode() + chunks * 8)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_client_that_sends_slowly_is_not_waited_for(address: str) -> None:
    host, port = address.removeprefix("http://").split(":")
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    )
    began = time.monotonic()
    answer = sent(host, int(port), head.encode() + b'{"q": "')
    assert answer.startswith(b"HTTP/1.1 504 ")
    assert time.monotonic() - began < PATIENCE
    assert httpx2.get(f"{address}/livez", trust_env=False).status_code == 200


def sent(host: str, port: int, request: bytes) -> bytes:
    """Send bytes as they are; gives what comes back until the connection ends or says nothing more."""
    answer = b""
    with socket.create_connection((host, port), timeout=PATIENCE) as connection:
        with suppress(OSError):  # the server has heard enough
            connection.sendall(request)
        connection.settimeout(4)
        with suppress(OSError):
            while block := connection.recv(65_536):
                answer += block
    return answer


# Addresses that lead inwards


def test_nothing_that_an_article_names_is_fetched(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was looked up or reached")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    id_ = quote(f"hostile{SCRIPT}", safe="")
    for path in ("/v1/ask?q=zeppelins", "/v1/search?q=zeppelins", "/v1/changes", f"/v1/articles/{id_}"):
        assert web.get(path).status_code == 200
    sent_article = {"body": "A text.", "url": "http://127.0.0.1:9/admin"}
    assert web.put("/v1/articles/inward", json=sent_article).status_code in {200, 201}


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/secret", "http://[::1]:{port}/", "file:///etc/passwd"]
)
def test_a_feed_does_not_lead_into_the_network_of_whoever_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", target.format(port=self.server.server_port))  # type: ignore[attr-defined]
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setattr(download, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(download, "addresses_of", lambda host: [host])
    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)  # noqa: S104 - what it leads to is there, too
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        embedder = HashEmbedder()
        with LocalArchive.create(tmp_path / "archive", embedder.card) as archive:
            url = f"http://127.0.0.1:{server.server_port}/feed"
            followed = Feeds([url], archive, embedder, read_file, ReadOptions(), every=60)
            (report,) = followed.ask()
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()
    assert asked == ["/feed"]
    assert report.problem


def test_keys_stand_beside_an_archive_and_in_no_copy_of_it(hostile: HttpSettings) -> None:
    assert keys_file(hostile.index, None).parent == hostile.index.absolute().parent
