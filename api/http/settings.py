"""Settings of the server, from environment variables (most begin with `DATELINE_HTTP_`) or keyword arguments."""

import json
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from limits import parse_many
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from api.writing.settings import WriterSettings

MOST_WORKERS = 64
"""Most processes that answer for one server."""

Origin = Annotated[str, Field(pattern=r"^(\*|https?://[^/\s?#]+)$")]


def _known_rates(text: str) -> str:
    """Refuse what is no rate."""
    if text:
        parse_many(text)
    return text


Rates = Annotated[str, AfterValidator(_known_rates)]


def _list_of(text: object) -> object:
    """Read a list as it stands in an environment variable."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(
            f'this is not JSON; a list of origins is written ["https://desk.example"] ({error})'
        ) from error


class HttpSettings(WriterSettings):
    """The settings of the search side, of written answers, and of the server."""

    http_host: Annotated[
        str,
        Field(
            min_length=1,
            description="Address to listen on. Without API keys, whoever reaches it can read the archive.",
        ),
    ] = "127.0.0.1"
    http_keys: Annotated[
        Literal["auto", "required", "off"],
        Field(
            description="Whether requests must carry an API key: `auto` as soon as there is one, `required` in "
            "any case, `off` never. A server that others reach does not start without keys unless this is `off`."
        ),
    ] = "auto"
    keys_file: Annotated[
        Path | None,
        Field(
            description="File of the API keys; beside the archive unless set: `FOLDER.keys.json`. Set it where "
            "the archive is `s3://` or `lance://`, else it is `dateline.keys.json` of the working folder."
        ),
    ] = None
    http_rate_by_key: Annotated[
        Rates,
        Field(
            description="How often a key may ask: `600/minute`, or several rates parted by `;`; empty for no "
            "limit."
        ),
    ] = "600/minute"
    http_rate_by_address: Annotated[
        Rates,
        Field(
            description="How often an address may ask, with or without a key; empty for no limit. Behind a proxy "
            "it is the proxy's, unless FORWARDED_ALLOW_IPS names that."
        ),
    ] = ""
    http_rate_wrong_keys: Annotated[
        Rates, Field(description="How often an address may give a wrong key before it is told to wait.")
    ] = "20/minute"
    http_rates_store: Annotated[
        str,
        Field(
            description="Where requests are counted: empty for the process itself, `sqlite:///FILE` for the "
            "workers of one machine, or what the library `limits` takes, such as `redis://HOST`."
        ),
    ] = ""
    http_port: Annotated[int, Field(ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")] = 8000
    http_log_format: Annotated[
        Literal["plain", "json"], Field(description="How the log is written: lines for people, or JSON.")
    ] = "plain"
    http_access_log: Annotated[
        bool,
        Field(description="Whether each request is logged: its route, never what was asked."),
    ] = False
    http_tracing: Annotated[
        bool,
        Field(
            description="Whether spans are sent over OTLP (extra `otel`), to where the variables of OpenTelemetry "
            "(`OTEL_EXPORTER_OTLP_ENDPOINT`) say; no question is in them."
        ),
    ] = False
    http_cors_origins: Annotated[
        tuple[Origin, ...],
        NoDecode,  # or what is no JSON would be an error of another kind, naming no variable
        BeforeValidator(_list_of),
        Field(
            max_length=100,
            description="Origins whose pages may read the API, as a JSON list of `https://host`, or `*` for any; "
            "none by default.",
        ),
    ] = ()
    http_max_body_bytes: Annotated[
        int,
        Field(
            ge=1_024, le=16_777_216, description="Largest request body, in bytes; articles have their own limit."
        ),
    ] = 65_536
    http_max_claims: Annotated[
        int,
        Field(
            ge=1,
            le=100_000,
            description="Most quotes that one request to /v1/verify may have verified; DATELINE_MAX_CLAIMS "
            "applies as well.",
        ),
    ] = 250
    http_max_articles_bytes: Annotated[
        int,
        Field(
            ge=1_024,
            le=268_435_456,
            description="Largest request body that brings articles, in bytes. Reading one takes up to some twenty "
            "times as much memory.",
        ),
    ] = 8_388_608
    http_max_batch: Annotated[
        int, Field(ge=1, le=10_000, description="Most articles of one request; they are stored in one commit.")
    ] = 100
    http_max_questions: Annotated[
        int, Field(ge=1, le=10_000, description="Most questions of one request to /v1/batch/ask.")
    ] = 100
    http_max_article_chars: Annotated[
        int, Field(ge=1, le=2_000_000, description="Longest body of an article that is sent, in characters.")
    ] = 200_000
    http_max_seconds: Annotated[
        float,
        Field(gt=0, le=86_400, description="Longest that a request may take until its answer begins, in seconds."),
    ] = 30.0
    http_max_write_seconds: Annotated[
        float,
        Field(gt=0, le=86_400, description="The same for one that changes the archive, which embeds articles."),
    ] = 300.0
    http_workers: Annotated[
        int,
        Field(
            ge=1,
            le=MOST_WORKERS,
            description="Processes that answer. Each loads the models for itself; they share the cores, the files "
            "of the archive and all limits.",
        ),
    ] = 1
    http_max_requests: Annotated[
        int, Field(ge=1, le=1_000, description="Most requests that are answered at once; more are turned away.")
    ] = 32
    http_max_writes: Annotated[int, Field(ge=1, le=1_000, description="Most of them that change the archive.")] = 4
    writable: Annotated[
        bool, Field(description="Whether those who reach the server may add, replace and remove articles.")
    ] = False
    write_token: Annotated[
        SecretStr | None,
        Field(
            min_length=16,
            description="What a request that changes the archive may carry as `Authorization: Bearer TOKEN` in "
            "place of a key, at least 16 characters; without either, whoever reaches a writable server may write. "
            "A server that is writable and listens to other machines must have one of the two.",
        ),
    ] = None

    @property
    def is_for_this_machine(self) -> bool:
        """Whether the server can be reached from this machine only."""
        try:
            return ip_address(self.http_host).is_loopback
        except ValueError:
            return self.http_host == "localhost"
