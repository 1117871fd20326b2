"""A moment, read from the ways in which news states it.

They are ISO 8601, the compact form of IPTC standards, RFC 822 and its heirs, and dates written out ("September 10
2024, 12:31 PM", "10 juin 2024"). The moment keeps the precision and the zone that were stated. What is ambiguous
(03/04/2024), partial without a year, or out of bounds is not a date: unknown is an answer, a wrong date is none.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from importlib import import_module
from typing import Literal

from search.article import Precision, Publication
from search.english.calendar import month_numbers, named, shortened

EARLIEST_YEAR = 1800
_MONTHS_A_YEAR = 12
_MAX_CHARS = 80

_CLOCK = r"""
    (?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?\s?m\b\.?)?
    |(?P<hour12>\d{1,2})\s*(?P<half12>[ap]\.?\s?m\b\.?)
    |(?P<hhmm>[0-2]\d[0-5]\d)(?=\s*(?:GMT|UTC|Z\b))
"""
_ZONE = r"(?P<zone>Z\b|(?:GMT|UTC)?\s*[+-]\d{1,2}:?(?:\d{2})?(?!\d)|[A-Z]{2,5}\b)"
_TIME = re.compile(rf"(?:{_CLOCK})\s*(?:hrs\b)?\s*(?:\(?{_ZONE}\)?)?", re.VERBOSE | re.IGNORECASE)
_ISO = re.compile(
    r"""(?P<year>\d{4})-?(?:(?<=-)(?P<month>\d\d)(?:-(?P<day>\d\d))?|(?P<cmonth>\d\d)(?P<cday>\d\d))?
        (?:[T\s]\s*(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?
           \s*(?P<zone>Z|[+-]\d\d(?::?\d\d)?|UTC|GMT)?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?P<first>\d{1,2})(?P<mark>[/.-])\s?(?P<second>\d{1,2})(?P=mark)\s?(?P<year>\d{4})")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<mark>[/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})")
_ISO_DATE = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_CJK = re.compile(r"(?P<year>\d{4})\s*[年년]\s*(?:(?P<month>\d{1,2})\s*[月월]\s*(?:(?P<day>\d{1,2})\s*[日일])?)?")
MONTHS = month_numbers()
MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_WEEKDAY = rf"(?:(?:{'|'.join((*named('weekday'), *shortened('weekday'), 'sun'))})\b\.?,?\s*)?"
_WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"{_WEEKDAY}(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*(?:of\s+)?{MONTH}[\s,-]*(?P<year>"
            rf"\d{{4}})(?!\d)"
        ),
        rf"{_WEEKDAY}{MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<year>\d{{4}})(?!\d)",
        rf"{MONTH},?\s*(?P<year>\d{{4}})(?!\d)",
    )
)
# RFC 822 has years of two digits; only with a day of the week or a time beside it can that be no other number.
_TWO_DIGITS = re.compile(
    rf"""(?P<weekday>{_WEEKDAY})(?P<day>\d{{1,2}})[\s-]+{MONTH}[\s-]+(?P<year>\d{{2}})
        (?:,?\s+(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}))?\s*{_ZONE}?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_CENTURY_TURNS = 70
_LABEL = re.compile(
    r"^(?:(?:first|originally|story)\s+)?(?:published|posted|updated|last\s+(?:updated|modified)|created|"
    r"written|filed|date"
    r"|dated|issued|submitted|uploaded|veröffentlicht|erstellt|publié|mis\s+à\s+jour|publicado|actualizado"
    r"|pubblicato|gepubliceerd|publicerad|publisert|udgivet|opublikowano)\s*(?:on|at|am|le|el|il|op|den|"
    r"em)?\s*[:-]?\s+",
    re.IGNORECASE,
)
# The zones of RFC 822 and those whose abbreviation means one offset only.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "HKT": 8,
    "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "WIB": 7,
}  # fmt: skip
_YEARS = range(EARLIEST_YEAR, 10_000)
_COMPACT_DAYS = range(EARLIEST_YEAR * 10_000, 100_000_000)
_EPOCH_SECONDS = range(10**8, 10**10)
_EPOCH_MILLISECONDS = range(10**11, 10**13)


def parse_published(
    stated: object,
    found_in: str,
    now: datetime,
    *,
    date_order: Literal["dmy", "mdy"] | None = None,
    language: str | None = None,
) -> Publication | None:
    """Read one statement of a publication time.

    Args:
        stated: Text, a date, a moment, or seconds or milliseconds since 1970.
        found_in: Where it stands, in words for people; kept with the result.
        now: The moment of reading; aware, or naive for UTC.
        date_order: How all-numeric dates are meant; without it an ambiguous one is None.
        language: ISO 639-1 code, to read months written out in a language other than English.

    Returns:
        The publication; None when nothing is stated, or nothing that can be read without guessing, or a time
        before 1800 or more than a day after `now`.
    """
    moment: tuple[datetime, Precision] | None
    match stated:
        case datetime():
            moment = stated.replace(microsecond=0), Precision.SECOND
        case date():
            moment = datetime(stated.year, stated.month, stated.day), Precision.DAY  # noqa: DTZ001 - no zone stated
        case bool():
            moment = None
        case int() | float():
            moment = _from_number(stated)
        case str():
            moment = _from_text(stated, date_order, language)
        case _:
            moment = None
    if moment is None or not _believable(moment[0], now):
        return None
    if moment[1] not in {Precision.YEAR, Precision.MONTH} and _is_epoch(moment[0]):
        return None
    return Publication(moment[0], moment[1], found_in)


def _is_epoch(moment: datetime) -> bool:
    """Tell whether a moment is second zero of Unix time, which systems write that know no date.

    It is so as an instant, in whatever zone, and as the midnight of a wall clock.
    """
    if moment.replace(tzinfo=None) == datetime(1970, 1, 1):  # noqa: DTZ001 - of any zone
        return True
    return moment.tzinfo is not None and abs(moment - datetime(1970, 1, 1, tzinfo=UTC)) < timedelta(seconds=60)


def _believable(moment: datetime, now: datetime) -> bool:
    if moment.year < EARLIEST_YEAR:
        return False
    present = now if now.tzinfo else now.replace(tzinfo=UTC)
    try:
        # A wall clock of an unknown zone may be up to 14 hours ahead of UTC.
        instant = moment if moment.tzinfo else moment.replace(tzinfo=timezone(timedelta(hours=14)))
        return instant <= present + timedelta(days=1)
    except OverflowError:
        return False


def _from_number(stated: float) -> tuple[datetime, Precision] | None:
    # A number that is none compares as neither; one of many digits cannot be asked whether it is none.
    if not abs(stated) < _EPOCH_MILLISECONDS.stop:
        return None
    whole = int(stated)
    if whole in _YEARS or whole in _COMPACT_DAYS:
        return _from_text(str(whole), None, None)
    if whole in _EPOCH_MILLISECONDS:
        return datetime.fromtimestamp(whole // 1000, UTC), Precision.SECOND
    if whole in _EPOCH_SECONDS:
        return datetime.fromtimestamp(whole, UTC), Precision.SECOND
    return None


def _from_text(  # noqa: PLR0911 - one for each way in which news states a date
    stated: str, date_order: Literal["dmy", "mdy"] | None, language: str | None
) -> tuple[datetime, Precision] | None:
    if len(stated) > _MAX_CHARS * 4:
        return None
    text = _LABEL.sub("", " ".join(stated.split())).strip(" ,;.")
    if not text or len(text) > _MAX_CHARS:
        return None
    if text.isdigit() and len(text) in (10, 13):
        return _from_number(int(text))
    if short := _TWO_DIGITS.fullmatch(text):
        return _in_a_century(short)
    iso = _ISO.fullmatch(text)
    if iso:
        parts = iso.groupdict()
        month, day = parts["month"] or parts["cmonth"], parts["day"] or parts["cday"]
        if parts["hour"] and not day:
            return None
        clock = (parts["hour"], parts["minute"], parts["second"], None, parts["zone"])
        return _assemble(parts["year"], month, day, clock)
    return _with_clock(text, date_order, language)


def _in_a_century(found: re.Match[str]) -> tuple[datetime, Precision] | None:
    """Read a date of RFC 822 with its year of two digits, those from 70 on being of the last century."""
    if not found["weekday"] and not found["hour"]:
        return None
    year = int(found["year"]) + (1900 if int(found["year"]) >= _CENTURY_TURNS else 2000)
    clock = (found["hour"], found["minute"], found["second"], None, found["zone"])
    return _assemble(str(year), str(MONTHS[found["month"].lower()]), found["day"], clock)


_Clock = tuple[str | None, str | None, str | None, str | None, str | None]


def _with_clock(  # noqa: PLR0911 - one for each part that may be missing
    text: str, date_order: Literal["dmy", "mdy"] | None, language: str | None, *, abroad: bool = True
) -> tuple[datetime, Precision] | None:
    """Read a date written in any order with a clock time before or after it, and nothing else.

    Args:
        text: The text, on one line.
        date_order: How all-numeric dates are meant.
        language: ISO 639-1 code.
        abroad: Whether the month may be written out in a language other than English.
    """
    readings = [_calendar(match, date_order) for match in _date_matches(text)]
    found = next((reading for reading in readings if reading), None)
    if found is None:
        return _in_other_languages(text, date_order, language) if abroad and not readings else None
    (year, month, day), (start, end) = found
    around = f"{text[:start]} {text[end:]}".strip(" ,;.|•·-–—/()")
    around = re.sub(r"^T(?=\d)", "", around)
    around = re.sub(r"^(?:at|um|à|a las|kl\.?|klo)\s+", "", around, flags=re.IGNORECASE)
    if not around:
        return _assemble(year, month, day, (None,) * 5)
    clock = _TIME.fullmatch(around)
    if clock is None:
        # A weekday in another language may stand beside a month that is spelt as in English.
        around = " ".join(word for word in around.split() if not _is_weekday(word, language)).strip(" ,")
        if not around:
            return _assemble(year, month, day, (None,) * 5)
        clock = _TIME.fullmatch(around)
    if clock is None or not day:
        return None
    parts = clock.groupdict()
    if parts["hhmm"]:
        return _assemble(year, month, day, (parts["hhmm"][:2], parts["hhmm"][2:], None, None, parts["zone"]))
    if parts["hour12"]:
        return _assemble(year, month, day, (parts["hour12"], "0", None, parts["half12"], parts["zone"]))
    return _assemble(
        year, month, day, (parts["hour"], parts["minute"], parts["second"], parts["half"], parts["zone"])
    )


def _date_matches(text: str) -> list[re.Match[str]]:
    patterns = (*_WRITTEN, _CJK, _YEAR_FIRST, _ISO_DATE, _NUMERIC)
    return [match for pattern in patterns if (match := pattern.search(text))]


def _calendar(
    match: re.Match[str], date_order: Literal["dmy", "mdy"] | None
) -> tuple[tuple[str, str | None, str | None], tuple[int, int]] | None:
    parts = match.groupdict()
    if "first" not in parts:
        month = parts["month"]
        number = MONTHS.get(month.lower(), month) if month else None
        return (parts["year"], str(number) if number else None, parts.get("day")), match.span()
    first, second = int(parts["first"]), int(parts["second"])
    if first == second or date_order == "dmy" or (first > _MONTHS_A_YEAR >= second and date_order is None):
        day, month_number = first, second
    elif date_order == "mdy" or (second > _MONTHS_A_YEAR >= first and date_order is None):
        day, month_number = second, first
    else:
        return None
    return (parts["year"], str(month_number), str(day)), match.span()


def _in_other_languages(
    text: str, date_order: Literal["dmy", "mdy"] | None, language: str | None
) -> tuple[datetime, Precision] | None:
    """Read a date whose month is written out in a language other than English, with nothing left to be guessed.

    Without a language, or where it does not know the word, the month must be the same in all common languages that
    know the word.
    """
    for word in _WORD.findall(text):
        month = _month_abroad(word.lower().rstrip("."), language)
        if month is None:
            continue
        before, _, after = text.partition(word)
        rest = " ".join(piece for piece in before.split() if not _is_weekday(piece, language))
        english = f"{rest} {_ENGLISH_MONTHS[month - 1]} {after.lstrip('.')}"
        return _with_clock(_FILLERS.sub(" ", english).strip(" ,"), date_order, None, abroad=False)
    return None


_WORD = re.compile(r"[^\W\d_]{3,}\.?")
_FILLERS = re.compile(
    r"\b(?:de|del|di|den|der|le|el|il|em|on|uhr|hrs|г)\b\.?|(?<=\d)\.(?=\s*[A-Za-z])", re.IGNORECASE
)
_ENGLISH_MONTHS = tuple(named("month"))
_WEEKDAYS = tuple(named("weekday"))
_COMMON_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "tr", "ru",  # noqa: E501
    "uk", "el", "id", "ca", "hr", "sk", "sl", "lt", "lv", "et", "bg")  # fmt: skip


@cache
def _calendar_words(language: str) -> tuple[Mapping[str, int], frozenset[str]]:
    """Names of the months, with their numbers, and of the weekdays in a language; nothing for an unknown one."""
    try:
        words = import_module(f"dateparser.data.date_translation_data.{language}").info
    except ImportError:
        return {}, frozenset()
    months = {
        name.lower().rstrip("."): number
        for number, english in enumerate(_ENGLISH_MONTHS, start=1)
        for name in words.get(english, ())
    }
    weekdays = {name.lower().rstrip(".") for english in _WEEKDAYS for name in words.get(english, ())}
    return months, frozenset(weekdays)


def _month_abroad(word: str, language: str | None) -> int | None:
    """The number of the month that a word names in the language, or else in all languages that know it."""
    if language and re.fullmatch("[a-z]{2}", language) and (known := _calendar_words(language)[0].get(word)):
        return known
    numbers = {months[word] for tag in _COMMON_LANGUAGES if word in (months := _calendar_words(tag)[0])}
    return numbers.pop() if len(numbers) == 1 else None


def _is_weekday(word: str, language: str | None) -> bool:
    name = word.lower().strip(".,")
    tags = (language, *_COMMON_LANGUAGES) if language and re.fullmatch("[a-z]{2}", language) else _COMMON_LANGUAGES
    return any(name in _calendar_words(tag)[1] for tag in tags)


def _assemble(year: str, month: str | None, day: str | None, clock: _Clock) -> tuple[datetime, Precision] | None:
    hour, minute, second, half, zone = clock
    try:
        if not month:
            return datetime(int(year), 1, 1), Precision.YEAR  # noqa: DTZ001 - no zone stated
        if not day:
            return datetime(int(year), int(month), 1), Precision.MONTH  # noqa: DTZ001 - no zone stated
        if hour is None:
            return datetime(int(year), int(month), int(day)), Precision.DAY  # noqa: DTZ001 - no zone stated
        hours = int(hour)
        if half and hours not in range(1, 13):
            half = None
        if half:
            hours = hours % 12 + (12 if half[0] in "pP" else 0)
        moment = datetime(
            int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=_zone(zone)
        )
    except ValueError:
        return None
    return moment, Precision.SECOND if second else Precision.MINUTE


def _zone(stated: str | None) -> timezone | None:
    """The zone stated; None for none, and for an abbreviation that means several."""
    if not stated:
        return None
    name = stated.upper().strip()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name])) if _ZONES[name] else UTC
    offset = re.fullmatch(r"(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?", name)
    if offset is None:
        return None
    sign, hours, minutes = offset.groups()
    if sign == "-" and int(hours) == 0 and not int(minutes or 0) and not name.startswith(("GMT", "UTC")):
        return None  # RFC 5322: -0000 says that the zone is not known
    length = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-length if sign == "-" else length) if length else UTC
