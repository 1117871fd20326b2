"""What a sentence of an article is worth: how it stands, who says it, and whether that is somebody asked for.

Who is named only as the one that the speaker belongs to or speaks for has not said it: what "Blinken's
spokesman", "a spokesman for Blinken" or "a brother of Blinken" says is not said by Blinken. An institution
speaks by such a person, though: what "a spokesman for the Foreign Ministry" says, the Foreign Ministry says.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from search.article import Span
from search.statements.lexicon import ATTENDANTS, GROUPS, ROLES, SAYING, STATING, VERBS

_REMEMBERED = 4_096
_TELLING = VERBS | STATING | SAYING | {"according"}
_ARTICLE = re.compile(r"\A (?:the|an?) (?=\w)")
_OWNER = re.compile(r"(?:(?<![\w'’])[A-Z0-9À-ÖØ-Þ][\w.-]*\s+)*(?<![\w'’])[\w.-]+(?:['’]s|(?<=s)['’])\s+(?=\S)")
_SERVED = re.compile(rf"(?P<head>\b(?i:{'|'.join(sorted(ATTENDANTS))})\b)\s+(?:of|for|to)\s+(?P<served>[^,;]*)")


class Standing(StrEnum):
    """How something is put forward."""

    ASSERTED = "asserted"
    PREDICTED = "predicted"
    THREATENED = "threatened"
    DENIED = "denied"
    CONDITIONAL = "conditional"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is quoted or reported: a person, an office, an institution or, if nobody else is named, a medium.

    Attributes:
        name: As fully as the article gives it up to there, without article and title: "Antony Blinken", "army".
        role: What the article says of them: "US Secretary of State"; None when it says nothing.
        words: `body[start:end]`: the attribution, in the sentence or in one before it that it continues.
        start: First code point of the attribution in the body.
        end: One past the last.
    """

    name: str
    role: str | None
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a body, read, or a part of one that is somebody else's.

    Attributes:
        standing: How its main statement is put forward.
        speaker: Who makes the main statement; None when it is the article's own.
        start: First code point of the sentence, or the part, in the body.
        end: One past the last.
        reporter: Who reports that the speaker said it: Souza, of "Souza said that Novak had denied it", for Novak.
        parts: What others say, think or want in the sentence, in order, each with its own speaker; a part has
            none.
    """

    standing: Standing
    speaker: Speaker | None
    start: int
    end: int
    reporter: Speaker | None = None
    parts: tuple["Statement", ...] = ()

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Everybody who says, thinks or wants something in the sentence, who makes the main statement first."""
        found = (self.speaker, *(part.speaker for part in self.parts))
        return tuple(speaker for speaker in found if speaker is not None)

    def overlaps(self, span: Span) -> bool:
        """Whether it shares text with a slice of the body."""
        return self.start < span.end and span.start < self.end


@lru_cache(_REMEMBERED)
def folded(text: str) -> str:
    """Reduce text to words parted and surrounded by single spaces, letter case and accents gone.

    `folded(part) in folded(whole)` then tells whether `part` stands in `whole` as whole words.
    """
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    words = "".join(character if character.isalnum() else " " for character in bare.casefold()).split()
    return f" {' '.join(words)} "


def folded_speaker(speaker: Speaker) -> str:
    """Fold name and role into one text in which any of `sought` is found if they are, or have, what is sought.

    Words are found in the name or in the role, but not in both together; whole names and roles stand behind.
    """
    return _folded_name(speaker.name, speaker.role or "")


@lru_cache(_REMEMBERED)
def _folded_name(*said: str) -> str:
    return "|".join((*(folded(_own(text)) for text in said), *(_whole(text) for text in said)))


def sought(name: str) -> tuple[str, str]:
    """What to look for in a `folded_speaker`: words of a name or role, no article before them, or all of one."""
    return _ARTICLE.sub(" ", folded(name)), _whole(name)


def speaks(statement: Statement, said_by: Iterable[str]) -> bool:
    """Tell whether one of the given names or roles is the speaker's, in whole words, case and accents aside.

    Args:
        statement: With or without a speaker.
        said_by: Names, parts of names or roles: "blinken", "secretary of state".
    """
    if statement.speaker is None:
        return False
    spoken = folded_speaker(statement.speaker)
    return any(folded(name).strip() and any(one in spoken for one in sought(name)) for name in said_by)


def speaker_of(statement: Statement, span: Span) -> Speaker | None:
    """Tell who says a slice of a sentence: whose part it stands in, or else who makes the main statement.

    What is reported of somebody ("Souza said that Novak had denied it") is said by who reports it; what somebody
    thinks or wants is not said.

    Args:
        statement: A sentence, with its parts.
        span: Offsets into the body.
    """
    around = (one for one in statement.parts if one.start <= span.start and span.end <= one.end)
    own = [one for one in around if one.reporter is None and one.speaker is not None and _tells(one.speaker)]
    part = min(own, key=lambda one: one.end - one.start, default=None)
    return statement.speaker if part is None else part.speaker


def _tells(speaker: Speaker) -> bool:
    """Whether the words by which somebody speaks have a verb of saying, not one of thinking or siding."""
    return not _TELLING.isdisjoint(re.findall(r"[a-z]+", speaker.words))


def _whole(text: str) -> str:
    # No spaces, so that no word is found inside it.
    return f"={folded(text).strip().replace(' ', '_')}="


@lru_cache(_REMEMBERED)
def _own(text: str) -> str:
    """Leave out of a name or role those that the speaker belongs to or speaks for."""
    text = _SERVED.sub(_without_served, text)
    owners = [owner for owner in _OWNER.finditer(text) if not _is_institution(text[owner.end() :])]
    for owner in reversed(owners):
        text = text[: owner.start()] + text[owner.end() :]
    return text


def _without_served(match: re.Match[str]) -> str:
    words = re.findall(r"[^\W_]+", match["served"].lower())
    institution = match["served"].startswith("the ") or any(word in GROUPS - ROLES for word in words)
    return match.group() if institution else match["head"]


def _is_institution(behind: str) -> bool:
    """Tell whether what is owned is named itself, and nobody's title: the "Foreign Ministry" of "China's"."""
    words = re.split(r"\s+(?:of|for|to|in|at|on|from)\s", behind)[0].split()
    return bool(words) and words[-1][0].isupper() and words[-1].lower() not in ROLES
