import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from search.errors import SettingsError
from search.settings import Settings
from tests.fakes import HashEmbedder


def test_the_server_listens_to_this_machine_only_unless_told_otherwise() -> None:
    assert HttpSettings.load().http_host == "127.0.0.1"
    assert HttpSettings.load().http_cors_origins == ()


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_HTTP_PORT", "9000")
    monkeypatch.setenv("DATELINE_HTTP_CORS_ORIGINS", '["https://desk.example"]')
    monkeypatch.setenv("DATELINE_MAX_K", "7")
    settings = HttpSettings.load()
    assert (settings.http_port, settings.max_k) == (9000, 7)
    assert settings.http_cors_origins == ("https://desk.example",)
    assert Settings.load().max_k == 7


@pytest.mark.parametrize(
    "given",
    [
        {"http_port": 65_536},
        {"http_port": -1},
        {"http_host": ""},
        {"http_max_body_bytes": 10},
        {"http_cors_origins": ["desk.example"]},
        {"http_cors_origins": ["https://desk.example/path"]},
        {"http_unknown": 1},
    ],
    ids=str,
)
def test_a_setting_out_of_bounds_is_refused_and_named(given: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=next(iter(given))):
        HttpSettings.load(**given)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("DATELINE_HTTP_PORT", "abc", "valid integer"),
        ("DATELINE_HTTP_CORS_ORIGINS", "https://desk.example", r'\["https://desk\.example"\]'),
        ("DATELINE_HTTP_CORS_ORIGINS", '["desk.example"]', "pattern"),
        ("DATELINE_HTTP_CORS_ORIGINS", "3", "tuple"),
    ],
)
def test_a_variable_that_cannot_be_used_is_named_with_its_value(
    variable: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=f"{variable}.*: .*{told}"):
        HttpSettings.load()


@pytest.mark.parametrize("name", sorted(set(HttpSettings.model_fields) - set(Settings.model_fields)))
def test_every_setting_says_what_it_is(name: str) -> None:
    assert HttpSettings.model_fields[name].description


def test_pages_of_other_origins_may_read_nothing_unless_they_are_named(settings: HttpSettings) -> None:
    def allowed(settings: HttpSettings, origin: str) -> str | None:
        with TestClient(create_app(settings, HashEmbedder())) as client:
            response = client.get("/v1/status", headers={"Origin": origin})
            assert response.status_code == 200
            return response.headers.get("access-control-allow-origin")

    opened = settings.model_copy(update={"http_cors_origins": ("https://desk.example",)})
    assert allowed(settings, "https://desk.example") is None
    assert allowed(opened, "https://desk.example") == "https://desk.example"
    assert allowed(opened, "https://other.example") is None


def test_pages_of_origins_that_are_named_may_read_what_an_answer_has_beside_its_body(
    settings: HttpSettings,
) -> None:
    opened = settings.model_copy(update={"http_cors_origins": ("https://desk.example",)})
    with TestClient(create_app(opened, HashEmbedder())) as client:
        asked = client.get("/v1/ask", params={"q": "Who won?"}, headers={"Origin": "https://desk.example"})
    exposed = {name.strip().lower() for name in asked.headers["access-control-expose-headers"].split(",")}
    own = {name for name in asked.headers if name.startswith("dateline-")} | {"etag", "x-request-id"}
    assert len(own) == 4
    assert own <= exposed


def test_the_limit_of_bodies_can_be_set(settings: HttpSettings) -> None:
    small = settings.model_copy(update={"http_max_body_bytes": 1_024})
    with TestClient(create_app(small, HashEmbedder())) as client:
        assert client.post("/v1/ask", json={"q": "x " * 400}).status_code == 200
        assert client.post("/v1/ask", json={"q": "x " * 600}).status_code == 413
