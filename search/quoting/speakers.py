"""Whose words a quotation is: who a text says they are by, and whether the archive has them from somebody else."""

from collections.abc import Iterable, Sequence

from search.article import Span
from search.english.people import media
from search.english.terms import STOP_WORDS
from search.statements import Speaker, Statement, folded, read_statements

_LONGEST = 200_000
"""Code points of a text whose statements are read; in a longer one nobody is told."""

_SHORTEST_NAME = 2


def speakers_of(text: str, spans: Sequence[Span]) -> list[Speaker | None]:
    """Tell who a text names as the speaker of each quotation in it; None where it names nobody."""
    if not spans or len(text) > _LONGEST:
        return [None] * len(spans)
    statements = read_statements(text)
    return [next(iter(speakers_at(statements, span)), None) for span in spans]


def speakers_at(statements: Iterable[Statement], span: Span) -> tuple[Speaker, ...]:
    """List who speaks in a slice of a body, each once, in order: whoever says the part that it touches."""
    found: dict[str, Speaker] = {}
    for statement in statements:
        if not statement.overlaps(span):
            continue
        parts = [part for part in statement.parts if part.overlaps(span)]
        within = [part for part in parts if part.start <= span.start and span.end <= part.end]
        for one in within or (statement, *parts):
            if one.speaker is not None:
                found.setdefault(one.speaker.name, one.speaker)
    return tuple(found.values())


def is_somebody_elses(given: Speaker | None, known: Sequence[Speaker]) -> bool:
    """Tell whether a text gives words to somebody and the archive has them from others only.

    They are others when no word of the names and roles is the same, as of "Blinken" and "Antony Blinken, Secretary
    of State". Descriptions ("the minister") and media ("Reuters") may mean anybody, and accuse nobody.
    """
    if given is None or not known or not all(map(_is_named, (given, *known))):
        return False
    words = _words(given)
    return all(words.isdisjoint(_words(one)) for one in known)


def _is_named(speaker: Speaker) -> bool:
    if any(word in media() for word in speaker.name.split()):
        return False
    return any(word[:1].isupper() for word in speaker.name.split())


def _words(speaker: Speaker) -> set[str]:
    words = folded(f"{speaker.name} {speaker.role or ''}").split()
    return {word for word in words if len(word) >= _SHORTEST_NAME and word not in STOP_WORDS}
