"""What a sentence says of its figures: part or whole, a change, what was before, for it or against it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.article import Span
from search.english.numbers import NUMBER, NUMBERS
from search.english.table import any_word_of
from search.english.terms import content_terms
from search.english.units import SYMBOL, Unit, read_unit

_ABOUT = r"(?:(?:about|some|at\s+least|nearly|almost|around|more\s+than|over)\s+)?"
_CHANGED = r"\b(?:rose|rises?|risen|grew|grown|climbed|increased|jumped|fell|fallen|dropped|declined|up|down)\b"
_IS_CHANGE = re.compile(
    rf"{_CHANGED}(?:\s+by)?\s+{_ABOUT}{SYMBOL}?\Z|{_CHANGED}[^.;]{{0,40}}?\bby\s+{_ABOUT}{SYMBOL}?\Z",
    re.IGNORECASE,
)
_IS_DIFFERENCE = re.compile(
    r"(?:\s+[\w.]+){0,2}?\s+(?:higher|lower|more|less|fewer|larger|smaller|above|below)\s+than\b", re.IGNORECASE
)
"""Behind "10 dollars", which are then no price."""
_IS_BEFORE = re.compile(
    rf"\bfrom\s+{_ABOUT}{SYMBOL}?\Z|\b(?:compared\s+(?:with|to)|against|than\s+the)\s+{_ABOUT}{SYMBOL}?\Z",
    re.IGNORECASE,
)
_OF_A_WHOLE = re.compile(
    rf"\s+(?:out\s+)?of\s+(?:(?:its|the|their|his|her|our|all|these|those|some|about|[\w-]+['’]s?)\s+){{0,2}}(?P<whole>{NUMBER})",
    re.IGNORECASE,
)
_OPENS_A_WHOLE = re.compile(
    r"\b(?:out\s+)?of\s+(?:(?:its|the|their|his|her|our|all|some|about|[\w-]+['’]s?)\s+){0,2}\Z", re.IGNORECASE
)
_CLAUSE_BEGUN = re.compile(r"(?:\A|[.;,:]|\s[-–—_]{1,2}|\band|\bbut)\W*\Z")
"""Behind a dateline, too."""
AGAINST = re.compile(r"\b(?:against|opposed?|opposing|rejected)\b", re.IGNORECASE)
IN_FAVOUR = re.compile(r"\b(?:vot\w+ for|for it|in favou?r|supported|backed|approved)\b", re.IGNORECASE)
_PAIR_OF_VOTES = rf"(?P<first>{NUMBER})\s*(?:votes?\s+)?(?:to|[-\u2013]|against)\s*(?P<second>{NUMBER})\b"
_VOTES = re.compile(
    rf"{_PAIR_OF_VOTES}\s+(?:votes?\s+)?(?:(?P<against>against|to\s+reject)|for\b|in\s+favou?r|to\s+\w+)"
    rf"|\b(?:(?P<rejected>{any_word_of('figures', 'voted down')})|{any_word_of('figures', 'voted for')})\b"
    rf"[^.;]{{0,80}}?\b(?:by|with)\s+{_PAIR_OF_VOTES.replace('first', 'more').replace('second', 'fewer')}",
    re.IGNORECASE,
)
"""Of "voted 61 to 48 for the budget" and "passed by 61 votes to 48" the second is the number of those against."""
_SO_MUCH_OF = re.compile(r"\s+(?:[\w-]+\s+){1,2}?of\s+(?P<things>(?:[\w'’-]+\s*){1,4})")
_A_SHARE_OF = re.compile(
    r"(?:\s+per\s?cent)?\s+of\s+(?:(?:the|its|their|all)\s+)?(?P<things>[\w'’-]+(?:\s+[\w'’-]+)?)", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[.;:!?()]\s|,(?!\d)|\b(?:and|but|while)\b|\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a sentence says of a figure.

    Attributes:
        unit: What it is a number of; of a part, what its whole is.
        predicate: The words that are said of it.
        part: Whether it is a part of another figure beside it.
        whole: Whether another one is a part of it.
        change: Whether it tells by how much something changed.
        before: Whether it tells what something was before.
    """

    unit: Unit
    predicate: str
    part: bool
    whole: bool
    change: bool
    before: bool


def said_of(sentence: str, figure: Span) -> Said:
    """Read what a sentence says of the figure that stands at these offsets."""
    before, after = sentence[: figure.start], sentence[figure.end :]
    opened = _OPENS_A_WHOLE.search(before)
    behind_its_part = opened is not None and _ends_in_a_figure(before[: opened.start()])
    unit = read_unit(sentence, figure.start, figure.end)
    share = _OF_A_WHOLE.match(after)
    behind = figure.end
    if share:
        start, behind = figure.end + share.start("whole"), figure.end + share.end("whole")
        unit = read_unit(sentence, start, behind)
    return Said(
        unit,
        _predicate(sentence, behind, whole=behind_its_part),
        share is not None,
        behind_its_part or (opened is not None and _CLAUSE_BEGUN.search(before[: opened.start()]) is not None),
        _IS_CHANGE.search(before) is not None or _IS_DIFFERENCE.match(after) is not None,
        _IS_BEFORE.search(before) is not None,
    )


def _ends_in_a_figure(text: str) -> bool:
    """Tell whether a figure stands at the end, as a part before the "of" of its whole: "450 of its 3,200 jobs"."""
    return any(number.end() == len(text.rstrip()) for number in NUMBERS.finditer(text))


def _predicate(sentence: str, start: int, *, whole: bool) -> str:
    """The words behind a figure, up to the end of its clause or the next figure; of a whole up to its noun."""
    stop = _CLAUSE_END.search(sentence, start)
    number = NUMBERS.search(sentence, start)
    end = min(found.start() for found in (stop, number) if found)
    words = sentence[start:end]
    if not whole:
        return words
    noun = re.search(r"^\W*(?:[\w'’-]+\s+){0,3}?[\w'’-]+s\b", words)
    return noun.group() if noun else ""


def clause_of(sentence: str, figure: Span, said: Said) -> str:
    """A figure with what is said of it, and what stands before it back to the next figure or clause."""
    before = sentence[: figure.start]
    cuts = (*_CLAUSE_END.finditer(before), *NUMBERS.finditer(before))
    begin = max((cut.end() for cut in cuts if cut.group()), default=0)
    return f"{sentence[begin : figure.end]}{said.predicate}"


def votes_for(sentence: str, figure: Span, said: Said) -> bool | None:
    """Tell whether a figure counts those for it, or those against; None where neither is said."""
    for votes in _VOTES.finditer(sentence):
        for group in ("first", "second", "more", "fewer"):
            if figure.start <= votes.start(group) < figure.end:
                return (group in {"first", "more"}) is (votes["against"] is None and votes["rejected"] is None)
    if IN_FAVOUR.search(said.predicate):
        return True
    return False if AGAINST.search(said.predicate) else None


def is_so_much_of(sentence: str, figure: Span, things: Sequence[str]) -> bool:
    """Tell whether a figure is one of so much of things: "53 tons of wet rice"."""
    found = _SO_MUCH_OF.match(sentence, figure.end)
    return found is not None and not set(things).isdisjoint(content_terms(found["things"]))


def is_share_of(sentence: str, figure: Span, things: Sequence[str]) -> bool:
    """Tell whether a figure is a share of things: "80 percent of the boys"."""
    found = _A_SHARE_OF.match(sentence, figure.end)
    return found is not None and not set(things).isdisjoint(content_terms(found["things"]))
