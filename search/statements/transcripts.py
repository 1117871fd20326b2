"""Words under the label of who says them, in transcripts ("SOUZA: It was late.") and headlines.

An interview of questions and answers ("Q:", "A:") names nobody by its labels.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from search.article import Span
from search.english.people import Noun, pronouns_of_given_names, words
from search.english.table import words_of
from search.statements.lexicon import ROLES
from search.statements.naming import Kind, Naming, read_naming

_WORD = r"[A-ZÀ-ÖØ-Þ][\w.'’-]*"
_LABEL = (
    rf"(?P<who>{_WORD}(?:\s+(?:of\s+|de\s+|van\s+|al-)?{_WORD}){{0,4}}(?:\s+\([^()\n]{{1,40}}\))?)\s*:(?=\s*\S)"
)
_AT_PARAGRAPH = re.compile(rf"^[ \t]*{_LABEL}", re.MULTILINE)
_AT_QUOTE = re.compile(rf"(?:[A-Z]+\s+[–—-]\s+)?{_LABEL}(?=\s*[\"“~])")
_AT_SENTENCE = re.compile(rf"(?:[A-Z]+\s+[–—-]\s+)?{_LABEL}(?=\s+\S)")
_NO_LABEL = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’-]*\b(?!\s*:)")
_FEWEST_TURNS = 3
_FARTHEST = 3
"""Paragraphs without a label that a speaker goes on for."""
_NOBODY = words_of("name_parts", "label alone")
_UNNAMED = words_of("name_parts", "label within")
"""Words that no name has before its colon: "The Latest:"."""
_SHORTEST_IN_CAPITALS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody says, under a label.

    Attributes:
        label: The label, without its colon: offsets in the body.
        naming: Who it names; None when it names nobody.
        end: Where the turn ends in the body.
    """

    label: Span
    naming: Naming | None
    end: int


class Turns:
    """The turns of a transcript, found once; none where a text is no transcript."""

    def __init__(self, body: str) -> None:
        self._turns = _turns(body)
        self._starts = [turn.label.start for turn in self._turns]

    def at(self, place: int) -> Turn | None:
        """Tell in whose turn an offset of the body lies."""
        number = bisect_right(self._starts, place) - 1
        turn = self._turns[number] if number >= 0 else None
        return turn if turn is not None and place < turn.end else None


def labelled(blank: str, *, first: bool, body: str) -> tuple[Naming, Span] | None:
    """Read the label before a quotation that a sentence is, or before the words of a headline.

    Args:
        blank: The sentence, its quotations blanked.
        first: Whether it is the first of its body, as a headline is; what follows the label need not be quoted.
        body: Where whom a headline names must be named again.
    """
    found = _AT_QUOTE.match(blank)
    if found is None and first and (found := _AT_SENTENCE.match(blank)):
        last = _last_word(found["who"])
        if len(re.findall(rf"\b{re.escape(last)}\b(?!\s*:)", body)) == 0:
            return None
    naming = named_by_label(found["who"]) if found else None
    return (naming, Span(*found.span("who"))) if found and naming and naming.kind is Kind.NAME else None


def named_by_label(label: str) -> Naming | None:
    """Read a label; None when it is nobody's name."""
    bare = re.sub(r"\s+\([^()]*\)", "", label)
    if not {word.lower() for word in bare.split()}.isdisjoint(_UNNAMED):
        return None
    if bare.lower() in _NOBODY or bare.lower() in words(Noun.DOCUMENT):
        return None
    plain = " ".join(_in_small_letters(word) for word in bare.split()) if bare.isupper() else bare
    naming = read_naming(plain, surely=True)
    if naming is None and not {word.lower().strip(".") for word in plain.split()} & ROLES:
        naming = Naming(plain, None, Kind.NAME, definite=False, medium=False)
    return naming


def _in_small_letters(word: str) -> str:
    return word.capitalize() if len(word.strip(".")) >= _SHORTEST_IN_CAPITALS else word


def _is_somebody(label: str) -> bool:
    """Tell whether a label is surely a person's: a given name or an office, and a name: "Minister Novak"."""
    first, *others = re.sub(r"\s+\([^()]*\)", "", label).split()
    if not others or others[-1].lower() in ROLES:
        return False
    return first in pronouns_of_given_names() or first.lower().rstrip(".") in ROLES


def _is_asked(text: str) -> bool:
    return text.rstrip().endswith("?")


def _last_word(label: str) -> str:
    return label.rsplit(maxsplit=1)[-1]


def _turns(body: str) -> Sequence[Turn]:
    labels = list(_AT_PARAGRAPH.finditer(body))
    in_capitals = [match for match in labels if match["who"].isupper()]
    if len(in_capitals) >= _FEWEST_TURNS:
        labels = in_capitals
    elif labels:
        # Whom a label names is named elsewhere; the fields of a form ("Age:") are not.
        met = set(_NO_LABEL.findall(body))
        recurring = {who for who, times in Counter(match["who"] for match in labels).items() if times > 1}
        beside = recurring if any(map(_is_somebody, recurring)) else set()
        labels = [
            match
            for match in labels
            if _last_word(match["who"]) in met or len(match["who"]) == 1 or match["who"] in beside
        ]
    known = {_last_word(match["who"]).upper(): match["who"] for match in reversed(labels) if " " in match["who"]}
    count = Counter(_last_word(match["who"]).upper() for match in labels)
    if len(labels) < _FEWEST_TURNS or count.most_common(1)[0][1] == 1:
        return ()
    turns = []
    for number, match in enumerate(labels):
        last = number + 1 == len(labels)
        until = len(body) if last else labels[number + 1].start()
        paragraphs = [found.start() for found in re.finditer(r"\n\s*\n", body[match.end() : until])]
        if last or len(paragraphs) > _FARTHEST + 1:
            until = match.end() + paragraphs[0] if paragraphs else until
        elif len(paragraphs) > 1 and labels[number + 1]["who"] == match["who"] and _is_asked(body[:until]):
            until = match.end() + paragraphs[-2]  # what is asked in between has no label
        # "KRISTIN DAHL:" is "DAHL:" from then on
        named = named_by_label(known.get(match["who"].upper(), match["who"]))
        turns.append(Turn(Span(*match.span("who")), named, until))
    return turns
