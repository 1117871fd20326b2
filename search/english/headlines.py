"""What of a line sent as a headline is one: labels for editors, notes on pictures, bylines and tails are not.

Agencies send more than headlines in the place of the headline. Nothing is guessed here: a line is parted into
labels and a headline by the forms that agencies give their labels, and what is left is the headline, or nothing
is.
"""

import re
from dataclasses import dataclass

from search.english.table import words_of

# Labels before a headline: "URGENT", "2nd LD-Writethru", "REFILE", alone or several, closed by a colon, a dash,
# two spaces, or standing in capitals before a word that is not.
_NUMBERED = (
    r"(?:\d{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)|FIRST|SECOND|THIRD|first|second|third|fourth)?\s*"
    r"(?:(?:LEAD|Lead|lead|LD|Ld|ld)(?:[-\s]*(?:ALL|all|All))?(?:[-\s]*(?:WRITE-?THRU|Write-?thru|write-?thru))?"
    r"|(?:WRITE-?THRU|Write-?thru|write-?thru))"
)
_WORDS = (
    "URGENT", "FLASH", "BULLETIN", "ALERT", "NEWSALERT", "SNAP", "BREAKING", "REFILE", "RECAST", "RECASTS",
        "RECASTING",
    "UPDATE", "UPDATES", "CORRECTED", "CORRECTION", "CORRECTING", "CORRECTS", "REPEAT", "REPEATING", "RPT", "EXTRA",  # noqa: E501
        "ADVISORY",
    "ATTENTION", "EMBARGOED", "ADDS", "EILMELDUNG", "EIL", "BERICHTIGUNG", "KORREKTUR", "WIEDERHOLUNG",
        "ZUSAMMENFASSUNG",
)  # fmt: skip
_NUMBER = r"(?:[-\s]?\d{1,2})?"
_CAPITALS = "|".join(_WORDS)
_TITLED = "|".join(word.title() for word in _WORDS if word not in {"ATTENTION", "EXTRA", "FLASH", "ALERT", "SNAP"})
_LABEL = rf"(?:{_NUMBERED}|(?:{_CAPITALS}){_NUMBER})"
_CLOSED = re.compile(rf"(?P<label>{_LABEL}|(?:{_TITLED}){_NUMBER})\s*(?:[:：]|\s[-–—]+\s|///?|\s{{2,}})\s*(?=\S)")
# Some systems lose what parts the label from the headline: "URGENTPremier resigns". Reuters has "UPDATE 2-Bank
# cuts".
_IN_CAPITALS = re.compile(
    rf"(?P<label>(?:URGENT|BULLETIN|FLASH)(?=[A-Z][a-z])|(?:{_CAPITALS}){_NUMBER}(?=\s+[^\W_][^\W\d_]*[a-z]|"
    rf"\s+[A-Z]\.|-[^\W_])"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th|ST|ND|RD|TH)|FIRST|SECOND|THIRD)\s+(?:LEAD|LD|Lead|"
    rf"Ld)(?:[-\s]*ALL)?(?:[-\s]*WRITE-?THRU)?(?=\s))[\s-]*"
)
_ALONE = re.compile(
    rf"(?:{_LABEL}|(?:{_TITLED}){_NUMBER})(?:[\s,/-]+(?:{_LABEL}|(?:{_TITLED}){_NUMBER}))*\s*[:=/-]*"
)
# Advisories: "ATTENTION - ADDS quotes ///", "Herewith a corrected repetition ///".
_ADVISORY = re.compile(
    r"ATTENTION\s*[-–:]+\s*(?:ADDS?|RECASTS?|UPDATES?|CORRECTS?|CORRECTING|RAISES|CLARIFIES|CHANGES|CONTAINS|"
    r"EDS|TRIMS|REFILES?|INCLUDES)\b.*"
    r"|.*///+\s*"
    r"|(?:ADDS|RECASTS|UPDATES|CORRECTS|ADDING)(?:,?\s*(?:ADDS|RECASTS|UPDATES|with)\b.*|\s.{0,60}///*)"
    r"|.*\bcorrected repetition\b.*|EDS\s*:.*",
    re.IGNORECASE,
)
_ADVISORY_IN_CAPITALS = re.compile(r"ATTENTION\s*[-–:]+\s*[A-Z]{3,}\b.*")
# Notes on what comes with the text: "=(PICTURE)=", "(picture)", "= (GRAPHIC+PICTURE) =".
_WITH = r"\(?\s*(?:PICTURES?|PHOTOS?|GRAPHICS?|VIDEOS?|FILE PHOTOS?|FILE PICTURES?|MAPS?|INFOGRAPHICS?)(?:\s*[+/,&]\s*(?:PICTURES?|PHOTOS?|GRAPHICS?|VIDEOS?|MAPS?))*\s*\)?"  # fmt: skip # noqa: E501
_NOTE = re.compile(rf"[=\s*/-]*{_WITH}[=\s*/.-]*", re.IGNORECASE)
_BEHIND = re.compile(
    r"\s*[=(]+\s*(?:pictures?|photos?|graphics?|graphic\+picture|updated(?:\s+\d+)?|new series|adds? [\w ,]{1,"
    r"40}|recasts?[\w ,]{0,40}|updates?[\w ,]{0,40}"
    r"|bon pour tous|repeat|repeated|with (?:photos?|pictures?|graphics?)|hold for [\w ]{1,60}|embargoed[\w "
    r":]{0,60})\s*[)=]+"
    r"(?:\s+(?:by|By)\s+[A-Z][\w.'’-]*(?:\s+[A-Z][\w.'’-]*){1,3})?\s*$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|BY|By|von|Von|par|Par)\s+(?:(?:our\s+|an?\s+)?[\w-]+\s+(?:correspondents?|staff|reporters?|writers?|"
    r"Korrespondenten)"
    r"|[A-Z][\w.'’-]+(?:\s+(?:[a-z]{1,3}|[A-Z][\w.'’-]*)){0,4})"
    r"(?:(?:,\s*|\s+and\s+|\s*&\s*|\s+und\s+|\s+et\s+)[A-Z][\w.'’-]+(?:\s+(?:[a-z]{1,3}|[A-Z][\w.'’-]*)){0,"
    r"4}){0,4}"
    r"(?:,\s*(?:the\s+)?[A-Z][\w&' .-]{1,40})?\s*=?"
)
_SLUG = re.compile(
    r"(?:[\w.&'-]+(?: [\w.&'-]+){0,2}/){2,}[\w.&'-]*/?|[\w.&'-]+(?:/[\w.&'-]+){0,3}/|"
    r"[a-z]+-[a-z]+(?:-[a-z0-9]+){1,4}"
)
_TEST = re.compile(r"(?:this is a )?test(?: (?:only|message))?[.,]?|no headline|untitled|\(?no title\)?|kein "
    r"titel|sans titre", re.IGNORECASE)  # fmt: skip
_TAIL_WORDS = 4
_PARTICLES = words_of("name_parts", "particle", "rare particle", "particle of headlines")


@dataclass(frozen=True, slots=True)
class Headline:
    """A line sent as a headline, parted.

    Attributes:
        text: The headline; empty if there is none in it.
        label: What else stood there, as sent; None if nothing did.
        byline: The name of the writer, if the line is a byline.
    """

    text: str
    label: str | None = None
    byline: str | None = None


def part_headline(line: str, *, may_be_tail: bool = True) -> Headline:
    """Part a line sent as a headline into labels and the headline itself.

    Args:
        line: The line.
        may_be_tail: Whether a few words in small letters may be the end of a headline that was broken in two, as
            in telegrams; on a web page they are a headline.

    Words that are labels elsewhere belong to the headline where it reads on with them: "Attention: thieves on the
    beach", "Extra time decides the title", "Pictures at an Exhibition".
    """
    stated = " ".join(line.split())
    if not stated or _is_none(stated, may_be_tail=may_be_tail):
        byline = _BYLINE.fullmatch(stated)
        name = re.sub(r"^\w+\s+", "", stated).rstrip(" =") if byline else None
        return Headline("", stated or None, name)
    rest = line.strip()
    labels: list[str] = []
    while found := _CLOSED.match(rest) or _IN_CAPITALS.match(rest):
        labels.append(found["label"].strip())
        rest = rest[found.end() :]
    while found := _BEHIND.search(rest):
        labels.append(found[0].strip(" =()"))
        rest = rest[: found.start()]
    text = " ".join(rest.split()).strip(" =")
    if _is_none(text, may_be_tail=may_be_tail):
        return Headline("", stated)
    return Headline(text, ", ".join(labels) or None)


def opening_of(body: str, longest: int = 120) -> str:
    """Make a line for display of how a body opens, for an article without a headline: its first sentence, cut."""
    paragraph = body.partition("\n\n")[0]
    sentence = re.split(r"(?<=[.!?…。])\s+(?=[^a-z\d])", paragraph, maxsplit=1)[0]
    if len(sentence) < 15:  # noqa: PLR2004 - an abbreviation, not a sentence
        sentence = paragraph
    return sentence if len(sentence) <= longest else sentence[: longest - 1].rsplit(" ", 1)[0] + "…"


def _is_none(line: str, *, may_be_tail: bool) -> bool:
    """Tell whether a line is no headline at all."""
    patterns = (_ALONE, _ADVISORY, _ADVISORY_IN_CAPITALS, _NOTE, _BYLINE, _SLUG, _TEST)
    if any(pattern.fullmatch(line) for pattern in patterns) and not _reads_on(line):
        return True
    return not re.search(r"\w", line) or (may_be_tail and _is_tail(line))


def _reads_on(line: str) -> bool:
    """Tell whether a line that has the form of an advisory is a sentence all the same."""
    return bool(re.match(r"Attention[:,]? [a-z]", line)) and "///" not in line


def _is_tail(line: str) -> bool:
    """Tell whether a line is the end of a headline that was broken in two: few words, the first of them small."""
    words = line.split()
    first = words[0]
    if len(words) > _TAIL_WORDS or not first[0].islower() or re.search(r"[A-Z\d]", first):
        return False
    return not (first.lower() in _PARTICLES and len(words) > 1 and words[1][0].isupper())
