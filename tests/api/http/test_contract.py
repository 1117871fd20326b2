"""The server does what its OpenAPI description says, whatever it is sent.

FUZZ_EXAMPLES sets how many requests are made of each endpoint; a few unless it is set.
"""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from api.http import HttpSettings, create_app
from api.http.incoming import LINES
from api.keys import Keys, KeyScope, keys_file
from search.archive import LocalArchive
from tests.api.http.articles import ARTICLES
from tests.fakes import HashEmbedder, store

DEFAULT = 15
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", DEFAULT))
TOKEN = "a token for the tests"  # noqa: S105 - of no secret
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    allow_header_conformance,
]


@schemathesis.serializer(*LINES)
def lines(context: object, value: object) -> bytes:
    """Send generated text as it is."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")


LONGEST_ADDRESS = 20_000  # the web server, not the application, ends connections whose head is beyond 64 KiB
PATIENCE = 60
AT_LENGTH = 60
OPEN_TO_ALL = {"/livez", "/readyz"}
NOTHING_TO_BREAK = {"/v1/status", "/v1/suggestions", "/livez", "/readyz", "/metrics"}
BATCHES = {"POST /v1/articles", "POST /v1/batch/ask"}  # refuse what is wrong one by one, with status 200

DESCRIPTION = schemathesis.openapi.from_dict(
    create_app(HttpSettings.load(writable=True), HashEmbedder()).openapi()
)
OPERATIONS = [result.ok() for result in DESCRIPTION.get_all_operations()]


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory, serving: Callable[[HttpSettings], str]) -> str:
    """Where a small archive is served that may be changed."""
    folder = tmp_path_factory.mktemp("contract") / "archive"
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *ARTICLES)
    return serving(HttpSettings.load(index=folder, writable=True, write_token=TOKEN))


@pytest.fixture(scope="module")
def keyed(
    tmp_path_factory: pytest.TempPathFactory, serving: Callable[[HttpSettings], str]
) -> tuple[str, dict[str, str]]:
    """Where such an archive is served to whoever has a key; keys by what they are good for."""
    folder = tmp_path_factory.mktemp("keyed") / "archive"
    embedder = HashEmbedder()
    with LocalArchive.create(folder, embedder.card) as archive:
        store(archive, embedder, *ARTICLES)
    unlimited = {name: "" for name in HttpSettings.model_fields if name.startswith("http_rate_")}
    settings = HttpSettings.load(index=folder, writable=True, http_keys="required", **unlimited)
    keys = Keys(keys_file(folder, None))
    given = {
        "everything": keys.create("all", list(KeyScope))[1],
        "one source": keys.create("one", [KeyScope.READ, KeyScope.INGEST], ["Wire"])[1],
    }
    return serving(settings), given


def address(case: schemathesis.Case, base: str) -> str:
    sent = case.as_transport_kwargs(base)
    return requests.Request(sent["method"], sent["url"], params=sent.get("params")).prepare().url or ""


def cases() -> Iterator[Any]:
    for operation in OPERATIONS:
        for mode in schemathesis.GenerationMode:
            if mode is schemathesis.GenerationMode.NEGATIVE and operation.path in NOTHING_TO_BREAK:
                continue
            yield pytest.param(operation, mode, id=f"{operation.label}-{mode.value}")


def send(
    base: str,
    key: str | None,
    operation: schemathesis.schemas.APIOperation,
    mode: schemathesis.GenerationMode,
    most: int,
) -> None:
    """Send what is drawn, and hold each answer against the description; without a key each must be a refusal."""

    @hypothesis.settings(
        max_examples=most,
        database=None,
        derandomize=most <= DEFAULT,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def answers(case: schemathesis.Case) -> None:
        hypothesis.assume(len(address(case, base)) < LONGEST_ADDRESS)
        response = case.call(base, headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=PATIENCE)
        checks = list(CHECKS)
        if key is None and operation.path not in OPEN_TO_ALL:
            assert response.status_code in {401, 404}  # an id with a slash in it makes an address of nothing
        elif response.status_code != 413 and operation.label not in BATCHES:
            checks.append(negative_data_rejection)
        case.validate_response(response, checks=checks)

    answers()


@pytest.mark.parametrize(("operation", "mode"), list(cases()))
def test_whatever_is_sent_is_answered_as_described(
    changing: str, operation: schemathesis.schemas.APIOperation, mode: schemathesis.GenerationMode
) -> None:
    send(changing, TOKEN, operation, mode, EXAMPLES)


@pytest.mark.long
@pytest.mark.parametrize(("which", "most"), [("everything", AT_LENGTH), ("one source", DEFAULT)])
@pytest.mark.parametrize(("operation", "mode"), list(cases()))
def test_with_a_key_whatever_is_sent_at_length_is_answered_as_described(
    keyed: tuple[str, dict[str, str]],
    which: str,
    most: int,
    operation: schemathesis.schemas.APIOperation,
    mode: schemathesis.GenerationMode,
) -> None:
    base, keys = keyed
    send(base, keys[which], operation, mode, most)


@pytest.mark.long
@pytest.mark.parametrize(("operation", "mode"), list(cases()))
def test_without_a_key_whatever_is_sent_is_refused_as_described(
    keyed: tuple[str, dict[str, str]],
    operation: schemathesis.schemas.APIOperation,
    mode: schemathesis.GenerationMode,
) -> None:
    send(keyed[0], None, operation, mode, DEFAULT)
