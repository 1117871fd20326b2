"""What a sentence of an article is worth: how it stands, and who says it."""

from dataclasses import dataclass
from enum import StrEnum

from search.article import Span


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
