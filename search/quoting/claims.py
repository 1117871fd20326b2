"""Claims to verify, read from JSON that cites or from text that quotes, and the report on them.

Understood are Dateline's own answers, the `char_location` citations of chat clients, and plain lists of claims, as
one JSON value or as JSON Lines; anything else is text (`search.quoting.quotations`). Of our own answers everything
is read that is said to stand in an article: citations in every place they can have, and the words that they mark.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from search.archive.protocol import Snapshot
from search.errors import QueryError
from search.quoting.citation_id import PATTERN
from search.quoting.quotations import ClaimsRead, Located, Refused, count_words, read_quotations
from search.quoting.verification import Claim, Verification, is_somebody_elses, verify_claim
from search.settings import Settings

QUOTE_FIELDS = ("quote", "cited_text", "text")
"""Fields of a claim that hold the quote; the first that is there counts. So for all others."""

TEXT_FIELDS = {
    "quote": QUOTE_FIELDS,
    "article_id": ("article_id", "document_id"),
    "headline": ("headline", "document_title", "title"),
    "citation_id": ("citation_id",),
}
OFFSET_FIELDS = {"start": ("start", "start_char_index"), "end": ("end", "end_char_index")}

WHOLE = "the whole"
"""What an input is called when it has no name."""

_SURELY_QUOTED = ("quote", "cited_text")
"""Fields that hold a quote also beside others that hold claims."""

_CONTAINERS = (
    *("claims", "citations", "passages", "groups", "entries", "citation", "content", "messages"),
    *("corroboration", "supporting", "differing", "history", "nearest", "char_locations", "listed", "parts"),
)
_MARKED = ("answer", "when", "speaker", "times")
"""Fields of a citation that hold words of the article, with their offsets: one or a list."""

_SENTENCES = "statements"
_WORDS = "words"
_DEEPEST = 20
_CITATION_ID = re.compile(PATTERN)
_BEGINS_LIKE_JSON = re.compile(r"\s*(?:\{|\[\s*\{)")


@dataclass(slots=True)
class _Reading:
    name: str = WHOLE
    claims: list[Located] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchecked_words: int = 0

    def refuse(self, where: str, reason: str) -> None:
        self.refused.append(Refused(where or self.name, reason))

    def done(self) -> ClaimsRead:
        return ClaimsRead(tuple(self.claims), tuple(self.refused), self.unchecked_words)


class _NoClaimError(ValueError):
    """A JSON value is no claim."""


def read_claims(text: str, name: str = WHOLE) -> ClaimsRead:
    """Read every claim in a text, which may be JSON, JSON Lines, or prose with quotations.

    Nothing is raised: what cannot be read is refused, and the rest is read. `name` is what the text is called when
    it is refused as a whole.
    """
    if text.lstrip()[:1] in {"{", "["}:
        try:
            return read_json_claims(json.loads(text), name=name)
        except (ValueError, RecursionError) as error:
            read = _read_lines(text)
            if read is not None:
                return read
            if _BEGINS_LIKE_JSON.match(text):
                return ClaimsRead((), (Refused(name, f"It begins like JSON and is none: {fault_of(error)}."),), 0)
    return read_quotations(text)


def read_json_claims(value: object, where: str = "", name: str = WHOLE) -> ClaimsRead:
    """Read every claim in a JSON value.

    Args:
        value: The value.
        where: What the places of claims begin with.
        name: What the value is called where that is empty.
    """
    reading = _Reading(name)
    _read_value(reading, value, where, 0)
    return reading.done()


def fault_of(error: Exception) -> str:
    """Say in plain words why something is not JSON."""
    match error:
        case json.JSONDecodeError():
            return f"{error.msg} at line {error.lineno}, column {error.colno}"
        case UnicodeDecodeError():
            return f"it is not UTF-8 at byte {error.start}"
        case RecursionError():
            return "it is nested too deep"
        case _:
            return "a number in it has too many digits"


def _read_lines(text: str) -> ClaimsRead | None:
    """Read JSON Lines; None when no line is JSON."""
    reading = _Reading()
    understood = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            reading.refused.append(Refused(where, f"This is not JSON: {fault_of(error)}."))
            continue
        understood = understood or isinstance(value, dict)
        _read_value(reading, value, where, 0)
    return reading.done() if understood else None


def _read_value(reading: _Reading, value: object, where: str, depth: int) -> None:
    if depth > _DEEPEST:
        reading.refused.append(Refused(where, f"It is nested more than {_DEEPEST} levels deep."))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            _read_value(reading, member, f"{where}[{number}]", depth + 1)
    elif not isinstance(value, dict):
        reading.refuse(where, f"A claim is an object with a quote, not {_kind(value)}.")
    elif contained := [name for name in _CONTAINERS if isinstance(value.get(name), list | dict)]:
        for name in contained:
            member = _with_articles(value, name)
            _read_value(reading, member, f"{where}.{name}".lstrip("."), depth + 1)
        if any(isinstance(value.get(name), str) for name in _SURELY_QUOTED):
            _read_claim(reading, value, where)
        reading.unchecked_words += sum(count_words(text) for text in _prose(value))
    elif _is_prose(value):
        reading.unchecked_words += sum(count_words(text) for text in _prose(value))
    else:
        _read_claim(reading, value, where)


def _read_claim(reading: _Reading, value: Mapping[str, Any], where: str) -> None:
    try:
        claim = _claim(value)
    except _NoClaimError as error:
        reading.refuse(where, str(error))
    else:
        reading.claims.append(Located(where or reading.name, claim))
        _read_marked(reading, value, claim, where)


def _read_marked(reading: _Reading, value: Mapping[str, Any], claim: Claim, where: str) -> None:
    """Read the words that a citation of ours marks: of the same article, at their own offsets; each once."""
    known = set()
    for place, marked in _marked(value, where):
        try:
            words = _claim({"quote": marked[_WORDS], "start": marked.get("start"), "end": marked.get("end")})
        except _NoClaimError as error:
            reading.refuse(place, str(error).replace("quote", _WORDS, 1))
            continue
        named = replace(words, article_id=claim.article_id, headline=claim.headline, marked=True)
        if named not in known:
            known.add(named)
            reading.claims.append(Located(place, named))


def _marked(value: Mapping[str, Any], where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each mark with its place: those of a citation, and those of its sentences."""
    for name in (*_MARKED, _SENTENCES):
        given = value.get(name)
        for number, member in enumerate(given if isinstance(given, list) else [given]):
            if not isinstance(member, dict):
                continue
            place = f"{where}.{name}".lstrip(".") + (f"[{number}]" if isinstance(given, list) else "")
            if member.get(_WORDS) is not None:
                yield place, member
            elif name == _SENTENCES and isinstance(speaker := member.get("speaker"), dict) and _WORDS in speaker:
                yield f"{place}.speaker", speaker


def _with_articles(value: Mapping[str, Any], name: str) -> Any:
    """Look up a member of an answer; locations that count in its articles get the id of theirs."""
    member, articles = value[name], value.get("articles")
    if name != "char_locations" or not isinstance(articles, list) or not isinstance(member, list):
        return member
    return [_located(location, articles) for location in member]


def _located(location: object, articles: Sequence[object]) -> object:
    if not isinstance(location, dict) or location.get("article_id") is not None:
        return location
    index = location.get("document_index")
    if not isinstance(index, int) or not 0 <= index < len(articles):
        return location
    return location | {"article_id": articles[index]}


def _is_prose(value: Mapping[str, Any]) -> bool:
    """Tell whether this is a part of a chat message rather than a claim."""
    return value.get("type") == "text" or ("role" in value and "content" in value)


def _prose(value: Mapping[str, Any]) -> Iterator[str]:
    for name in ("text", "content"):
        text = value.get(name)
        if isinstance(text, str):
            yield text


def _claim(value: Mapping[str, Any]) -> Claim:
    """Read a claim, fields that are null as if they were not there.

    Raises:
        _NoClaimError: If it has no quote, or a field is of the wrong kind.
    """
    texts = {ours: _field(value, theirs, str, "a text") for ours, theirs in TEXT_FIELDS.items()}
    offsets = {ours: _field(value, theirs, int, "a whole number") for ours, theirs in OFFSET_FIELDS.items()}
    # `id` may be anybody's name for anything; it counts when it is one of ours.
    own = value.get("id")
    if texts["citation_id"] is None and isinstance(own, str) and _CITATION_ID.fullmatch(own):
        texts["citation_id"] = own
    if texts["quote"] is None and texts["citation_id"] is None:
        raise _NoClaimError(
            f"There is no quote: none of the fields {', '.join(QUOTE_FIELDS)}, and no citation_id."
        )
    return Claim(**texts, **offsets)


def _field(value: Mapping[str, Any], names: tuple[str, ...], kind: type, expected: str) -> Any:
    for name in names:
        given = value.get(name)
        if given is None:
            continue
        if not isinstance(given, kind) or isinstance(given, bool):
            raise _NoClaimError(f"{name} must be {expected}, not {_kind(given)}.")
        return given
    return None


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with the place it was read from, and how it stands to the archive."""

    located: Located
    verification: Verification

    @property
    def somebody_elses(self) -> bool:
        """Whether the text gives the words to one speaker, and the archive has them from others only."""
        return is_somebody_elses(self.located.speaker, self.verification.speakers)


@dataclass(frozen=True, slots=True)
class Report:
    """What came of verifying an input.

    Attributes:
        checked: Every claim that could be verified, in the order of the input.
        refused: What could not, with the reason: first what could not be read, then what cannot be verified.
        unchecked_words: How many words of the input belong to no claim.
        snapshot: The archive's snapshot.
    """

    checked: tuple[Checked, ...]
    refused: tuple[Refused, ...]
    unchecked_words: int
    snapshot: int

    @property
    def nothing_to_check(self) -> bool:
        """Whether the input had nothing in it that claims to be a quote, nor anything that looked like it."""
        return not self.checked and not self.refused

    @property
    def verified(self) -> bool:
        """Whether there was something to check and all of it is verified: what was not checked is not."""
        if self.refused or not self.checked:
            return False
        return all(checked.verification.verified for checked in self.checked)


def check_number(read: ClaimsRead, most: int, setting: str) -> None:
    """Refuse an input with too many claims; `setting` names the one that says how many.

    Raises:
        QueryError: If there are more than `most`.
    """
    if len(read.claims) > most:
        raise QueryError(
            f"There are {len(read.claims)} quotes to verify; at most {most} are verified at once.",
            f"Verify them in parts, or set {setting}.",
        )


def verify_claims(snapshot: Snapshot, read: ClaimsRead, settings: Settings) -> Report:
    """Verify every claim that was read; a malformed one is refused, and the rest goes on. Needs no model.

    Of claims that are the same one is verified.

    Args:
        snapshot: What the claims are about.
        read: The claims.
        settings: Says how many there may be, and how long their quotes.

    Raises:
        QueryError: If there are too many claims.
    """
    check_number(read, settings.max_claims, "DATELINE_MAX_CLAIMS")
    known: dict[Claim, Verification] = {}
    checked = []
    refused = list(read.refused)
    for located in read.claims:
        try:
            if located.claim not in known:
                known[located.claim] = verify_claim(snapshot, located.claim, longest=settings.max_quote_chars)
        except QueryError as error:
            refused.append(Refused(located.where, str(error)))
        else:
            checked.append(Checked(located, known[located.claim]))
    return Report(tuple(checked), tuple(refused), read.unchecked_words, snapshot.number)
