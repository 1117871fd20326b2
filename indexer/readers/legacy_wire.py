"""The wire formats of the teleprinter age: ANPA 1312 (North America) and IPTC 7901 (elsewhere).

Both frame a message in control characters: SOH opens a routing header, STX the text, ETX a trailer with the time
of transmission. In ANPA texts as sent by the Associated Press each line of the text's own head opens with a caret.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from indexer.published import StatedDate
from indexer.readers.content import Content
from indexer.readers.contract import Reading, ReadOptions
from indexer.readers.draft import Draft, finish
from indexer.readers.furniture import byline_of, without_sign_off
from indexer.readers.quotations import join_quotations
from search.english.calendar import month_numbers, zones
from search.english.datelines import dateline_of
from search.english.headlines import part_headline
from search.errors import InputError

_SOH, _STX, _ETX = "\x01", "\x02", "\x03"
_TABLE_FOLLOWS = b"\x14"
_ANPA_TIME = re.compile(r"([A-Z]{2})-[A-Z]{2}-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d)\s+(?P<time>\d{4})GMT")
_IPTC_TIME = re.compile(
    r"(?<!\d)(?P<day>\d\d)(?P<time>\d{4})\s*(?P<zone>[A-Z]{1,4})?\s+(?P<month>[^\W\d_]{3})[a-zä]*\.?\s+(?P<year>"
    r"(?:\d\d)?\d\d)(?!\d)"
)
# Marks of typesetting systems that conversion left in the text.
_STRAY = {
    "endash": "–", "ndash": "–", "emdash": "—", "mdash": "—", "dash": "–", "hyphen": "-", "bullet": "•", "ldquo":
        "“",
    "rdquo": "”", "lsquo": "‘", "rsquo": "’", "quote": '"', "ellipsis": "…", "nbsp": " ", "thinsp": " ", "ensp":
        " ", "emsp": " ",
}  # fmt: skip
_DESKS = re.compile(r"[a-z]{2,6}(?: [a-z/]{2,6}){1,4}")  # "dpa al rmo": the service and the editors' initials
_STRAY_MARK = re.compile(rf"<({'|'.join(_STRAY)})>", re.IGNORECASE)
_EDITORS_ONLY = re.compile(r"^\(?(?:Eds|AP Photo|EDITOR'S NOTE|AP Graphic|AP Video)\b", re.IGNORECASE)
_NOT_FOR_PUBLICATION = re.compile(
    r"^(?:#{1,2}\s|[*\s]*(?:# notebook|the following information is not))", re.IGNORECASE
)
_GERMAN_MONTHS = {"mär": 3, "mai": 5, "okt": 10, "dez": 12}
_MONTHS = {name[:3]: number for name, number in month_numbers().items()} | _GERMAN_MONTHS
_MOST_WORDS_OF_KIND = 4
_LONGEST_ACRONYM = 4  # characters; a headline may be broken behind one
_CENTURY_TURNS = 70  # two-digit years from 70 on are of the 20th century: both standards are of the 1970s


class LegacyWireReader:
    """Reads ANPA 1312 and IPTC 7901 messages, one article a file."""

    name = "ANPA 1312 or IPTC 7901"

    def recognises(self, content: Content) -> bool:
        """A header opened by SOH at the very start and a text opened by STX."""
        head = content.head[:600].lstrip(b"\x16\r\n ")
        return head.startswith(_SOH.encode()) and _STX.encode() in head

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read one article."""
        if _TABLE_FOLLOWS in content.head.partition(_STX.encode())[0]:
            raise InputError("no prose: a table, as its header says.")
        text = content.read_text().replace("\r\n", "\n").replace("\r", "\n")
        header, _, message = text.partition(_STX)
        message, _, trailer = message.partition(_ETX)
        is_anpa = "\x16" in header or "\x13" in header
        draft = _anpa(message, trailer) if is_anpa else _iptc(header, message, trailer)
        yield finish(draft, content.origin, options)


def _anpa(message: str, trailer: str) -> Draft:
    head: list[str] = []
    lines = message.split("\n")
    while lines and not re.match(r"^[\t ]", lines[0]):
        head.extend(part.strip(" <=\x0c") for part in lines.pop(0).split("<") if part.strip())
    notes = [note for line in head if (note := line.lstrip("^").strip()).lower().startswith("eds")]
    titles = [line.lstrip("^").strip() for line in head if line.strip("^ ")]
    byline = next((name for line in titles if (name := byline_of(line))), None)
    shown = [line for line in titles[1:] if not _EDITORS_ONLY.match(line) and not byline_of(line)]
    paragraphs = _indented_paragraphs(lines)
    if not paragraphs:
        raise InputError("no prose: a table or a list of headlines.")
    opening = dateline_of(paragraphs[0])
    sent = _ANPA_TIME.search(trailer) or _ANPA_TIME.search(message)
    agency = {"AP": "Associated Press"}.get(sent[1]) if sent else None
    return Draft(
        headline=shown[0] if shown and shown[0] != agency else (titles[0].split(",")[0] if titles else None),
        body=join_quotations(without_sign_off(paragraphs)),
        byline=byline,
        dateline=opening.line if opening else None,
        source=agency or (opening.agency if opening else None),
        published=(StatedDate(_sent(sent), "ANPA trailer"),),
        editors_note=notes[0] if notes else None,
    )


def _indented_paragraphs(lines: list[str]) -> list[str]:
    paragraphs: list[list[str]] = []
    for line in lines:
        stripped = line.strip(" \t<")
        if (
            not stripped
            or stripped.startswith("^")
            or _ANPA_TIME.search(stripped)
            or not re.search(r"\w", stripped)
        ):
            continue
        if re.match(r"^[\t ]", line) or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(stripped)
    return [_typed(" ".join(lines)) for lines in paragraphs]


def _typed(text: str) -> str:
    """A text with the teleprinter's stand-ins for quotation marks and the dash as they are printed."""
    text = _STRAY_MARK.sub(lambda mark: _STRAY[mark[1].lower()], text)
    return re.sub(r"(?<=\s)_(?=\s)", "—", text.replace("``", "“").replace("''", "”"))


def _iptc(header: str, message: str, trailer: str) -> Draft:
    blocks = [block for block in re.split(r"\n[ \t]*\n", message) if block.strip()]
    if len(blocks) == 1 or not blocks:
        raise InputError("no text: the message has a head only.")
    titles = [_typed(line).strip(" =") for line in blocks[0].split("\n") if line.strip(" =")]
    labels, kinds, shown, byline = _head(titles)
    paragraphs = [_typed(" ".join(block.split())) for block in blocks[1:]]
    ends = next(
        (index for index, block in enumerate(paragraphs) if _NOT_FOR_PUBLICATION.match(block)), len(paragraphs)
    )
    prose = [paragraph for paragraph in paragraphs[:ends] if re.search(r"\w", paragraph)]
    while len(prose) > 1 and _DESKS.fullmatch(prose[-1]):
        prose.pop()
    if not prose:
        raise InputError("no text: the message has a head only.")
    opening = dateline_of(prose[0])
    service = re.search(r"\s([a-z]{2,5})\s+\d{1,4}\s*$", header.strip(_SOH).split("\n")[0])
    return Draft(
        headline=": ".join((*labels, " ".join(shown))),
        labels=tuple(kinds),
        body=join_quotations(without_sign_off(prose)),
        byline=byline,
        dateline=opening.line if opening else None,
        source=opening.agency if opening and opening.agency else service[1] if service else None,
        published=(StatedDate(_sent(_IPTC_TIME.search(trailer)), "IPTC 7901 trailer"),),
    )


def _head(lines: list[str]) -> tuple[list[str], list[str], list[str], str | None]:
    """The labels, the kinds of text, the lines of the headline and the writer in the head of a message.

    What stands in capitals above a headline that does not is the kind of the text: `NEWS FEATURE`.
    """
    labels: list[str] = []
    kinds: list[str] = []
    shown: list[str] = []
    byline = None
    for line, following in pairwise((*lines, "")):
        parted = part_headline(line)
        name = byline_of(line) or parted.byline
        above = line.isupper() and following[:1].isupper() and not following.isupper() and not byline_of(following)
        if name:
            byline = byline or name
        elif (
            not shown
            and parted.text
            and above
            and len(line) > _LONGEST_ACRONYM
            and len(line.split()) <= _MOST_WORDS_OF_KIND
        ):
            kinds.append(line.rstrip(" :=-"))
        elif not shown and not parted.text and not line[:1].islower():
            labels.append(line.rstrip(" :=-"))
        else:  # the second line of a headline may be a few words in small letters
            shown.append(line)
    return labels, kinds, shown, byline


def _sent(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    month = found["month"] if found["month"].isdigit() else _MONTHS.get(found["month"].lower())
    if month is None:
        return None
    short = int(found["year"])
    year = short if short > 99 else short + (1900 if short >= _CENTURY_TURNS else 2000)  # noqa: PLR2004 - of four digits
    # The trailer of ANPA is always in GMT; that of IPTC 7901 names its zone, or leaves it unknown.
    named = found.groupdict().get("zone", "Z") or ""
    hours = 0 if named == "Z" else zones().get(named.lower())
    zone = "" if hours is None else "Z" if hours == 0 else f"{hours:+03}:00"
    return f"{year}-{int(month):02}-{found['day']}T{found['time'][:2]}:{found['time'][2:]}{zone}"
