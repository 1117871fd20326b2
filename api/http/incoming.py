"""From an article as it was sent to one that can be stored, by the rules that hold for files."""

from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from api.http.faults import in_words
from api.schemas.incoming import ArticleIn
from indexer.canonical import clean_line
from indexer.published import StatedDate
from indexer.readers import ReadOptions, Skipped
from indexer.readers.draft import Draft, finish
from indexer.readers.notices import correction_of
from search.article import Article, Withdrawal

ORIGIN = "sent over HTTP"
FOUND_IN = "published, as sent"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an article.

    Attributes:
        field: Which field; empty for the whole.
        detail: What is wrong with it, a sentence.
        where: `body`, or `path` when it stands in the address.
    """

    field: str
    detail: str
    where: str = "body"


class RefusedArticleError(ValueError):
    """What was sent is no article that can be stored.

    Attributes:
        faults: All that is wrong with it.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(f"{fault.field}: {fault.detail}" for fault in faults))
        self.faults = faults


def read_article(given: object, options: ReadOptions, article_id: str | None = None) -> Article:
    """Read an article.

    Args:
        given: What was sent, parsed: a JSON object in the shape of `ArticleIn`.
        options: Of them count the moment of reading and the longest body.
        article_id: The id that it shall have; None for its own, or one that is derived as for files.

    Raises:
        RefusedArticleError: If it is not in that shape, or a value cannot be read.
    """
    if not isinstance(given, dict):
        raise RefusedArticleError(Fault("", "It is no JSON object."))
    try:
        sent = ArticleIn.model_validate(given)
    except ValidationError as error:
        raise RefusedArticleError(*(_fault(fault) for fault in error.errors(include_url=False))) from None
    if article_id is not None and sent.id not in {None, article_id}:
        raise RefusedArticleError(Fault("id", "It is another than that in the address."))
    read = finish(_draft(sent, article_id), ORIGIN, options)
    if isinstance(read, Skipped):
        raise RefusedArticleError(Fault("body", read.reason))
    if isinstance(read, Withdrawal):
        raise RefusedArticleError(
            Fault(
                "body", f"It says that an article must not be used ({read.reason}); remove that article instead."
            )
        )
    _check(sent, read)
    if article_id is None and not sent.id and not read.url:
        return replace(read, id=read.content_hash[:16])
    return read


def check_id(article_id: str) -> None:
    """Refuse an id that an article from a file could not have.

    Raises:
        RefusedArticleError: If it has no canonical form, or is not in it.
    """
    canonical = clean_line(article_id)
    if not canonical:
        raise RefusedArticleError(Fault("id", "It is empty.", "path"))
    if canonical != article_id:
        detail = f"It is not in canonical form (Unicode NFC, nothing invisible), which is {canonical!r}."
        raise RefusedArticleError(Fault("id", detail, "path"))


def _draft(sent: ArticleIn, article_id: str | None) -> Draft:
    return Draft(
        body=sent.body,
        id=article_id or sent.id,
        headline=sent.headline,
        published=(StatedDate(sent.published, FOUND_IN),) if sent.published else (),
        standfirst=sent.standfirst,
        byline=sent.byline,
        dateline=sent.dateline,
        source=sent.source,
        url=sent.url,
        language=sent.language,
        section=sent.section,
        version=sent.version,
        supersedes=sent.supersedes,
        notice=correction_of(sent.notice.text) if sent.notice else None,
    )


def _check(sent: ArticleIn, read: Article) -> None:
    """Refuse what a file's reader would leave out in silence.

    Raises:
        RefusedArticleError: Naming each field.
    """
    meant = {
        "id": "It has nothing visible.",
        "published": "It is no time between 1800 and tomorrow that can be read without guessing; write "
        "YYYY-MM-DDTHH:MM+HH:MM or as much of it as is known.",
        "url": "It is no address that begins with http:// or https://.",
        "language": "It is no language with an ISO 639-1 code.",
    }
    given = {name: clean_line(getattr(sent, name) or "") for name in meant}
    kept = {"id": given["id"], "published": read.published, "url": read.url, "language": read.language}
    faults = [
        Fault(name, detail)
        for name, detail in meant.items()
        if (sent.id is not None if name == "id" else given[name]) and not kept[name]
    ]
    if faults:
        raise RefusedArticleError(*faults)


def _fault(fault: Any) -> Fault:
    field = ".".join(str(part) for part in fault["loc"])
    return Fault(field, f"{in_words(fault)}.")
