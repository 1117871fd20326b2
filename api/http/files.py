"""Responses written in a format to take along, as files with a name."""

import re
import unicodedata
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response

from api import formats
from api.formats import FILE_TYPES, Format, formatted
from api.schemas import CitedQuoteResponse

Shaped = TypeVar("Shaped", bound=formats.Response)

_LONGEST = 60
_NO_NAME = re.compile(r"[^a-z0-9]+")


def written(request: Request, shaped: Shaped, form: Format) -> Shaped | Response:
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
