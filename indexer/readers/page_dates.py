"""When the article on a web page was published: what the page says of it, best first, and where it says so.

A date is the article's only if it stands where the article's own date stands: in its metadata, beside its headline
or its byline, under a word such as "Published", or in its address. Nothing is searched for in the rest of the
page, where dates of other stories, of comments, of advertisements and of the day of looking stand.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from indexer.canonical import language_code
from indexer.moments import parse_published
from indexer.published import StatedDate
from indexer.readers.furniture import byline_of
from indexer.readers.markup import Element, local_name, same_text, text_of
from indexer.readers.page_lines import (
    DATED_ATTRIBUTES,
    Line,
    elements_above,
    headline_at,
    is_elsewhere,
    lines_of,
)

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued", "dcterms.issued",
    "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "dc:date", "dc:created", "sailthru.date",
        "parsely-pub-date",
    "publish-date", "publishdate", "publish_date", "publication_date", "published_time", "published-date",
    "pubdate", "pub_date", "article.published", "article_date_original", "originalpublicationdate",
        "cxenseparse:recs:publishtime",
    "rnews:datepublished", "ptime", "date", "bt:pubdate", "weibo:article:create_at", "firstpublished",
        "cxenseparse:publishtime",
    "og:published_time", "og:pubdate", "og:publish_date", "published", "publication-date", "article:published",
        "article:publicationdate",
    "date_published", "displaydate", "gentime", "datecreated", "created", "creation_date", "doc_date",
        "eprints.date", "citation_publication_date",
    "citation_date", "citation_online_date", "prism.publicationdate", "rbpubdate", "lastmodified-original",
        "timestamp", "article:post_date", "blogger:published",
)  # fmt: skip
_KEYS = (
    "datePublished|publishedAt|published_at|publishDate|publish_date|publicationDate|publication_date|pubDate|"
    "pubdate|pub_date|publishedDate|published_date|publishTime"
    "|publish_time|publishedTime|published_time|firstPublished|firstPublishedAt|first_published_at|"
    "firstPublishDate|firstPublicationDate|datePublication|articlePublishDate"
    "|article_publication_date|articlePublicationDate|page_publish_date|pagePublishDate|contentPublishDate|"
    "postDate|post_date|originalPublishDate|displayDate"
)
_IN_SCRIPT = re.compile(rf"""["'](?:{_KEYS})["']\s*:\s*["']?(?P<stated>\d{{4}}[-/]?\d\d[-/]?\d\d[^"',}}\]<\\]{{0,30}}|\d{{10}}(?:\d{{3}})?(?=[,}}\s]))""", re.IGNORECASE)  # fmt: skip # noqa: E501
_MAX_SCRIPT_CHARS = 3_000_000
_DATED_NAME = re.compile(
    r"date|time|publi|posted|stamp|byline|meta|author|dateline|fecha|datum|jour|heure|created|issued",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:last\s+)?(?:updated?|modified|edited|revised|changed|corrected|aktualisiert|geändert|stand|mis(?:e)? "
    r"à jour|modifié|actualizado|modificado|aggiornat[oa]|bijgewerkt|gewijzigd"
    r"|uppdaterad|oppdatert|opdateret|päivitetty|zaktualizowan[oaey]|aktualizacja|atualizado|güncellen\w+|"
    r"обновлен\w*|изменен\w*)\b|更新|갱신|수정|最終更新",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:(?:first|originally)\s+)?(?:published|posted|written|created|issued|filed|submitted|uploaded|added|"
    r"date|dated|published\s+date|publication\s+date|release\s+date|on|veröffentlicht|erstellt|erschienen|vom|"
    r"publié|posté|écrit"
    r"|paru|publicado|publicada|creado|pubblicato|pubblicata|gepubliceerd|geplaatst|publicerad|publicerat|"
    r"skapad|publisert|udgivet|offentliggjort|julkaistu|opublikowano|dodano|publikacja|data|datum|fecha|date de "
    r"publication"
    r"|yayın\w*|опубликован\w*|дата|δημοσίευση|zveřejněno|vydáno|megjelent|publicat)\b|发布时间|发布|发表|發布|日期|公開|配信|"
    r"掲載|입력|기사입력|등록|승인|송고",
    re.IGNORECASE,
)
_PART_MARKS = re.compile(r"\s+[|/•·●–—»›-]\s+|\s*[|•·●]\s*|\s{3,}|(?<=\d)\s*\(|\)\s*")
_MONTH_WORD = r"[^\W\d_]{3,12}\.?"
_CLOCK = r"(?:[,\s]*(?:at|um|à|a las|kl\.?|klo|ore|alle|om|T|-|–|às)?\s*\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?\s?m\.?)?\s*(?:Uhr|hrs|h)?\s*(?:(?:GMT|UTC|Z|CET|CEST|EST|EDT|ET|CST|CDT|MST|MDT|PST|PDT|IST|BST|AEST|AEDT|MSK)\b(?:[+-]\d{1,2}(?::?\d\d)?)?|[+-]\d\d:?\d\d)?)?"  # noqa: E501
_DATES = re.compile(
    rf"(?P<iso>(?<!\d)\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d){_CLOCK})"
    rf"|(?P<cjk>(?<!\d)\d{{4}}\s*[年년]\s*\d{{1,2}}\s*[月월]\s*\d{{1,2}}\s*[日일]?(?:\s*\d{{1,"
    rf"2}}[:时時시]\d{{2}}(?::\d{{2}})?)?)"
    rf"|(?P<dmy>(?<![\w.])\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?\s*(?:de\s+|of\s+)?{_MONTH_WORD},?\s*(?:de\s+|"
    rf"del\s+)?\d{{4}}(?!\d){_CLOCK})"
    rf"|(?P<mdy>(?<!\w){_MONTH_WORD}\s+\d{{1,2}}(?:st|nd|rd|th)?\s*,?\s*\d{{4}}(?!\d){_CLOCK})"
    rf"|(?P<numeric>(?<![\d./-])\d{{1,2}}(?P<mark>[./-])\d{{1,2}}(?P=mark)\d{{4}}(?![\d/-]){_CLOCK})",
    re.IGNORECASE,
)
_CLOCK_FIRST = re.compile(
    r"(?P<clock>\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:[A-Z]{2,4})?)[\s,|–-]+$", re.IGNORECASE
)
_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:[/_.-]?)(?P<month>0[1-9]|1[0-2])(?:[/_.-]?)(?P<day>0[1-9]|[12]\d|"
    r"3[01])(?!\d)"
)
_ABOVE, _BELOW = 12, 30  # lines around the headline that are looked at
_LONGEST_LINE = 220
_LONGEST_LABELLED = 100
_MOST_WORDS_BESIDE = 12
_FEWEST_WORDS_SAID = 3  # besides its date, from which a line with a full stop is a sentence about something else
_SAID_OF_ITSELF = re.compile(r"\b(?:article|story|post|piece|report)\b.{0,30}\bpublished\b", re.IGNORECASE)
_PROSE_CHARS = 90
# Languages in which 03/04/2024 is always the third of April; in English it is either.
_DAY_FIRST = frozenset("de fr es it pt nl da nb no sv fi pl cs sk ru uk bg ro hr sr sl el tr id ms vi et lv ca "
    "gl eu is sq mk be az hy ka he ar".split())  # fmt: skip


def dates_of_page(
    root: Element,
    linked: Mapping[str, Any],
    meta: Mapping[str, str],
    address: str | None,
    headline: str | None,
    language: str | None,
    now: datetime,
) -> tuple[StatedDate, ...]:
    """Find the statements of a page on its publication, best first.

    The day that the metadata state is checked against the rest: where what stands beside the headline and one more
    statement agree on another day, that goes first.

    Args:
        root: The page.
        linked: The article in its JSON-LD, empty if there is none.
        meta: Its meta elements, by name in lower case.
        address: Its address, if known.
        headline: Its headline, if known.
        language: Its language, as it states it.
        now: The moment of reading.
    """
    code = language_code(language)
    order = _order(language)
    lines = lines_of(root)
    position = headline_at(lines, headline)
    found = [
        *_of_linked(linked),
        *(StatedDate(meta[name], f"meta {name}") for name in _PUBLISHED_META if name in meta),
        *_of_microdata(root),
    ]
    beside = list(_beside(lines, position, now, code, order)) if position is not None else []
    found += beside
    if not any(_day(one, now, code, order) for one in found):
        found += _labelled(lines, position, now, code, order)
    found += _of_scripts(root, now)
    found += _of_address(address)
    return tuple(_checked(found, beside, now, code, order))


def _checked(
    found: Sequence[StatedDate],
    beside: Sequence[StatedDate],
    now: datetime,
    language: str | None,
    order: Literal["dmy", "mdy"] | None,
) -> list[StatedDate]:
    days = [(one, _day(one, now, language, order)) for one in found]
    known = [(one, day) for one, day in days if day is not None]
    if not known:
        return list(found)
    first = known[0][1]
    # A stamp in UTC may be of the day after or before that of the place.
    others = Counter(day for one, day in known[1:] if abs((day - first).days) > 1)
    shown = {day for one, day in known if one in beside}
    for day, times in others.most_common():
        agreeing = sum(abs((other - first).days) <= 1 for _, other in known)
        if day in shown and times > agreeing:
            return [one for one, stated in days if stated == day] + [one for one, stated in days if stated != day]
    return list(found)


def _day(one: StatedDate, now: datetime, language: str | None, order: Literal["dmy", "mdy"] | None) -> Any:
    parsed = parse_published(one.stated, one.found_in, now, date_order=order, language=language)
    return parsed.moment.date() if parsed else None


def _order(language: str | None) -> Literal["dmy", "mdy"] | None:
    tag = (language or "").replace("_", "-").lower()
    if tag.partition("-")[0] in _DAY_FIRST or tag in {"en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za"}:
        return "dmy"
    return None


def _of_linked(linked: Mapping[str, Any]) -> list[StatedDate]:
    found = []
    for name in ("datePublished", "dateCreated", "uploadDate"):
        value = linked.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, Mapping):
            value = value.get("@value")
        if isinstance(value, str) and value.strip():
            found.append(StatedDate(value, f"JSON-LD {name}"))
    return found


def _of_microdata(root: Element) -> Iterator[StatedDate]:
    for element in root.iter():
        if not isinstance(element.tag, str) or is_elsewhere(element):
            continue
        names = (element.get("itemprop") or "").split()
        if "datePublished" in names or (element.get("property") or "").endswith(
            ("datePublished", "dc:date", "dc:created")
        ):
            stated = element.get("datetime") or element.get("content") or text_of(element)
            if stated:
                yield StatedDate(stated, "itemprop datePublished")
        elif local_name(element) == "time" and element.get("pubdate") is not None and element.get("datetime"):
            yield StatedDate(element.get("datetime"), "time pubdate")


def _of_scripts(root: Element, now: datetime) -> list[StatedDate]:
    """What the page's own scripts call its publication, if they name one day only: lists of teasers name several."""  # noqa: E501
    stated: dict[str, str] = {}
    budget = _MAX_SCRIPT_CHARS
    for script in root.iter("script"):
        text = script.text or ""
        if "ld+json" in (script.get("type") or "") or not text or len(text) > budget:
            continue
        budget -= len(text)
        for found in _IN_SCRIPT.finditer(text):
            parsed = parse_published(found["stated"].strip(), "script", now)
            if parsed:
                stated.setdefault(parsed.moment.date().isoformat(), parsed.isoformat())
    return [StatedDate(value, "script of the page") for value in stated.values()] if len(stated) == 1 else []


def _of_address(address: str | None) -> list[StatedDate]:
    if not address:
        return []
    try:
        path = urlsplit(address).path
    except ValueError:
        return []
    found = _IN_ADDRESS.search(path)
    return [StatedDate(f"{found['year']}-{found['month']}-{found['day']}", "address of the page")] if found else []


def _beside(
    lines: Sequence[Line], position: int, now: datetime, language: str | None, order: Literal["dmy", "mdy"] | None
) -> Iterator[StatedDate]:
    """The dates beside the headline: below it down to the text, and above it in the same block."""
    for line in lines[position + 1 : position + 1 + _BELOW]:
        if _is_prose(line.text):
            break
        heading = local_name(line.element).lower()
        if heading == "h1" and not same_text(line.text, lines[position].text):
            break
        yield from _dates_in(line, now, language, order, "beside the headline")
    headline = lines[position].element
    near = set(elements_above(headline, 3)) - {
        element for element in elements_above(headline, 3) if local_name(element).lower() in {"body", "html"}
    }
    for line in reversed(lines[max(0, position - _ABOVE) : position]):
        if near & {line.element, *elements_above(line.element, 4)} and (
            _is_dated(line) or _PUBLISHED.search(line.text)
        ):
            yield from _dates_in(line, now, language, order, "above the headline")


def _labelled(
    lines: Sequence[Line],
    position: int | None,
    now: datetime,
    language: str | None,
    order: Literal["dmy", "mdy"] | None,
) -> list[StatedDate]:
    """What stands under a word such as "Published" elsewhere in the block of the headline, if it is one day."""
    if position is None:
        return []
    block = next(
        (
            element
            for element in elements_above(lines[position].element, 30)
            if local_name(element).lower() in {"article", "main"}
        ),
        None,
    )
    found = [
        stated
        for line in lines[position:]
        if (block is None or block in set(elements_above(line.element, 40)))
        and len(line.text) <= _LONGEST_LABELLED
        and _PUBLISHED.match(line.text.strip(" [(-–—"))
        for stated in _dates_in(line, now, language, order, "under a word for publication")
    ]
    return found if len({str(one.stated)[:10] for one in found}) == 1 else []


def is_date_line(text: str) -> bool:
    """Tell whether a line holds a date and next to nothing else: `Published: May 2, 2024, 10:15`."""
    if len(text) > _LONGEST_LINE or not _DATES.search(text):
        return False
    if re.search(r"\s[|•·/]\s", text) and len(text.split()) <= _MOST_WORDS_BESIDE:
        return True
    rest = _UPDATED.sub(" ", _PUBLISHED.sub(" ", _DATES.sub(" ", text)))
    rest = re.sub(
        r"\b\d{1,2}[:.h]\d{2}(?::\d\d)?\b|\b(?:[ap]\.?m\.?|uhr|gmt|utc|at|min(?:utes?)? read|views?)\b",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    return len(re.findall(r"[^\W\d_]+", rest)) <= 2  # noqa: PLR2004 - a weekday, a zone


def _is_prose(text: str) -> bool:
    return (
        len(text) >= _PROSE_CHARS
        and text.rstrip(" \"'”’»)")[-1:] in {".", "!", "?", "…", "。", "।", "။"}
        and not _PUBLISHED.match(text)
    )


def _is_dated(line: Line) -> bool:
    return any(
        local_name(element).lower() == "time"
        or _DATED_NAME.search(
            f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}"
        )
        for element in (line.element, *elements_above(line.element, 2))
    )


def _dates_in(
    line: Line, now: datetime, language: str | None, order: Literal["dmy", "mdy"] | None, place: str
) -> Iterator[StatedDate]:
    """The dates that a line or its attributes state, those of updates left out."""
    is_update = bool(
        _UPDATED.search(f"{line.element.get('class') or ''} {line.element.get('itemprop') or ''}")
    ) or (
        bool(_UPDATED.search(line.text))
        and not _PUBLISHED.search(line.text)
        and len(_DATES.findall(line.text)) <= 1
    )
    if is_update:
        return
    for element in line.element.iter():
        if not isinstance(element.tag, str) or _UPDATED.search(
            f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        ):
            continue
        if local_name(element) in {"img", "source", "iframe"}:
            continue
        dated = local_name(element).lower() in {"time", "abbr", "relative-time", "time-ago"}
        for attribute in DATED_ATTRIBUTES if dated else DATED_ATTRIBUTES[2:]:
            stated = (element.get(attribute) or "").strip()
            if stated and _is_date(stated, now, language, order):
                name = "time" if dated else attribute
                yield StatedDate(_written(stated, now, language, order), f"{name} {place}")
    if len(line.text) > _LONGEST_LINE:
        return
    yield from _dates_in_text(line.text, now, language, order, place)


def _is_date(stated: str, now: datetime, language: str | None, order: Literal["dmy", "mdy"] | None) -> bool:
    return parse_published(stated, "", now, date_order=order, language=language) is not None


def _written(stated: str, now: datetime, language: str | None, order: Literal["dmy", "mdy"] | None) -> str:
    """A date in the form of ISO 8601, in which it means the same everywhere."""
    parsed = parse_published(stated, "", now, date_order=order, language=language)
    return parsed.isoformat() if parsed else stated


def _dates_in_text(
    text: str, now: datetime, language: str | None, order: Literal["dmy", "mdy"] | None, place: str
) -> Iterator[StatedDate]:
    matches = list(_DATES.finditer(text))
    if not matches:
        return
    beside = _DATES.sub(" ", text)
    is_sentence = len(beside.split()) > _FEWEST_WORDS_SAID and text.rstrip(" \"'”’»)").endswith(
        (".", "!", "?", "…")
    )
    if (
        (len(beside.split()) > _MOST_WORDS_BESIDE or (is_sentence and not _SAID_OF_ITSELF.search(text)))
        and not _PUBLISHED.match(text)
        and byline_of(beside) is None
    ):
        return
    reached = 0
    for found in matches:
        before = text[reached : found.start()]
        reached = found.end()
        labels = [
            (match.end(), kind)
            for kind, pattern in (("updated", _UPDATED), ("published", _PUBLISHED))
            for match in pattern.finditer(before)
        ]
        if labels and max(labels)[1] == "updated":
            continue
        stated = found[0].strip(" ,.-–|")
        clock = _CLOCK_FIRST.search(text[: found.start()])
        if clock and not re.search(r"\d[:.h]\d\d", stated):
            stated = f"{stated} {clock['clock']}"
        parsed = parse_published(stated, "", now, date_order=order, language=language)
        if parsed is None and clock:
            parsed = parse_published(found[0].strip(" ,.-–|"), "", now, date_order=order, language=language)
        latest = now.replace(tzinfo=None) + timedelta(days=2)
        if parsed is not None and parsed.moment.replace(tzinfo=None) < latest:
            yield StatedDate(parsed.isoformat(), place)
