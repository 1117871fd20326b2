"""Who gets in: every route says what it takes, and a key opens what it was made for and nothing else."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.http import HttpSettings, create_app
from api.http.door import OPEN, needed, single_routes
from api.http.rates import Rates, SharedCounts, TooManyError
from api.http.server import check_exposure, serve
from api.keys import Key, Keys, KeyScope, KeysError, keys_file
from search.errors import SettingsError
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

READING = ("/v1/ask?q=rates", "/v1/search?q=rates", "/v1/timeline?q=rates", "/v1/facets", "/v1/status")
EVERYBODYS = {"/", "/docs", "/c/{id}", "/static", "/openapi.json", "/livez", "/readyz"}


def bearer(given: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {given}"}


@pytest.fixture
def keyed(folder: Path, tmp_path: Path) -> HttpSettings:
    """The small archive, with a file of keys of its own."""
    return HttpSettings.load(
        index=folder, keys_file=tmp_path / "keys.json", writable=True, http_rate_wrong_keys=""
    )


@pytest.fixture
def keys(keyed: HttpSettings) -> Keys:
    return Keys(keys_file(keyed.index, keyed.keys_file))


@pytest.fixture
def made(keys: Keys) -> tuple[Key, str]:
    return keys.create("desk", [KeyScope.READ])


@pytest.fixture
def web(keyed: HttpSettings) -> Iterator[TestClient]:
    with TestClient(create_app(keyed, HashEmbedder())) as client:
        yield client


def test_every_route_says_what_it_takes_to_use_it(settings: HttpSettings) -> None:
    app = create_app(settings, HashEmbedder())
    takes = {(route.path, needed(route)) for route in single_routes(app.routes)}  # type: ignore[attr-defined]
    assert {path for path, need in takes if need == OPEN} == EVERYBODYS
    assert {need for path, need in takes if path not in EVERYBODYS} <= set(KeyScope)


@pytest.mark.parametrize("add", ["api", "plain", "mount"])
def test_a_route_that_does_not_say_is_refused_whoever_asks(settings: HttpSettings, add: str) -> None:
    app = create_app(settings, HashEmbedder())
    ways: dict[str, Callable[[], object]] = {
        "api": lambda: app.add_api_route("/new", lambda: "secret"),
        "plain": lambda: app.router.routes.append(Route("/new", lambda _: PlainTextResponse("secret"))),
        "mount": lambda: app.mount("/new", PlainTextResponse("secret")),
    }
    ways[add]()
    with TestClient(app) as client:
        problem = assert_problem(client.get("/new/"[: 4 + (add == "mount")]), 403, "not-allowed")
    assert "secret" not in problem["detail"]


@pytest.mark.parametrize("path", READING)
def test_without_a_valid_key_nothing_is_read(web: TestClient, made: tuple[Key, str], path: str) -> None:
    id_ = made[0].id
    wrong = (
        "",
        "nonsense",
        f"dl_{id_}_wrong",
        f"dl_{'0' * 12}_{made[1][-43:]}",
        made[1][:-1],
        f"{made[1]}x",
        "é" * 70,
    )
    answers = set()
    for given in wrong:
        response = web.get(path, headers={"Authorization": f"Bearer {given}".encode("latin-1", "replace")})
        assert_problem(response, 401, "not-authorised")
        assert response.headers["www-authenticate"] == "Bearer"
        answers.add(json.dumps({**response.json(), "request_id": ""}))
    assert len(answers) == 1
    assert web.get(path, headers=bearer(made[1])).status_code == 200


def test_the_page_and_health_need_no_key(web: TestClient, made: tuple[Key, str]) -> None:
    for path in ("/", "/livez", "/readyz", "/openapi.json", "/docs"):
        assert web.get(path).status_code == 200


def test_a_key_to_read_changes_nothing_and_one_to_ingest_reads_nothing(web: TestClient, keys: Keys) -> None:
    reader, feeder, admin = (
        bearer(keys.create(scope.value, [scope])[1]) for scope in (KeyScope.READ, KeyScope.INGEST, KeyScope.ADMIN)
    )
    assert_problem(web.put("/v1/articles/a", json={"body": "A text."}, headers=reader), 403, "not-allowed")
    assert_problem(web.delete("/v1/articles/a", headers=reader), 403, "not-allowed")
    assert_problem(web.get("/v1/status", headers=feeder), 403, "not-allowed")
    assert_problem(web.delete("/v1/articles/nobody", headers=feeder), 404, "article-not-found")
    assert web.get("/v1/status", headers=admin).status_code == 200
    assert_problem(web.delete("/v1/articles/nobody", headers=admin), 404, "article-not-found")


def test_keys_count_from_the_moment_they_are_made_until_they_are_revoked(web: TestClient, keys: Keys) -> None:
    assert web.get("/v1/status").status_code == 200
    given = keys.create("desk", [KeyScope.READ])[1]
    assert_problem(web.get("/v1/status"), 401, "not-authorised")
    assert web.get("/v1/status", headers=bearer(given)).status_code == 200
    keys.revoke("desk")
    assert_problem(web.get("/v1/status", headers=bearer(given)), 401, "not-authorised")


def test_losing_or_spoiling_the_file_of_keys_opens_nothing(web: TestClient, keys: Keys) -> None:
    given = bearer(keys.create("desk", [KeyScope.READ])[1])
    assert web.get("/v1/status", headers=given).status_code == 200
    kept = keys.path.read_bytes()
    for spoilt in (kept[:-2], b"{}", b"", b"\xff"):
        keys.path.write_bytes(spoilt)
        assert_problem(web.get("/v1/status", headers=given), 503, "keys")
    keys.path.write_bytes(kept)
    keys.path.chmod(0o666)
    keys.path.touch()
    assert_problem(web.get("/v1/status", headers=given), 503, "keys")
    keys.path.unlink()
    assert_problem(web.get("/v1/status", headers=given), 503, "keys")
    assert_problem(web.get("/v1/status"), 401, "not-authorised")


def test_losing_keys_that_were_made_while_nobody_asked_opens_nothing(
    web: TestClient, keyed: HttpSettings, keys: Keys
) -> None:
    assert web.get("/v1/status").status_code == 200, "there are no keys yet"
    given = bearer(keys.create("desk", [KeyScope.READ])[1])
    keys.path.unlink()
    assert_problem(web.get("/v1/status"), 401, "not-authorised")
    assert_problem(web.get("/v1/status", headers=given), 503, "keys")
    with pytest.raises(KeysError, match="are gone"):
        keys.all()
    assert check_exposure(keyed).http_keys == "required"
    anew = bearer(keys.create("desk", [KeyScope.READ])[1])
    assert web.get("/v1/status", headers=anew).status_code == 200
    keys.path.unlink()
    keys.mark.unlink()
    with TestClient(create_app(keyed, HashEmbedder())) as without:
        assert without.get("/v1/status").status_code == 200, "whoever removes both does without keys"


def test_a_key_expires(keyed: HttpSettings) -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    keys = Keys(keys_file(keyed.index, keyed.keys_file), lambda: now[0])
    given = keys.create("desk", [KeyScope.READ], expires=now[0] + timedelta(days=1))[1]
    assert keys.find(given)
    now[0] += timedelta(days=1)
    assert keys.find(given) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_where_there_were_keys_at_the_start_losing_their_file_opens_nothing_in_a_process_started_later(
    keyed: HttpSettings, keys: Keys, host: str
) -> None:
    settings = keyed.model_copy(update={"http_host": host, "writable": False})
    keys.create("desk", [KeyScope.READ])
    served = check_exposure(settings)
    assert check_exposure(settings.model_copy(update={"http_keys": "off"})).http_keys == "off"
    keys.path.unlink()
    with TestClient(create_app(served, HashEmbedder())) as later:
        assert_problem(later.get("/v1/status"), 401, "not-authorised")


def test_on_this_machine_keys_are_not_required_before_there_are_any(keyed: HttpSettings) -> None:
    assert check_exposure(keyed).http_keys == "auto"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "desk.example"])  # noqa: S104
def test_others_are_not_served_without_keys_unless_that_is_said(keyed: HttpSettings, host: str) -> None:
    public = keyed.model_copy(update={"http_host": host, "writable": False})
    with pytest.raises(SettingsError, match="there are no keys"):
        check_exposure(public)
    check_exposure(public.model_copy(update={"http_keys": "off"}))
    keys = Keys(keys_file(public.index, public.keys_file))
    keys.create("desk", [KeyScope.READ])
    check_exposure(public)
    with pytest.raises(SettingsError, match="--scope ingest"):
        check_exposure(public.model_copy(update={"writable": True}))
    keys.create("feed", [KeyScope.INGEST])
    check_exposure(public.model_copy(update={"writable": True}))


def test_whoever_asks_too_often_is_told_when_to_come_again(
    keyed: HttpSettings, keys: Keys, tmp_path: Path
) -> None:
    rates = {
        "http_rate_by_key": "3/hour",
        "http_rate_wrong_keys": "2/hour",
        "http_rates_store": f"sqlite://{tmp_path / 'counts.sqlite'}",
    }
    one, other = (bearer(keys.create(name, [KeyScope.READ])[1]) for name in ("one", "other"))
    workers = [TestClient(create_app(keyed.model_copy(update=rates), HashEmbedder())) for _ in range(2)]
    with workers[0], workers[1]:
        statuses = [workers[place % 2].get("/v1/status", headers=one).status_code for place in range(5)]
        assert statuses == [200, 200, 200, 429, 429]  # however many workers count
        refused = workers[0].get("/v1/status", headers=one)
        assert_problem(refused, 429, "too-many")
        assert 0 < int(refused.headers["retry-after"]) <= 3_600
        assert workers[1].get("/v1/status", headers=other).status_code == 200
        guesses = [workers[place % 2].get("/v1/status", headers=bearer("guess")).status_code for place in range(4)]
        assert guesses == [401, 401, 429, 429]
        assert workers[1].get("/v1/status", headers=other).status_code == 200  # who has a key goes on
        assert workers[0].get("/livez").status_code == 200


def test_who_asks_too_often_is_told_to_wait_though_nobody_can_tell_how_long(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = f"sqlite://{tmp_path / 'counts.sqlite'}"
    rates = Rates(HttpSettings.load(http_rate_by_key="1/minute", http_rates_store=store))
    rates.count_key("desk")

    def locked(self: SharedCounts, key: str) -> float:
        raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(SharedCounts, "get_expiry", locked)
    with pytest.raises(TooManyError) as caught:
        rates.count_key("desk")
    assert caught.value.retry_after == 60


@pytest.mark.parametrize(
    "store", ["nowhere://desk:secret@host", "nowhere", "async+memory://", "sqlite:///no/such/folder/counts"]
)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_place_where_nothing_can_be_counted_is_told_before_anything_is_served(
    keyed: HttpSettings, store: str, workers: int
) -> None:
    settings = {"http_rates_store": store, "http_workers": workers, "http_port": 0, "writable": False}
    with pytest.raises(SettingsError, match="DATELINE_HTTP_RATES_STORE") as caught:
        serve(keyed.model_copy(update=settings))
    assert "secret" not in caught.value.problem
