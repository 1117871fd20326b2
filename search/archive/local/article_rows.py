"""Articles as rows of the database and back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from search.article import Article, Notice, NoticeKind, Precision, Publication


def article_to_row(article: Article, input_path: str | None) -> tuple[Any, ...]:
    """Lay an article out as the columns of `articles` after `key`, up to those that other tables decide."""
    published = article.published
    return (
        article.id,
        article.headline,
        article.body,
        published.moment.isoformat() if published else None,
        published.precision.value if published else None,
        published.found_in if published else None,
        published.first_day.toordinal() if published else None,
        published.last_day.toordinal() if published else None,
        article.standfirst,
        article.byline,
        article.dateline,
        article.source,
        article.url,
        article.language,
        article.section,
        article.origin,
        input_path,
        article.content_hash,
        article.version,
        article.supersedes,
        article.notice.kind.value if article.notice else None,
        article.notice.text if article.notice else None,
    )


def article_from_row(row: Sequence[Any]) -> Article:
    """Read an article from those columns."""
    id_, headline, body, published, precision, found_in, _, _, *rest = row
    standfirst, byline, dateline, source, url, language, section, origin, _, _, *rest = rest
    version, supersedes, notice, notice_text, *_ = rest
    return Article(
        id=id_,
        headline=headline,
        body=body,
        published=publication_from_row(published, precision, found_in),
        standfirst=standfirst,
        byline=byline,
        dateline=dateline,
        source=source,
        url=url,
        language=language,
        section=section,
        version=version,
        supersedes=supersedes,
        notice=Notice(NoticeKind(notice), notice_text) if notice else None,
        origin=origin,
    )


def publication_from_row(moment: str | None, precision: str | None, found_in: str | None) -> Publication | None:
    """Read when an article was published from the columns `published`, `precision` and `found_in`."""
    if moment is None or precision is None:
        return None
    return Publication(datetime.fromisoformat(moment), Precision(precision), found_in or "")
