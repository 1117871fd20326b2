"""docs/http.md says what the server does."""

import re
import shlex
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.parameters import LONGEST_NAME, MOST_NAMES, SearchParameters, TimelineParameters
from api.http.problems import INVALID_REQUEST, KINDS
from search.settings import Settings
from tests.fakes import HashEmbedder

REFERENCE = (Path(__file__).resolve().parents[3] / "docs" / "http.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^curl .*$", REFERENCE, re.MULTILINE)
CHANGES = [command for command in COMMANDS if "-X" in command or re.search(r"-s \S+/v1/articles ", command)]
ADDRESS = "http://127.0.0.1:8000"


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in CHANGES])
def test_every_command_works(client: TestClient, command: str) -> None:
    path, response = run(client, command)
    # The sample archive's article is not in this one.
    expected = 404 if path.startswith(("/v1/articles/", "/v1/citations/", "/v1/readings/")) else 200
    assert response.status_code == expected, response.text


def test_the_commands_that_change_the_archive_work_one_after_the_other(tmp_path: Path) -> None:
    settings = HttpSettings.load(index=tmp_path / "archive", writable=True)
    with TestClient(create_app(settings, HashEmbedder())) as client:
        assert [run(client, command)[1].status_code for command in CHANGES] == [201, 200, 204]


def run(client: TestClient, command: str) -> tuple[str, httpx2.Response]:
    """Send what a curl command would."""
    words = iter(shlex.split(command)[1:])
    path, body, headers = "", [], {}
    by_get, method = False, None
    for word in words:
        match word:
            case "-s":
                pass
            case "-sG" | "-sOJG":
                by_get = True
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d" | "--data-urlencode":
                body.append(next(words))
            case _:
                path = word.removeprefix(ADDRESS)
    request: dict[str, Any] = {"headers": headers}
    if by_get:
        request["params"] = [tuple(pair.split("=", 1)) for pair in body]
    elif body:
        request["content"] = "&".join(body)
    return path, client.request(method or ("POST" if body and not by_get else "GET"), path, **request)


def test_every_endpoint_is_documented(client: TestClient) -> None:
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in REFERENCE


def test_every_parameter_is_documented() -> None:
    for name, field in (SearchParameters.model_fields | TimelineParameters.model_fields).items():
        assert f"`{field.alias or name}`" in REFERENCE


def test_every_kind_of_problem_is_documented_with_its_status() -> None:
    for kind in [*KINDS.values(), INVALID_REQUEST]:
        row = next(line for line in REFERENCE.splitlines() if line.startswith("|") and f"`{kind.name}`" in line)
        assert f"| {kind.status} |" in row


@pytest.mark.parametrize("name", sorted(set(HttpSettings.model_fields) - set(Settings.model_fields)))
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    row = next(line for line in REFERENCE.splitlines() if line.startswith(f"| `DATELINE_{name.upper()}`"))
    default = HttpSettings.model_fields[name].default
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    assert row.split("|")[-2].strip() == ("none" if default in {None, (), ""} else f"`{shown}`")


def test_the_limits_are_documented() -> None:
    for name in ("max_claims", "max_quote_chars"):
        default = Settings.model_fields[name].default
        assert re.search(rf"{default:,} \w+ \(`DATELINE_{name.upper()}`\)", REFERENCE)
    assert f"at most {MOST_NAMES} names of at most {LONGEST_NAME} characters" in REFERENCE
