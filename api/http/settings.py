"""Settings of the server, from `DATELINE_HTTP_*` environment variables or keyword arguments."""

import json
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode

from search.settings import Settings

Origin = Annotated[str, Field(pattern=r"^(\*|https?://[^/\s?#]+)$")]


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


class HttpSettings(Settings):
    """The settings of the search side, and those of the server."""

    http_host: Annotated[
        str,
        Field(
            min_length=1,
            description="Address to listen on. There are no accounts: whoever reaches it can read the archive.",
        ),
    ] = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")] = 8000
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
        int, Field(ge=1_024, le=16_777_216, description="Largest request body, in bytes.")
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
