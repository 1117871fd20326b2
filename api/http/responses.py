"""Responses: as files in a format to take along, and with entity tags for clients that have an answer already.

The bytes of an answer depend on the request, what its key reaches, the snapshot, the day from which relative
words are reckoned, the rules that read articles, the models, a few settings, and whether the indexes are
verified. The tag is a digest of all of these, so it is known before anything is computed. It is a weak one: the
same answer may be sent compressed or not.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from api import formats
from api.formats import FILE_TYPES, Format, formatted
from api.http.headers import read_tags
from api.http.lending import Lending, lending
from api.schemas import CitedQuoteResponse
from search.errors import DatelineError

Formed = TypeVar("Formed", bound=formats.Response)

_LONGEST = 60
_NO_NAME = re.compile(r"[^a-z0-9]+")
Shaped = TypeVar("Shaped", bound=BaseModel)

BEING_WRITTEN = "Dateline-Being-Written"
"""Header of an answer: `true` while articles are being stored, so that the next answer may be another.

It is no part of the answer's body, which is the same for the same snapshot.
"""

WRITER = "Dateline-Writer"
"""Header of an answer: `true` where a model can word it (`/v1/written`)."""

_HEX_DIGITS = 32


def written(request: Request, shaped: Formed, form: Format) -> Formed | Response:
    """Write what was shaped in a format; what is to be JSON stays as it is.

    Links to citations lead to the address at which this server was asked.
    """
    if form is Format.JSON:
        return shaped
    text = formatted(shaped, form, str(request.base_url))
    kind = FILE_TYPES[form]
    # Spreadsheets take a table for one of their own country's old encoding unless it begins with this mark.
    content = text.encode("utf-8-sig" if form is Format.CSV else "utf-8", "replace")
    about = shaped.headline if isinstance(shaped, CitedQuoteResponse) else shaped.question
    name = f"dateline-{_slug(about)}".strip("-")
    disposition = f'attachment; filename="{name}.{kind.suffix}"'
    return Response(content, media_type=kind.media_type, headers={"Content-Disposition": disposition})


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NO_NAME.sub("-", plain).strip("-")[:_LONGEST].rstrip("-")


def told_with(room: Lending) -> dict[str, str]:
    """The headers of an answer that tell of the server and the archive as they are, and are no part of it."""
    return {
        BEING_WRITTEN: str(room.being_written()).lower(),
        WRITER: str(bool(room.settings.writer_url)).lower(),
    }


class Revalidation:
    """Answers a request from the client's own copy where that still holds."""

    def __init__(
        self,
        request: Request,
        response: Response,
        if_none_match: Annotated[
            str | None,
            Header(
                description="ETags of answers that the client has; if one still holds, the answer is status 304 "
                "without a body, and nothing is computed.",
                examples=['W/"0f3d6f1c0d9f4a52a1f1c1be9f4f6cf2"'],
            ),
        ] = None,
    ) -> None:
        self._address = str(
            request.base_url.replace(path=request.url.path)
        )  # links in answers lead to where it was asked
        self._room = lending(request)
        self._response = response
        self._known = read_tags("If-None-Match", if_none_match)

    def answer(self, parameters: BaseModel, compute: Callable[[], Shaped | Response]) -> Shaped | Response:
        """Give what `compute` gives with its tag, or status 304 if the client has it.

        An answer that was computed while the archive changed, or past midnight, has no tag.

        Args:
            parameters: All that was asked, but for the address.
            compute: Makes the answer.
        """
        tag = self._tag(parameters)
        writing = told_with(self._room)
        if tag is not None and tag in self._known:
            return Response(status_code=304, headers={"ETag": tag, **writing})
        answer = compute()
        sent = answer if isinstance(answer, Response) else self._response
        sent.headers.update(writing)
        if tag is not None and self._tag(parameters) == tag:
            sent.headers["ETag"] = tag
        return answer

    def _tag(self, parameters: BaseModel) -> str | None:
        """Make the tag of the answer as of now; None when the archive cannot be read, which the answer tells."""
        try:
            state = self._room.state()
        except DatelineError:
            return None
        given = parameters.model_dump_json()
        whole = f"{self._address}\x00{given}\x00{this_day()}\x00{state}"
        digest = sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
        return f'W/"{digest[:_HEX_DIGITS]}"'


def this_day() -> str:
    """Tell the day as the engine does."""
    return date.today().isoformat()  # noqa: DTZ011 - of the server's own zone


class Telling:
    """Sends an answer that no client keeps, to POST, with the headers that one to GET has."""

    def __init__(self, request: Request, response: Response) -> None:
        self._room = lending(request)
        self._response = response

    def answer(self, answer: Shaped | Response) -> Shaped | Response:
        """Put the headers on an answer."""
        sent = answer if isinstance(answer, Response) else self._response
        sent.headers.update(told_with(self._room))
        return answer


Told = Annotated[Telling, Depends()]

Fresh = Annotated[Revalidation, Depends()]
