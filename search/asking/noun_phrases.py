"""The noun phrases of a question, and the part that each plays: who did it, to what, where.

A question has a simple frame (a word that asks, an auxiliary, a subject, a verb, the rest), and that is all that
is looked for. Where the frame cannot be told, there are fewer phrases, and never a wrong one made of a verb.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from search.article import Span
from search.asking.question_time import time_constraint
from search.english import people, places
from search.english.people import are_persons
from search.english.table import table, words_of
from search.english.terms import STOP_WORDS
from search.english.verbs import asking_forms

_WORD = re.compile(r"[^\W_]+(?:[.'’&/-][^\W_]+)*\.?(?=\w|\b)|[^\W_]")
_ASKING = words_of("function_words", "asking")
_OF_DEGREE = words_of("function_words", "of degree")
_NEVER_WITH_ANYTHING = words_of("function_words", "asking alone")
_OF_BEING = words_of("function_words", "be", "not be", "have", "not have")
AUXILIARIES = _OF_BEING | words_of("function_words", "do", "not do", "modal", "not modal")
_PRONOUNS = words_of("function_words", "subject", "demonstrative", "there")
_BE = words_of("function_words", "infinite be")
_ARTICLES = words_of("function_words", "article", "quantifier")
_OWNING = words_of("function_words", "owner")
_SMALL_WORDS_OF_NAMES = words_of("name_parts", "small word", "particle")
_OF_A_TIME = re.compile(r"(?:\b(?:in|on|at|by|during|since|until|before|after|from|for|the)\s+)*\Z", re.IGNORECASE)


class Part(StrEnum):
    """The part that a phrase plays in a question."""

    SUBJECT = "subject"
    ASKED = "asked"
    """Counted or chosen from: "workers" of "how many workers died"."""
    OBJECT = "object"
    TOPIC = "topic"
    """What somebody is asked to have said something about."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase.

    Attributes:
        text: As it is told when it stands elsewhere: "the workers" of "how many workers".
        span: Offsets in the question.
        part: The part that it plays.
        preposition: The word of place before it, lower case; empty when there is none.
        members: The phrases that "and" joins in it; empty when it is one.
    """

    text: str
    span: Span
    part: Part
    preposition: str = ""
    members: tuple["Phrase", ...] = ()

    @property
    def words(self) -> list[str]:
        """Its words, without an article."""
        words = self.text.split()
        return words[1:] if words[0].casefold() in _ARTICLES and len(words) > 1 else words

    @property
    def is_name(self) -> bool:
        """Whether all its words that count are capitalised."""
        telling = [word for word in self.words if word not in _SMALL_WORDS_OF_NAMES]
        return bool(telling) and all(word[0].isupper() or word[0].isdigit() for word in telling)

    @property
    def may_be_name(self) -> bool:
        """Whether it is a name, or may be one that is written small: "bush"."""
        return self.is_name or (
            len(self.words) == len(self.text.split()) and self.text.islower() and not self.is_plural
        )

    @property
    def is_place(self) -> bool:
        """Whether it is the name of a country, a region or a capital."""
        return " ".join(self.words).casefold() in _places()

    @property
    def head(self) -> str:
        """Its last word before "of" or another preposition, lower case: "tour" of "the tour of Norlandia"."""
        before = [word.casefold() for word in self.words]
        for place, word in enumerate(before):
            if place and word in words_of("follow_ups", "attached") | {"of"}:
                return before[place - 1]
        return before[-1]

    @property
    def is_plural(self) -> bool:
        """Whether it means several: joined by "and", or a common noun whose form tells."""
        if self.members:
            return True
        if self.is_name:
            return False
        head = self.head
        if are_persons([head]) or head in words_of("irregular", "plural"):
            return True
        return head.endswith("s") and not head.endswith(("ss", "us", "is")) and head not in _singular()

    @property
    def is_group(self) -> bool:
        """Whether it is an institution, or several persons by their noun: "police", "the ministry"."""
        return self.head in people.words(people.Noun.GROUP)

    @property
    def is_role(self) -> bool:
        """Whether it is somebody by an office: "the prime minister"."""
        return self.head in people.words(people.Noun.ROLE) and not self.is_plural


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.casefold().replace("’", "'")


@dataclass(frozen=True, slots=True)
class Frame:
    """A question taken apart.

    Attributes:
        asks: Offsets of the words that ask: "how many workers" of "how many workers died"; None when there
            are none.
        auxiliary: Where its first auxiliary begins, behind those; None when it has none there.
        speaks: Whether it asks for somebody's words.
        phrases: Its noun phrases, in order; those inside another come behind it.
        time: Offsets of the time that it restricts itself to, with its preposition; None when it does not.
    """

    asks: Span | None
    auxiliary: int | None
    speaks: bool
    phrases: tuple[Phrase, ...]
    time: Span | None


def frame_of(question: str, as_of: date) -> Frame:
    """Take a question apart; its relative times are reckoned from `as_of`."""
    time = _time(question, as_of)
    tokens = [
        _Token(found.group().rstrip("."), found.start(), found.start() + len(found.group().rstrip(".")))
        for found in _WORD.finditer(question)
        if time is None or not time.start <= found.start() < time.end
    ]
    begin = 0
    while begin < len(tokens) and tokens[begin].low in words_of("follow_ups", "opener"):
        begin += 1
    asking, subject = _asking(tokens, begin)
    phrases: list[Phrase] = []
    if asking > begin and (noun := _noun_asked(tokens[begin:asking])):
        phrases.append(Phrase(f"the {question[noun.start : noun.end]}", noun, Part.ASKED))
    auxiliary = tokens[asking].start if asking < len(tokens) and tokens[asking].low in AUXILIARIES else None
    verb = subject
    if auxiliary is not None:
        asked = tokens[begin].low if asking > begin else ""
        next_word = tokens[asking + 1].low if asking + 1 < len(tokens) else ""
        is_equation = (
            asked in {"who", "what"}
            and tokens[asking].low in words_of("function_words", "be")
            and not is_verb(next_word, being=True)
        )
        if not is_equation:
            being = tokens[asking].low in _OF_BEING
            passive = bool(asked) and is_verb(next_word, being=True) and being
            verb = asking + 1 if passive else _verb(tokens, asking + 1, being=being)
            phrases += _phrases(question, tokens[asking + 1 : verb], Part.SUBJECT, speaks=False)
    elif asking < len(tokens):
        verb = asking + 1 if asking > begin else begin
    saying = asking_forms()[0] | asking_forms()[1]
    speaks = 0 <= verb - (auxiliary is None) < len(tokens) and tokens[verb - (auxiliary is None)].low in saying
    rest = verb + 1 if auxiliary is not None and verb > asking else verb
    while 0 < rest < len(tokens) and tokens[rest - 1].low in _BE and is_verb(tokens[rest].low, being=True):
        rest += 1
    phrases += _phrases(question, tokens[rest:], Part.OBJECT, speaks=speaks)
    asks = Span(tokens[begin].start, tokens[asking - 1].end) if asking > begin else None
    return Frame(asks, auxiliary, speaks, tuple(phrases), time)


def is_verb(word: str, *, being: bool) -> bool:
    """Tell whether a word is a verb behind a subject: in its base form or, behind forms of "be", a participle."""
    if being:
        return word.endswith(("ed", "ing", "en")) or word in _past()
    return word in _bases()


def _time(question: str, as_of: date) -> Span | None:
    constraint = time_constraint(question, as_of)
    if constraint is None:
        return None
    start = question.find(constraint.words)
    before = _OF_A_TIME.search(question, 0, start)
    return Span(before.start() if before else start, start + len(constraint.words))


def _asking(tokens: Sequence[_Token], begin: int) -> tuple[int, int]:
    """Where the words that ask end, which is where an auxiliary or the verb begins; and what is behind that."""
    place = begin
    if place + 1 < len(tokens) and tokens[place].low in _prepositions() and tokens[place + 1].low in _ASKING:
        place += 1
    if place >= len(tokens) or tokens[place].low not in _ASKING:
        return begin, begin
    alone = tokens[place].low in _NEVER_WITH_ANYTHING
    place += 1
    if place < len(tokens) and tokens[place - 1].low == "how" and tokens[place].low in _OF_DEGREE:
        place += 1
    while not alone and place < len(tokens) and tokens[place].low not in AUXILIARIES:
        if is_verb(tokens[place].low, being=True) or tokens[place].low in STOP_WORDS - {"of", "the", "other"}:
            break
        place += 1
    return place, place


def _noun_asked(tokens: Sequence[_Token]) -> Span | None:
    """The noun of "which countries" and "how many workers"."""
    telling = [token for token in tokens if token.low not in _ASKING | _OF_DEGREE | _prepositions() | STOP_WORDS]
    return Span(telling[0].start, telling[-1].end) if telling else None


def _verb(tokens: Sequence[_Token], first: int, *, being: bool) -> int:
    """Where the verb behind a subject stands; the end of the subject where none can be told."""
    if first < len(tokens) and tokens[first].low in _PRONOUNS:
        return first + 1
    end = first
    while end < len(tokens) and (
        tokens[end].low in _ARTICLES | _OWNING | {"of", "and"} or not _parts(tokens[end])
    ):
        end += 1
    begun = first
    while begun < end and tokens[begun].low in _ARTICLES | _OWNING:
        begun += 1
    named = begun < end and tokens[begun].text[0].isupper()
    for place in range(begun + 1, end):
        low, before = tokens[place].low, tokens[place - 1].low
        if before in _ARTICLES | _OWNING | {"of", "and"} or low in {"of", "and"}:
            continue
        after_a_name = named and tokens[place].text[0].islower() and tokens[place - 1].text[0].isupper()
        office = low in people.words(people.Noun.ROLE) | people.words(people.Noun.GROUP)
        if is_verb(low, being=being) or (after_a_name and not office and low not in _SMALL_WORDS_OF_NAMES):
            return place
        if place > begun + 1 and low in _ARTICLES:
            return place
    if end - begun > 1 and tokens[end - 1].text[0].islower() and not being and not _has_be(tokens, end):
        last = tokens[end - 1].low
        return end - 1 if not last.endswith("s") or last.endswith("ss") else first
    return end


def _has_be(tokens: Sequence[_Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].low in _BE


def _parts(token: _Token) -> bool:
    """Whether a word stands between phrases rather than in one; "Per" inside a question is a name."""
    if token.start and token.text.istitle() and token.low not in STOP_WORDS:
        return False
    return token.low in (STOP_WORDS | _prepositions() | AUXILIARIES) - _ARTICLES - _OWNING


def _phrases(question: str, tokens: Sequence[_Token], first: Part, *, speaks: bool) -> Iterator[Phrase]:
    """Put words together to phrases; the first is what the verb has to do with, if no preposition is before it."""
    runs = _runs(tokens)
    place = 0
    while place < len(runs):
        begin, end, preposition = runs[place]
        topic = preposition in words_of("follow_ups", "topic" if speaks else "always topic") - {"of"}
        inner: list[tuple[int, int, str]] = []
        common = tokens[begin].text[0].islower()
        while place + 1 < len(runs) and (topic or (common and first is not Part.SUBJECT)):
            following, until, joint = runs[place + 1]
            if joint not in words_of("follow_ups", "attached") or following - end != 1:
                break
            inner.append(runs[place + 1])
            end = until
            place += 1
        members = tuple(
            _phrase(question, tokens, one, two, Part.OTHER, preposition)
            for one, two in _members(tokens, begin, end)
        )
        part = Part.TOPIC if topic else first if not preposition else Part.OTHER
        yield _phrase(question, tokens, begin, end, part, preposition, members)
        for following, until, joint in [*_owners(tokens, begin, runs[place - len(inner)][1]), *inner]:
            yield _phrase(question, tokens, following, until, Part.OTHER, joint)
        place += 1


def _owners(tokens: Sequence[_Token], begin: int, end: int) -> list[tuple[int, int, str]]:
    """What stands behind the last "of" of a phrase: "Mongolia" of "the capital of Mongolia"."""
    joints = [place for place in range(begin + 1, end - 1) if tokens[place].low == "of"]
    return [(joints[-1] + 1, end, "of")] if joints else []


def _phrase(
    question: str,
    tokens: Sequence[_Token],
    begin: int,
    end: int,
    part: Part,
    preposition: str,
    members: tuple[Phrase, ...] = (),
) -> Phrase:
    span = Span(tokens[begin].start, tokens[end - 1].end)
    return Phrase(span.of(question), span, part, preposition, members)


def _runs(tokens: Sequence[_Token]) -> list[tuple[int, int, str]]:
    """Runs of words that make a phrase: first, end, and the preposition before it. "of" and "and" join."""
    runs: list[tuple[int, int, str]] = []
    place, preposition = 0, ""
    while place < len(tokens):
        low = tokens[place].low
        is_infinitive = preposition == "to" and low in _bases()
        if (
            _parts(tokens[place])
            or is_infinitive
            or (preposition and low.endswith("ing") and tokens[place].text.islower())
        ):
            preposition = low if low in _prepositions() else ""
            place += 1
            continue
        begin = place
        while place < len(tokens) and (not _parts(tokens[place]) or _joins(tokens, place)):
            if place > begin and tokens[place].low in _ARTICLES and tokens[place - 1].low not in {"of", "and"}:
                break
            place += 1
        if any(token.low not in _ARTICLES | _OWNING for token in tokens[begin:place]):
            runs.append((begin, place, preposition))
        preposition = ""
    return runs


def _joins(tokens: Sequence[_Token], place: int) -> bool:
    return tokens[place].low in {"of", "and"} and place + 1 < len(tokens) and not _parts(tokens[place + 1])


def _members(tokens: Sequence[_Token], begin: int, end: int) -> list[tuple[int, int]]:
    joints = [place for place in range(begin + 1, end - 1) if tokens[place].low == "and"]
    if len(joints) != 1:
        return []
    return [(begin, joints[0]), (joints[0] + 1, end)]


@cache
def _prepositions() -> frozenset[str]:
    relations = words_of("questions", "relations") | words_of("follow_ups", "attached")
    return relations | words_of("follow_ups", "topic") | words_of("follow_ups", "place relation")


@cache
def _bases() -> frozenset[str]:
    saying = {row["verb"][0] for row in table("verbs")}
    moving = {row["forms"][0] for row in table("moves")}
    return words_of("follow_ups", "verb") | saying | moving


@cache
def _past() -> frozenset[str]:
    families = {word for row in table("word_families") for word in row["words"] if row["words"][0] in _bases()}
    return words_of("irregular", "past") | families


@cache
def _singular() -> frozenset[str]:
    return words_of("irregular", "singular")


@cache
def _places() -> frozenset[str]:
    return frozenset(name.casefold() for name in places.names())
