"""The dateline that opens a report: where it was filed, when and by which agency, up to the dash.

    SALEM, Ore., Nov. 8 (CW) - The dam broke on Tuesday.

Each form is as strict as its use needs: what is printed may be in any language, what tells the day of filing
must name it in English, and what is skipped before a subject must surely be a dateline.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from search.english.calendar import month_numbers, named, shortened
from search.english.people import media
from search.english.terms import STOP_WORDS

_WORDS = re.compile(r"[^\W\d_]+")
_LOOSE = re.compile(r"[A-Z][\w .,'’()/-]{1,60}? (?:-|--|–|—|_) ")
_SURE = re.compile(
    r"[A-Z][^()~\"“”]{1,40}\([A-Z][A-Za-z]+\)\s*[—–-]{1,2}\s+"
    r"|[A-Z][A-Z .,'’-]+(?:,\s+[A-Z][a-z]+\.?(?:\s+\d{1,2})?\s*)?(?:\([A-Za-z]+\)\s*)?[—–-]{1,2}\s+"
)
_FILED_BY = re.compile(r"(?P<place>[^,(]+).*\((?P<agency>[^()]+)\)\s*\S+ \Z")
_PLACE_IN_CAPITALS = re.compile(r"[A-Z][A-Z .,'’/-]{2,40}")
IN_CAPITALS = r"(?:[A-Z][A-Z .,'’-]+(?:, [A-Z]\w+\.? \d+)?(?: \([\w .]+\))? (?:-|--|_|–|—) )"
"""A dateline in capitals, for a pattern of what stands behind it."""

_NUMBERS = month_numbers()
_NAMED_MONTH = rf"(?P<month>{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\.?"
_WEEKDAY = rf"(?:(?:{'|'.join((*named('weekday'), *shortened('weekday')))})\.?,?\s+)?"
_NAMED_DAY = (
    rf"(?i:{_WEEKDAY}(?:{_NAMED_MONTH}\s+(?P<day>\d{{1,2}})"
    rf"|(?P<first>\d{{1,2}})\s+{_NAMED_MONTH.replace('month', 'second')}))"
    r"(?:,?\s+(?P<year>\d{4}))?(?:,\s+\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?)?"
)
_AGENCY = r"(?P<agency>\((?:[A-Z][\w&' ./-]{1,40}|[a-z]{2,7})\)|/[A-Z][\w -]{2,20}/)"
_CLOSING_DASH = r"[-\u2013\u2014_]{1,2}\s"
_FILED = re.compile(
    rf"""\s*(?P<place>[^\W\d_][\w.'\u2019/ -]{{1,40}}?)(?:,\s*[^\W\d_][\w.'\u2019/ -]{{1,30}}?){{0,2}}
        (?:,|(?:\s*\([A-Z][\w&' ./-]{{1,40}}\))?\s{_CLOSING_DASH})\s*
        {_NAMED_DAY}\s*(?:{_AGENCY}|{_CLOSING_DASH})""",
    re.VERBOSE,
)
_WITHOUT_PLACE = re.compile(rf"\s*{_NAMED_DAY}\s*{_AGENCY}\s*{_CLOSING_DASH}")
_LONGEST = 160
_EARLIEST, _LATEST = timedelta(days=7), timedelta(days=1)
"""How long before and after the day of its stamp a report may be filed."""
_MONTH = r"[^\W\d_]{3,9}\.?"
_DAY = rf"(?:(?:{_MONTH}\s*\d{{1,2}}|\d{{1,2}}\.?\s*{_MONTH})(?:,?\s*\d{{4}})?)"
_PLACE = (
    r"[^\W\d_](?:[^\n.:;!?()\"]|(?<=[A-Z])\.|(?<=\b[A-Z][a-z])\.|(?<=\b[A-Z][a-z]{2})\."
    r"|(?<=\b[A-Z][a-z]{3})\.){1,60}?"
)
_DASH = r"(?:\.?\s*[-–—_]{1,2}\s)"
_PRINTED = re.compile(
    rf"""(?P<line>(?P<place>{_PLACE})(?:,\s*(?P<day>{_DAY}))?)\s*
         (?:\((?P<agency>[A-Z][\w&' ./-]{{1,40}}|dpa|ritzau|sda|apa|ntb|belga|efe
         |[a-z]{{2,6}}(?:/[a-z]{{2,6}}){{1,3}})\)\.?(?:{_DASH}|\s*:\s|\s*$)
           |(?P<dash>\s[-–—_]{{1,2}}\s))""",
    re.VERBOSE,
)
_MAX_PLACE_WORDS = 8
_MAX_PARTICLE = 3  # letters of "de", "la", "van" in the name of a place


def length_of_dateline(text: str) -> int:
    """Count the code points, the dash and the blank behind it among them, of the dateline that opens a text.

    Of what is not in capitals every word is that of a name, and a sentence begins behind it: neither "Ida Lund - a
    sailor -" nor "Some 4 - 6 boats" begins with a dateline. Behind an agency it may begin
    small: "(AP) - eBay said".
    """
    found = _LOOSE.match(text)
    if found is None:
        return 0
    words = _WORDS.findall(found.group())
    is_named = all(word[0].isupper() or len(word) <= _MAX_PARTICLE for word in words)
    is_line = is_named and words[0].casefold() not in STOP_WORDS
    begins = is_line and (not text[found.end() :][:1].islower() or _is_filed_by_an_agency(found.group()))
    return found.end() if begins or found.group().isupper() else 0


def _is_filed_by_an_agency(line: str) -> bool:
    """Whether the brackets have an agency, and not the party of "Ida Lund (Greens) - a sailor -"."""
    found = _FILED_BY.match(line)
    return found is not None and (is_place_of_dateline(found["place"].strip()) or found["agency"] in media())


def length_of_sure_dateline(text: str) -> int:
    """Count them where what opens a text is surely no subject: "The mayor - a sailor -" begins no dateline."""
    found = _SURE.match(text)
    return found.end() if found else 0


def is_place_of_dateline(text: str) -> bool:
    """Tell whether a text is the place of a dateline, as it stands before its day: "PORT TAVI, "."""
    return _PLACE_IN_CAPITALS.fullmatch(text) is not None


def filed_on(text: str, published: date) -> date:
    """The day of the dateline that opens a text, if one does and it is near publication; else that of publication.

    Without an agency in parentheses the place must be in capitals.
    """
    head = text[:_LONGEST]
    found = _FILED.match(head) or _WITHOUT_PLACE.match(head)
    if found is None or not (found["agency"] or found["place"].isupper()):
        return published
    month = _NUMBERS[(found["month"] or found["second"]).lower()]
    number = int(found["day"] or found["first"])
    years = [int(found["year"])] if found["year"] else [published.year + n for n in (-1, 0, 1)]
    for year in years:
        try:
            day = date(year, month, number)
        except ValueError:
            continue
        if published - _EARLIEST <= day <= published + _LATEST:
            return day
    return published


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline as it opens a report.

    Attributes:
        line: Place and day as printed: `"LONDON, Sept 10"`.
        day: The day as printed, or None.
        agency: The agency in parentheses, or None.
        is_whole: Whether the paragraph holds nothing but the dateline.
    """

    line: str
    day: str | None
    agency: str | None
    is_whole: bool


def dateline_of(paragraph: str) -> Dateline | None:
    """The dateline that opens a paragraph: `LONDON, Sept 10 (Agency) - `; None when none does.

    Without an agency in parentheses the place must be in capitals.
    """
    found = _PRINTED.match(paragraph)
    if found is None:
        return None
    place = found["place"]
    capitals = place.split(",")[0]
    if found["agency"] is None and capitals != capitals.upper():
        return None
    words = _WORDS.findall(place)
    if len(words) > _MAX_PLACE_WORDS or not all(word[0].isupper() or len(word) <= _MAX_PARTICLE for word in words):
        return None
    rest = paragraph[found.end() :].strip()
    return Dateline(found["line"].strip(" ,-"), found["day"], found["agency"], not rest)
