"""An article as it is sent to be stored."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from api.schemas.base import Shape
from indexer.readers.draft import (
    MAX_ID_CHARS,
    MAX_LINE_CHARS,
    MAX_STANDFIRST_CHARS,
    MAX_URL_CHARS,
    MOST_VERSION_DIGITS,
)


def _well_formed(value: object) -> object:
    """Replace lone surrogates, which JSON can spell but no text can hold, as bodies have them replaced."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_well_formed)]
Line = Annotated[Text, Field(max_length=MAX_LINE_CHARS)]


class NoticeIn(Shape):
    """That the article corrects an earlier version of it."""

    kind: Literal["correction"] = Field(
        description="Always `correction`. An article that must not be used any more is removed, not stored.",
        examples=["correction"],
    )
    text: Annotated[Text, Field(min_length=1, max_length=500)] = Field(
        description="In the publisher's words.", examples=["This version corrects the day of the next round."]
    )


class ArticleIn(Shape):
    """An article to store.

    Texts are brought into canonical form as those of files are: Unicode NFC, paragraphs parted by one blank line,
    any other run of white space one space, nothing invisible. Fields that are null, empty or blank count as
    absent; unknown fields are refused.
    """

    body: Text = Field(
        min_length=1,
        description="Plain text, paragraphs parted by blank lines. How long it may be is the server's choice "
        "(`DATELINE_HTTP_MAX_ARTICLE_CHARS`).",
        examples=["The talks lasted two hours.\n\nNo date was set for the next round."],
    )
    id: Annotated[Text, Field(min_length=1, max_length=MAX_ID_CHARS)] | None = Field(
        default=None,
        description="Its id. In a PUT that of the address, or absent. Where it is absent in a batch, it is made "
        "of `url`, as for files (16 hexadecimal digits of its SHA-256), or, without one, of the content hash.",
        examples=["desk/2024/talks"],
    )
    headline: Line | None = Field(default=None, description="Headline.", examples=["Talks end without a date"])
    published: Annotated[Text, Field(max_length=80)] | None = Field(
        default=None,
        description="When it was published, no more precisely than is known: `2024`, `2024-09`, `2024-09-10`, "
        "`2024-09-10T12:31+02:00`, or as RFC 822 or English prose write it. What cannot be read without guessing "
        "(`03/04/2024`), lies before 1800 or more than a day ahead is refused.",
        examples=["2024-09-10T12:31+02:00"],
    )
    standfirst: Annotated[Text, Field(max_length=MAX_STANDFIRST_CHARS)] | None = Field(
        default=None, description="The summary under the headline.", examples=["Both sides will meet again."]
    )
    byline: Line | None = Field(default=None, description="Who wrote it, as printed.", examples=["By A. Reporter"])
    dateline: Line | None = Field(
        default=None, description="Where (and when) it was filed, as printed.", examples=["GENEVA, Sept 10"]
    )
    source: Line | None = Field(default=None, description="Publisher or agency.", examples=["Example Wire"])
    url: Annotated[Text, Field(max_length=MAX_URL_CHARS)] | None = Field(
        default=None,
        description="Where it was published: an address that begins with `http://` or `https://`.",
        examples=["https://wire.example/2024/talks"],
    )
    language: Annotated[Text, Field(max_length=100)] | None = Field(
        default=None,
        description="A language tag or name: `en`, `en-GB`, `eng`, `English`; kept as ISO 639-1.",
        examples=["en"],
    )
    section: Line | None = Field(default=None, description="Desk or category.", examples=["World"])
    version: Annotated[int, Field(strict=True, ge=0, lt=10**MOST_VERSION_DIGITS)] | None = Field(
        default=None,
        description="Number of this version, where its publisher counts them. A lower one does not replace a "
        "higher one.",
        examples=[2],
    )
    supersedes: Annotated[Text, Field(min_length=1, max_length=MAX_ID_CHARS)] | None = Field(
        default=None,
        description="Id of the article in whose place it is, which is not found any more then.",
        examples=["desk/2024/talks-first-take"],
    )
    notice: NoticeIn | None = Field(default=None, description="That it corrects an earlier version.")
