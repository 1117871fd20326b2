"""Settings of written answers, from environment variables that begin with `DATELINE_WRITER_`."""

from typing import Annotated

from pydantic import Field, SecretStr

from search.settings import Settings


class WriterSettings(Settings):
    """The settings of the search side, and those of written answers."""

    writer_url: Annotated[
        str,
        Field(
            pattern=r"^(|https?://[^\s?#]+)$",
            description="Base address of an OpenAI-compatible endpoint that words evidence, such as "
            "http://127.0.0.1:11434/v1; empty for none. The question and the quotes are sent there.",
        ),
    ] = ""
    writer_model: Annotated[
        str, Field(max_length=500, description="Name of the model there; empty for the one that is served.")
    ] = ""
    writer_key: Annotated[
        SecretStr | None, Field(min_length=1, description="Key of the endpoint, sent as a bearer token.")
    ] = None
    writer_seconds: Annotated[
        float,
        Field(gt=0, le=3_600, description="Longest that a model may write, in seconds; then quotes stand alone."),
    ] = 60.0
