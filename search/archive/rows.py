"""Articles, time mentions and statements as rows of a table and back."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from search.article import Article, Notice, NoticeKind, Part, Precision, Publication
from search.statements import Speaker, Standing, Statement, folded_speaker
from search.times import Interval, Modifier, Relation, TimeMention, TimexType, Unit


def article_to_row(article: Article, input_path: str | None) -> tuple[Any, ...]:
    """Lay an article out as the columns of `articles` after `key`, up to those that other tables decide."""
    published = article.published
    *stated, local_day = publication_to_row(published)
    return (
        article.id,
        article.headline,
        article.body,
        *stated,
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
        local_day,
        article.label,
        _iso(article.embargo),
        article.rights,
        remarks_to_row(article),
    )


def remarks_to_row(article: Article) -> str | None:
    """Lay what its reader had to say of an article out as the column `remarks`."""
    return json.dumps(article.remarks, ensure_ascii=False) if article.remarks else None


def article_from_row(row: Sequence[Any]) -> Article:
    """Read an article from those columns, followed by its parts as a JSON list of the rows of `part_to_row`."""
    id_, headline, body, published, precision, found_in, _, _, *rest = row
    standfirst, byline, dateline, source, url, language, section, origin, _, _, *rest = rest
    version, supersedes, notice, notice_text, local_day, label, embargo, rights, remarks, parts = rest
    return Article(
        id=id_,
        headline=headline,
        body=body,
        published=publication_from_row(published, precision, found_in, local_day),
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
        label=label,
        parts=tuple(map(_part_from_row, sorted(json.loads(parts)))),
        embargo=datetime.fromisoformat(embargo) if embargo else None,
        rights=rights,
        origin=origin,
        remarks=tuple(json.loads(remarks)) if remarks else (),
    )


def publication_to_row(published: Publication | None) -> tuple[str | None, ...]:
    """Lay a publication out as the columns `published`, `precision`, `found_in` and `local_day`."""
    if published is None:
        return (None,) * 4
    return published.moment.isoformat(), published.precision.value, published.found_in, _iso(published.local_day)


def publication_from_row(
    moment: str | None, precision: str | None, found_in: str | None, local_day: str | None
) -> Publication | None:
    """Read a publication from those columns."""
    if moment is None or precision is None:
        return None
    day = date.fromisoformat(local_day) if local_day else None
    return Publication(datetime.fromisoformat(moment), Precision(precision), found_in or "", day)


def part_to_row(part: Part) -> tuple[Any, ...]:
    """Lay a part of a body out as the columns of `parts` after `article`."""
    return (part.start, part.end, *publication_to_row(part.published), part.page, part.heading)


def _part_from_row(row: Sequence[Any]) -> Part:
    start, end, moment, precision, found_in, local_day, page, heading = row
    return Part(start, end, publication_from_row(moment, precision, found_in, local_day), page, heading)


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


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


def statements_to_rows(statements: Iterable[Statement]) -> list[tuple[Any, ...]]:
    """Lay statements out as the columns of `statements` after `article`, the parts of each behind it."""
    rows: list[tuple[Any, ...]] = []
    for statement in statements:
        whole = len(rows)
        rows.append(_statement_row(statement, whole, None))
        for part in statement.parts:
            rows.append(_statement_row(part, len(rows), whole))
    return rows


def statements_from_rows(body: str, rows: Iterable[Sequence[Any]]) -> list[Statement]:
    """Read the statements of `body` from those columns, in the order of the text."""
    wholes: dict[int, Statement] = {}
    parts: dict[int, list[Statement]] = {}
    for row in sorted(rows, key=lambda row: int(row[2])):
        start, end, place, standing, *speaker, _, whole = row[:10]
        statement = Statement(
            Standing(standing), _speaker(body, speaker), start, end, reporter=_speaker(body, row[10:])
        )
        if whole is None:
            wholes[place] = statement
        else:
            parts.setdefault(whole, []).append(statement)
    found = [replace(one, parts=tuple(parts.get(place, ()))) for place, one in wholes.items()]
    return sorted(found, key=lambda statement: statement.start)


def _statement_row(statement: Statement, place: int, whole: int | None) -> tuple[Any, ...]:
    speaker = statement.speaker
    return (
        statement.start,
        statement.end,
        place,
        statement.standing.value,
        *_speaker_columns(speaker),
        folded_speaker(speaker) if speaker else None,
        whole,
        *_speaker_columns(statement.reporter),
    )


def _speaker_columns(speaker: Speaker | None) -> tuple[Any, ...]:
    return (speaker.name, speaker.role, speaker.start, speaker.end) if speaker else (None,) * 4


def _speaker(body: str, columns: Sequence[Any]) -> Speaker | None:
    name, role, start, end = columns
    return Speaker(name, role, body[start:end], start, end) if name is not None else None
