"""Articles, time mentions and statements as rows of the database and back."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from search.article import Article, Notice, NoticeKind, Precision, Publication
from search.statements import Speaker, Standing, Statement, folded_speaker
from search.times import Interval, Modifier, Relation, TimeMention, TimexType, Unit


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


def mention_to_row(mention: TimeMention) -> tuple[Any, ...]:
    """Lay a mention out as the columns of `mentions` after `article`."""
    interval = mention.interval
    first, last = (interval.first_day, interval.last_day) if interval else (None, None)
    return (
        mention.start,
        mention.end,
        mention.type.value,
        mention.value,
        mention.modifier.value if mention.modifier else None,
        mention.relation.value,
        interval.start.isoformat() if interval and interval.start else None,
        interval.end.isoformat() if interval and interval.end else None,
        interval.granularity.value if interval else None,
        first.toordinal() if first else None,
        last.toordinal() if last else None,
        mention.anchor,
        mention.rule,
    )


def mention_from_row(body: str, row: Sequence[Any]) -> TimeMention:
    """Read a mention of `body` from those columns."""
    start, end, type_, value, modifier, relation, since, until, granularity, _, _, anchor, rule = row
    return TimeMention(
        start=start,
        end=end,
        words=body[start:end],
        type=TimexType(type_),
        value=value,
        modifier=Modifier(modifier) if modifier else None,
        relation=Relation(relation),
        interval=Interval(_moment(since), _moment(until), Unit(granularity)) if granularity else None,
        anchor=anchor,
        rule=rule,
    )


def _moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def is_stored(statement: Statement) -> bool:
    """Tell whether a statement says more than that the article asserts it."""
    return statement.speaker is not None or statement.standing is not Standing.ASSERTED


def statement_to_row(statement: Statement) -> tuple[Any, ...]:
    """Lay a statement out as the columns of `statements` after `article`."""
    speaker = statement.speaker
    return (
        statement.start,
        statement.end,
        statement.standing.value,
        speaker.name if speaker else None,
        speaker.role if speaker else None,
        speaker.start if speaker else None,
        speaker.end if speaker else None,
        folded_speaker(speaker) if speaker else None,
    )


def statement_from_row(body: str, row: Sequence[Any]) -> Statement:
    """Read a statement of `body` from those columns."""
    start, end, standing, name, role, words_start, words_end, _ = row
    speaker = None
    if name is not None:
        speaker = Speaker(name, role, body[words_start:words_end], words_start, words_end)
    return Statement(Standing(standing), speaker, start, end)
