"""Lines of a page or a wire text that are not prose: bylines, datelines, dates, view counts, media labels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LABELS = re.compile(
    r"(?:image|photo|picture|video|audio|graphic|gallery|slideshow|advertisement|ad|file photo|photo gallery"
    r"|share(?: this)?(?: article| story)?|read (?:more|also)|comment"
    r"|related(?: article| storie)?|listen|watch(?: video)?"
    r"|loading|print|email|save|subscribe|sign up|play|embed|more news)s?(?:\.{3}|…)?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"[\d.,\s]*\d\s?[km]?\+?\s*(?:views?|reads?|comments?|shares?|likes?|min(?:ute)?s?(?: read)?|words)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[•·|●]\s*|\s{3,}")
_BYLINE = re.compile(r"(?:[Bb]y|BY)[:\s]\s*(?P<name>(?:the\s+)?[A-Z][^.!?:;\"]*(?:[A-Z]\.[^.!?:;\"]*)*)")
_MAX_BYLINE_WORDS = 14
_INITIALS = re.compile(
    r"(?:[A-Z]{2,5}|dpa)(?: [A-Z]{2,4})?(?: [a-z]{2,4}){0,4}|\([A-Z][\w-]{1,20}\)\.?|/[\w-]{2,12}/"
)
_SIGN_OFF = re.compile(
    r"[-–—(/*\s]*(?:ends?|30|more)[-–—)/*\s]*|#{2,}|[_*=~-]{3,}|[a-z]{2,4}(?:[/-][a-z]{2,4}){1,6}|\(END\)",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?|[^\W\d_]{3,9})\.?"
)
_DAY = rf"(?:(?:{_MONTH}\s*\d{{1,2}}|\d{{1,2}}\.?\s*{_MONTH})(?:,?\s*\d{{4}})?)"
_PLACE = (
    r"[^\W\d_](?:[^\n.:;!?()\"]|(?<=[A-Z])\.|(?<=\b[A-Z][a-z])\.|(?<=\b[A-Z][a-z]{2})\."
    r"|(?<=\b[A-Z][a-z]{3})\.){1,60}?"
)
_DASH = r"(?:\.?\s*[-–—_]{1,2}\s)"
_DATELINE = re.compile(
    rf"""(?P<line>(?P<place>{_PLACE})(?:,\s*(?P<day>{_DAY}))?)\s*
         (?:\((?P<agency>[A-Z][\w&' ./-]{{1,40}}|dpa|ritzau|sda|apa|ntb|belga|efe)\)\.?(?:{_DASH}|\s*:\s|\s*$)
           |(?P<dash>\s[-–—_]{{1,2}}\s))""",
    re.VERBOSE,
)
_MAX_PLACE_WORDS = 8
_MAX_PARTICLE = 3  # letters of "de", "la", "van" in the name of a place


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
    found = _DATELINE.match(paragraph)
    if found is None:
        return None
    place = found["place"]
    capitals = place.split(",")[0]
    if found["agency"] is None and capitals != capitals.upper():
        return None
    words = re.findall(r"[^\W\d_]+", place)
    if len(words) > _MAX_PLACE_WORDS or not all(word[0].isupper() or len(word) <= _MAX_PARTICLE for word in words):
        return None
    rest = paragraph[found.end() :].strip()
    return Dateline(found["line"].strip(" ,-"), found["day"], found["agency"], not rest)


def byline_of(paragraph: str) -> str | None:
    """The name in a paragraph that is a byline and nothing else: `By Jane Doe`; None when it is not."""
    found = _BYLINE.fullmatch(paragraph.strip(" =<"))
    if found is None or len(paragraph.split()) > _MAX_BYLINE_WORDS:
        return None
    return found["name"].strip(" ,=")


def is_label(paragraph: str) -> bool:
    """Whether a paragraph is only the label of something that is not text: `Image`, `Advertisement`."""
    return bool(_LABELS.fullmatch(paragraph.strip(" :[]()*")))


def date_parts(paragraph: str) -> tuple[str, ...]:
    """The parts of a line such as `September 10 2024, 12:31 PM • 838 views`, counts left out."""
    parts = [part for part in _PARTS.split(paragraph) if part]
    return tuple(part for part in parts if not _COUNT.fullmatch(part) and byline_of(part) is None)


def is_count(paragraph: str) -> bool:
    """Whether a paragraph only counts views, comments or minutes to read."""
    return bool(_COUNT.fullmatch(paragraph))


def without_sign_off(paragraphs: Sequence[str]) -> list[str]:
    """Paragraphs without the closing marks of a wire text: `ends`, `/agency/`, editors' initials, rules."""
    kept = list(paragraphs)
    while len(kept) > 1 and (_SIGN_OFF.fullmatch(kept[-1]) or _INITIALS.fullmatch(kept[-1])):
        kept.pop()
    return [paragraph for paragraph in kept if not re.fullmatch(r"[\s_*=~#.-]{2,}", paragraph)]
