"""Questions that hang on the one before: "and when will he sign it?" after "What did Abbas say of the treaty?".

A pronoun is read as the one noun phrase of an earlier question that it can stand for, words that are no whole
question are put in the place of their like, and a bare "when?" asks for the time of the same. Each is a rule with
a name; nothing is put in that nobody has asked or been answered. Where two things are possible none is chosen: the
readings are given back, for whoever asks to choose.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product

from search.article import Span
from search.asking.antecedents import (
    Turn,
    owning,
    persons_meant,
    places_meant,
    several_meant,
    things_meant,
)
from search.asking.noun_phrases import AUXILIARIES, Frame, Part, Phrase, frame_of
from search.english.table import any_word_of, words_of
from search.english.verbs import asking_forms
from search.times.story import YEARS

MOST_EARLIER = 20
"""Earlier questions that are looked at, counted from the last."""
_MOST_READINGS = 4
_MOST_WORDS_ADDED = 8
_LOOKED_BACK = 3


def _any_of(kind: str) -> str:
    return "|".join(sorted(map(re.escape, words_of("follow_ups", kind)), key=len, reverse=True))


_OPENER = re.compile(rf"\W*(?:(?:{_any_of('opener')})\b\W*)+", re.IGNORECASE)
_DO = any_word_of("function_words", "be", "do", "have", "modal")
_ASKED_AGAIN = re.compile(
    rf"(?P<word>{_any_of('asked again')})"
    rf"(?:\s+(?:{_DO})\s+(?:(?:that|this|it)\s+happen(?:ed)?|that|this"
    r"|(?:he|she|it|they)\s+(?:do|done|say|said)\s+(?:that|this|it|so)))?\s*\?*\s*",
    re.IGNORECASE,
)
_DEMONSTRATIVE = r"(?:that|this|these|those|the same)"
_PRONOUN = re.compile(
    rf"\b(?:(?P<owner>{_any_of('owner person')}|its|their)\s+(?=[^\W_])"
    rf"|(?P<person>{_any_of('person')})|(?P<several>{_any_of('several alone')})|(?P<place>{_any_of('place')})"
    r"|(?P<thing>it|itself)"
    rf"|(?:(?P<time>(?:(?:in|on|at|during|by)\s+)?{_DEMONSTRATIVE}\s+(?:{_any_of('time')}))"
    rf"|(?P<named>{_DEMONSTRATIVE}\s+(?P<noun>[a-z]+(?:-[a-z]+)*)))"
    r"|(?P<shown>that|this|these|those))\b",
    re.IGNORECASE,
)
_BEHIND_SHOWN = re.compile(
    rf"\W*\Z|\s+(?:{'|'.join(sorted(AUXILIARIES | {'happen', 'happened'}))})\b", re.IGNORECASE
)
_OF_WEATHER = re.compile(rf"\s+(?:\w+\s+)?(?:be\s+|been\s+)?(?:{_any_of('weather')})\b", re.IGNORECASE)
_BEFORE_SUBJECT = re.compile(
    rf"(?:\b(?:{'|'.join(sorted(AUXILIARIES))}|{any_word_of('function_words', 'inner')})|\A)\s+(?:\w+ly\s+)?\Z",
    re.IGNORECASE,
)
_AUXILIARY_NEXT = re.compile(rf"\s+(?:{'|'.join(sorted(AUXILIARIES))})\b", re.IGNORECASE)
_BE = any_word_of("function_words", "be", "infinite be")
_AFTER_BE = re.compile(rf"\b(?:{_BE})\s+\Z", re.IGNORECASE)
_BEFORE_BE = re.compile(rf"\s+(?:{_BE})\b", re.IGNORECASE)
_WHO_AND = re.compile(r"\bwho(?:m|se)?\b.*\band\b", re.IGNORECASE)
"""Before a pronoun of whoever is asked for: "who won, and when did she"."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question as it is read with those before it.

    Attributes:
        asked: As it was asked.
        text: As it is read, whole in itself; as it was asked where it needs nothing, or cannot be told.
        rules: The rules by which it was read, in order; none where it is read as it was asked.
        unclear: The words of it of which it cannot be told what they stand for; empty when there are none.
        possible: How it may be read, where that is the case; empty where nothing before it fits.
    """

    asked: str
    text: str
    rules: tuple[str, ...] = ()
    unclear: str = ""
    possible: tuple[str, ...] = ()

    @property
    def hangs(self) -> bool:
        """Whether it hangs on what was asked before, as far as that can be told."""
        return bool(self.rules or self.possible)


def read_with(
    question: str, earlier: Sequence[str], as_of: date, answered: str = "", *, longest: int = 2_000
) -> FollowUp:
    """Read a question with those that were asked before it.

    Args:
        question: As it was asked.
        earlier: The questions before it, the last one last, as they were asked or as they were read.
        as_of: The day from which relative times are reckoned.
        answered: The short answer to the last of them, where there was one: what "he" may be after "who won?".
        longest: Characters of a question; what is longer, or asked as of a day from which no times can be
            reckoned, is left as it is, and not looked at.
    """
    if len(question) > longest or as_of.year not in YEARS:
        return FollowUp(question, question)
    whole: list[str] = []
    for one in [one for one in earlier if len(one) <= longest][-MOST_EARLIER:]:
        whole.append(_read(one, whole, as_of, "").text)
    return _read(question, whole, as_of, answered)


def _read(question: str, earlier: Sequence[str], as_of: date, answered: str) -> FollowUp:
    asked = " ".join(question.split())
    if not earlier or not asked:
        return FollowUp(asked, asked)
    opener = _OPENER.match(asked)
    bare = asked[opener.end() :] if opener else asked
    turns = [Turn.of(text, as_of) for text in reversed(earlier[-_LOOKED_BACK:])]
    if again := _ASKED_AGAIN.fullmatch(bare):
        return FollowUp(asked, _asked_again(again["word"], turns[0], answered), ("asking word",))
    frame = frame_of(bare, as_of)
    if added := _another(asked, bare, frame, turns[0], opened=opener is not None):
        return added
    return _with_pronouns_read(asked, bare, frame, turns, answered)


# A bare "when?", and words that are no whole question


def _asked_again(word: str, turn: Turn, answered: str) -> str:
    """Ask of an earlier question when, where or why it was."""
    asks, auxiliary, text = turn.frame.asks, turn.frame.auxiliary, turn.text
    has_subject = any(phrase.part is Part.SUBJECT for phrase in turn.frame.phrases)
    if auxiliary is not None and (asks is None or has_subject):
        rest = f"{text[auxiliary].lower()}{text[auxiliary + 1 :]}"
        if turn.frame.speaks and asks:  # "when did Abbas say so about the vote", not "say about"
            verb = turn.frame.phrases[0].span.end - auxiliary
            rest = rest[:verb] + re.sub(r"\A(\s*\w+)", r"\1 so", rest[verb:])
        return _told(f"{word} {rest}")
    if asks and auxiliary is None and turn.asks_for_person and answered:
        return _told(f"{word} was it that {answered} {text[asks.end :].strip()}")
    return _told(f"{word} was it: {text[:1].lower()}{text[1:]}")


def _another(asked: str, bare: str, frame: Frame, turn: Turn, *, opened: bool) -> FollowUp | None:
    """Put words that are no question in the place of their like: "and in 2007?", "what about Egypt?"."""
    is_whole = frame.asks or frame.auxiliary is not None or _PRONOUN.search(bare)
    phrases = [one for one in frame.phrases if one.span.start == frame.phrases[0].span.start]
    begins = bare.split(maxsplit=1)[0].casefold() if bare else ""
    if is_whole or len(bare.split()) > _MOST_WORDS_ADDED or not (opened or begins in _prepositions()):
        return None
    text = turn.text.rstrip(" ?.!")
    if frame.time and not phrases:
        words, before = frame.time.of(bare).strip(), turn.frame.time
        read = f"{text[: before.start]}{words}{text[before.end :]}" if before else f"{text} {words}"
        return FollowUp(asked, _told(read), ("another time",))
    if not phrases:
        return None
    new = phrases[0]
    words = new.text if new.span.start else bare.rstrip(" ?.!")
    if frame.time:
        words = new.text
    places = _like(new, turn)
    rest = bare[: new.span.start].strip()
    if not places and rest:
        return FollowUp(asked, _told(f"{text} {bare.rstrip(' ?.!')}"), ("another place",))
    readings = [_told(f"{text[: old.span.start]}{words}{text[old.span.end :]}") for old in places]
    if len(readings) == 1:
        return FollowUp(asked, readings[0], ("another of the kind",))
    return FollowUp(asked, asked, unclear=words, possible=tuple(readings[:_MOST_READINGS]))


def _like(new: Phrase, turn: Turn) -> list[Phrase]:
    """The phrases of an earlier question in whose place another may be put."""
    phrases = [one for one in turn.frame.phrases if one.part is not Part.ASKED]
    if new.preposition:
        same = [one for one in phrases if one.preposition == new.preposition]
        return [one for one in same if one.may_be_name == new.may_be_name] or same
    if new.is_place:
        return [one for one in phrases if one.is_place]
    if new.may_be_name:
        names = [one for one in phrases if one.may_be_name and not one.is_place]
        return names or [one for one in phrases if one.may_be_name]
    return [one for one in turn.outer if not one.may_be_name and one.part is not Part.ASKED]


# Pronouns


@dataclass(frozen=True, slots=True)
class _Pronoun:
    """A pronoun that stands for nothing in its own question, and what it may stand for."""

    words: str
    span: Span
    rule: str
    readings: tuple[str, ...]


def _with_pronouns_read(asked: str, bare: str, frame: Frame, turns: Sequence[Turn], answered: str) -> FollowUp:
    pronouns = _pronouns(bare, frame, turns, answered)
    told = [one for one in pronouns if one.readings]
    if not told:
        return FollowUp(asked, asked, unclear=pronouns[0].words if pronouns else "")
    texts = [
        _put_in(bare, told, chosen) for chosen in islice(product(*(one.readings for one in told)), _MOST_READINGS)
    ]
    if len(texts) == 1:
        return FollowUp(asked, _told(texts[0]), tuple(dict.fromkeys(one.rule for one in told)))
    unclear = next(one.words for one in told if len(one.readings) > 1)
    return FollowUp(asked, asked, unclear=unclear, possible=tuple(map(_told, texts)))


def _pronouns(bare: str, frame: Frame, turns: Sequence[Turn], answered: str) -> list[_Pronoun]:
    found: list[_Pronoun] = []
    taken: set[str] = set()
    for match in _PRONOUN.finditer(bare):
        kind = match.lastgroup if match.lastgroup != "noun" else "named"
        if kind is None or not _is_free(bare, match, kind, frame):
            continue
        readings: list[str] = []
        for number, turn in enumerate(turns):
            readings = list(_readings(bare, match, kind, turn, "" if number else answered))
            if readings:
                break
        if not readings and kind == "place" and answered[:1].isupper():
            readings = [f"in {answered}"]
        others = [one for one in readings if one not in taken]
        if len(others) == 1:
            taken.update(others)
        rule = {"named": "the same noun", "shown": "thing"}.get(kind, kind)
        words = match.group().strip()
        if kind == "named" and not readings:
            continue
        found.append(
            _Pronoun(words, Span(match.start(), match.start() + len(words)), rule, tuple(dict.fromkeys(others)))
        )
    return found


def _is_free(bare: str, match: re.Match[str], kind: str, frame: Frame) -> bool:
    """Tell whether a pronoun stands for nothing in its own question.

    What stands before it may be meant, save that a pronoun which is the object of a verb is not its subject.
    """
    before, after = bare[: match.start()], bare[match.end() :]
    if kind == "thing" and (_OF_WEATHER.match(after) or _OF_WEATHER.match(f" {after}")):
        return False
    if kind == "place" and (_AFTER_BE.search(before) or _BEFORE_BE.match(after)):
        return False
    if kind == "shown" and not _BEHIND_SHOWN.match(after):
        return False
    if kind in {"time", "named"}:
        return True
    is_subject = _is_subject(bare, match)
    earlier = [phrase for phrase in frame.phrases if phrase.span.end <= match.start()]
    if kind == "place":
        return not any(phrase.is_place or phrase.preposition for phrase in earlier)
    if kind != "owner" and not is_subject:
        earlier = [phrase for phrase in earlier if phrase.part is not Part.SUBJECT]
    if kind == "thing":
        earlier = [phrase for phrase in earlier if not phrase.is_plural and phrase.part is not Part.ASKED]
    return not (earlier or (is_subject and kind == "person" and _WHO_AND.search(before)))


def _is_subject(bare: str, match: re.Match[str]) -> bool:
    if match.group().casefold() in words_of("follow_ups", "subject") or _AUXILIARY_NEXT.match(bare, match.end()):
        return True
    return _BEFORE_SUBJECT.search(bare[: match.start()]) is not None


def _readings(bare: str, match: re.Match[str], kind: str, turn: Turn, answered: str) -> Iterator[str]:
    low = match.group().strip().casefold()
    if kind == "time":
        if turn.frame.time:
            yield turn.frame.time.of(turn.text).strip()
        return
    if kind == "named":
        noun = match["noun"].casefold()
        same = [one for one in turn.frame.phrases if noun in {one.head, one.head.removesuffix("s")}]
        yield from (one.text for one in same)
        return
    if kind == "place":
        yield from places_meant(turn)
        return
    is_subject = _is_subject(bare, match)
    speaks = _speaks(bare[match.end() :])
    if kind == "person" or low in words_of("follow_ups", "owner person"):
        chosen = persons_meant(low, turn, answered)
    elif kind == "several" or low == "their" or low in {"these", "those"}:
        chosen = several_meant(turn, answered, acts=is_subject and speaks)
    else:
        chosen = things_meant(turn, is_subject=is_subject, speaks=speaks)
    yield from map(owning, chosen) if kind == "owner" else chosen


def _speaks(after: str) -> bool:
    """Whether the verb behind a pronoun is one of saying, or of what only those do who can speak."""
    said = re.match(r"\s+(\w+)", after)
    return said is not None and said[1].casefold() in (
        asking_forms()[0] | asking_forms()[1] | words_of("follow_ups", "of speakers")
    )


# Words


def _put_in(text: str, pronouns: Iterable[_Pronoun], chosen: Sequence[str]) -> str:
    for pronoun, words_chosen in reversed([*zip(pronouns, chosen, strict=True)]):
        text = f"{text[: pronoun.span.start]}{words_chosen}{text[pronoun.span.end :]}"
    return text


def _told(text: str) -> str:
    """A question as it is told: a capital before, a question mark behind."""
    text = " ".join(text.split()).rstrip(" ?.!,;")
    return f"{text[:1].upper()}{text[1:]}?"


def _prepositions() -> frozenset[str]:
    return words_of("follow_ups", "place relation") | words_of("follow_ups", "attached")
