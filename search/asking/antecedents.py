"""What a pronoun may mean of an earlier question: persons, things, several, places.

Each gives every phrase that fits, as it is told in another question; none is chosen among them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

from search.article import Span
from search.asking.noun_phrases import Frame, Part, Phrase, frame_of
from search.english.people import Noun, pronouns_of_given_names, words
from search.english.table import words_of
from search.english.verbs import past_forms

_ASKS_FOR_PERSON = re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z]{2,}")


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question, taken apart.

    Attributes:
        text: The question, whole in itself.
        frame: Its parts.
    """

    text: str
    frame: Frame

    @classmethod
    def of(cls, text: str, as_of: date) -> Self:
        """Take a question apart; its relative times are reckoned from `as_of`."""
        return cls(text, frame_of(text, as_of))

    @property
    def asks_for_person(self) -> bool:
        """Whether it asks who it was."""
        return self.frame.asks is not None and _ASKS_FOR_PERSON.match(self.frame.asks.of(self.text)) is not None

    @property
    def outer(self) -> list[Phrase]:
        """Its phrases that stand in no other one."""
        found: list[Phrase] = []
        for phrase in self.frame.phrases:
            if not any(other.span.start <= phrase.span.start < other.span.end for other in found):
                found.append(phrase)
        return found

    @property
    def singular(self) -> list[Phrase]:
        """The same, those that "and" joins one by one."""
        return [one for phrase in self.outer for one in (phrase.members or (phrase,))]


def persons_meant(pronoun: str, turn: Turn, answered: str) -> list[str]:
    """Whom "he" or "she" may mean: known persons, or else names that may be theirs."""
    wanted = "he" if pronoun in words_of("follow_ups", "he") else "she"
    may_be = [one for one in turn.singular if _may_be_person(one) and _gender(one.text) in {None, wanted}]
    known = [one for one in may_be if _is_person(one, turn)]
    texts = [one.text for one in known or may_be]
    if answered and turn.asks_for_person:
        texts = [*(one.text for one in known), answered] if _gender(answered) in {None, wanted} else texts
    return texts


def several_meant(turn: Turn, answered: str, *, acts: bool) -> list[str]:
    """Whom or what "they" may mean; where they say something, those that can."""
    agents = [one for one in turn.outer if one.is_group or one.members or (one.is_name and not one.preposition)]
    plural = [one for one in turn.outer if one.is_plural or one.is_group]
    names = [one for one in turn.outer if one.is_name]
    persons = [one for one in turn.outer if _may_be_person(one)]
    tiers = (agents, plural, names, persons) if acts else (plural, names, persons)
    found = next((tier for tier in tiers if tier), [])
    if not found and answered:
        return [answered]
    return [one.text for one in found]


def things_meant(turn: Turn, *, is_subject: bool, speaks: bool) -> list[str]:
    """What "it" may mean: what is spoken of, if somebody's words were asked for; else any thing that was named."""
    things = [one for one in turn.outer if not one.is_role and not _is_person(one, turn)]
    subjects = [one for one in things if one.part is Part.SUBJECT and not one.is_plural]
    if is_subject and speaks and subjects:
        return [one.text for one in subjects]
    if topics := [one for one in things if one.part is Part.TOPIC]:
        return [one.text for one in topics]
    things = [one for one in things if not one.is_plural and not _is_where_or_when(one)]
    if not things and (said := _what_was_said(turn)):
        return [said]
    things = [one for one in things if not one.is_place] or [
        one for one in things if not is_subject or one.part is Part.SUBJECT
    ]
    if not is_subject and (objects := [one for one in things if one.part is not Part.SUBJECT]):
        return [one.text for one in objects]
    return [one.text for one in things]


def _is_where_or_when(phrase: Phrase) -> bool:
    if phrase.head in words_of("follow_ups", "time"):
        return True
    return phrase.may_be_name and phrase.preposition in words_of("follow_ups", "place relation")


def _what_was_said(turn: Turn) -> str:
    """What somebody was asked to have said, as a phrase: "what the Pope said in Regensburg"."""
    subject = next((one for one in turn.frame.phrases if one.part is Part.SUBJECT), None)
    if subject is None or not turn.frame.speaks or turn.frame.auxiliary is None:
        return ""
    found = re.match(r"\s+(\w+)(.*)", turn.text[subject.span.end :].rstrip(" ?.!"))
    past = past_forms().get(found[1].casefold()) if found else None
    return f"what {subject.text} {past}{found[2]}" if found and past else ""


def places_meant(turn: Turn) -> Iterator[str]:
    """Where "there" may be, with the preposition that was before it; one place within another is one."""
    relations = words_of("follow_ups", "place relation")
    found = [
        one for one in turn.frame.phrases if one.preposition in relations or (one.is_place and one in turn.outer)
    ]
    found = [
        one for one in found if one.part is not Part.SUBJECT and one.head not in words_of("events", "happened")
    ]
    found = [one for one in found if one.may_be_name] or found
    spans: list[tuple[str, Span]] = []
    for one in found:
        preposition = one.preposition if one.preposition in relations else "in"
        if spans and one.span.start - spans[-1][1].end <= len(one.preposition) + 2:
            spans[-1] = (spans[-1][0], Span(spans[-1][1].start, one.span.end))
        elif not spans or one.span.start >= spans[-1][1].end:
            spans.append((preposition, one.span))
    yield from (f"{preposition} {span.of(turn.text)}" for preposition, span in spans)


def _may_be_person(phrase: Phrase) -> bool:
    if phrase.is_plural or phrase.is_group or phrase.is_place or _ACRONYM.fullmatch(phrase.text):
        return False
    if phrase.preposition in words_of("follow_ups", "place relation") - {"from", "to"}:
        return False
    return phrase.is_role or (phrase.may_be_name and phrase.text.split()[0].casefold() != "the")


def _is_person(phrase: Phrase, turn: Turn) -> bool:
    """Whether a phrase surely means a person: an office, somebody's full name, or who is asked for words."""
    speaks = turn.frame.speaks and phrase.part in {Part.SUBJECT, Part.OBJECT}
    return _may_be_person(phrase) and (phrase.is_role or _gender(phrase.text) is not None or speaks)


def _gender(name: str) -> str | None:
    """The pronoun of somebody, where a given name or an office tells it."""
    parts = name.split()
    for pronoun in (Noun.HE, Noun.SHE):
        if not words(pronoun).isdisjoint(word.casefold() for word in parts):
            return pronoun.value
    return pronouns_of_given_names().get(parts[0]) if len(parts) > 1 else None


def owning(text: str) -> str:
    """Tell that something is theirs: "Berg's", "the nurses'"."""
    return f"{text}'" if text.endswith("s") else f"{text}'s"
