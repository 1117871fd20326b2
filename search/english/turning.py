"""Turn a statement into the question that it answers, by moving its words only.

"At least 12 people were hurt in Porto." answers "How many people were hurt in Porto?", "The bridge was closed on
Monday." answers "When was the bridge closed?". What hangs on another sentence, or has a part that it could do
without, is left alone.
"""

import re
from collections.abc import Callable, Collection
from functools import cache

from search.article import Span
from search.english.calendar import month_numbers, named
from search.english.numbers import NUMBER
from search.english.table import any_word_of, table, words_of
from search.english.terms import STOP_WORDS
from search.english.verbs import past_forms

_SHORTEST_PAST, _WORDS_OF_A_NAME = 4, 2
_ARTICLES = frozenset({"a", "an", "the"})
_MOST_WORDS, _LEAST_WORDS = 14, 3
_NAME = re.compile(r"(?<![.!?] )(?<![“\"‘'])(?<!\A)\b[A-Z][\w’'-]*[a-z][\w’'-]*(?:\s+[A-Z][\w’'-]*[a-z][\w’'-]*)*")
_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]+")
_ASIDE = re.compile(r"[,;:()\[\]\"“”—–]|\s-\s")
_OTHER_VERB = re.compile(r"\b(?:that|is|are|has|have|had|would|could|not)\b")


def how_many(sentence: str) -> str | None:
    """Ask for the figure that a sentence begins with; None where it does not, or where that makes no question."""
    match = _figure_first().match(sentence)
    if match is None:
        return None
    rest = _needed(match["rest"])
    first = rest.split(maxsplit=1)[0].casefold() if rest else ""
    if first in words_of("turning", "uncounted") or re.search(r"\d", rest) or not _is_whole(rest):
        return None
    auxiliary = re.search(rf"\b(?:{any_word_of('turning', 'auxiliary')})\b", rest)
    return f"How many {rest}?" if auxiliary and auxiliary.start() and names_in(rest) else None


def when(sentence: str, time: Span, is_word: Callable[[str], bool]) -> str | None:
    """Ask for the time that stands in a sentence at these offsets; None where that makes no question.

    What follows the time is left away, as a sentence can do without it.

    Args:
        sentence: The statement.
        time: Offsets in it.
        is_word: Whether a verb so spelt is known: "closed" is of "close", for there is no "clos".
    """
    before = sentence[: time.start]
    if match := _auxiliary_before_time().fullmatch(before):
        auxiliary, subject, rest = match["auxiliary"], match["subject"], match["rest"]
    elif (match := _past_before_time().fullmatch(before)) and (verb := base_of(match["verb"], is_word)):
        auxiliary, subject, rest = "did", match["subject"], f"{match['adverb'] or ''}{verb}{match['rest']}"
    else:
        return None
    if not _stands_alone(subject, rest) or not _ends_there(sentence[time.end :]):
        return None
    if subject.split()[0].casefold() in _ARTICLES:
        subject = subject[0].lower() + subject[1:]
    return f"When {auxiliary} {subject} {rest}?"


def _stands_alone(subject: str, rest: str) -> bool:
    """Whether who asks for a time with this subject and this rest can be understood."""
    head, said = subject.split(maxsplit=1)[0].casefold(), f"{subject} {rest}"
    if head in STOP_WORDS - _ARTICLES or _OTHER_VERB.search(said) or not _is_whole(said):
        return False
    if any(_needed(words) != words for words in (subject.replace(" and ", " "), rest)):
        return False
    # "Worshippers", or a surname that nobody knows by itself, is no subject; "the ship" needs a name beside it.
    return len(_CAPITALISED.findall(said if head in _ARTICLES else subject)) >= _WORDS_OF_A_NAME


def base_of(past: str, is_word: Callable[[str], bool]) -> str | None:
    """Tell the verb of a past form: "collapse" of "collapsed"; None where none, or more than one, may be meant.

    Of a verb of saying none: it wants more behind it than stands before a time.
    """
    if past in past_forms().values():
        return None
    if irregular := _irregular().get(past):
        return irregular
    if not past.endswith("ed") or len(past) <= _SHORTEST_PAST:
        return None
    stem = past.removesuffix("ed")
    doubled = {stem[:-1]} if stem[-1] == stem[-2] else set()
    possible = {f"{stem[:-1]}y"} if stem.endswith("i") else {stem, f"{stem}e", *doubled}
    known = [one for one in possible if is_word(one)]
    return known[0] if len(known) == 1 else None


def who(sentence: str, persons: Collection[str] = ()) -> str | None:
    """Ask for the person that a sentence begins with: one of `persons`, or told by the given name; else None."""
    match = _person_first().match(sentence)
    if match is None or not is_person(match["name"], has_role=match["name"] in persons):
        return None
    rest = _needed(match["rest"])
    return f"Who {rest}?" if _is_whole(rest) and names_in(rest) else None


def topic_of(sentence: str, but: str) -> str | None:
    """Find a name that a sentence speaks of, behind a preposition, and none of the words of `but`."""
    ours = set(but.split())
    for match in _named_topic().finditer(sentence):
        name = re.sub(r"[’']s?\Z", "", match["name"])
        if name in names_in(f"x {name}") and not ours & set(name.split()):
            return name
    return None


def is_person(name: str, *, has_role: bool = False) -> bool:
    """Tell whether a name of two words or more is a person's: by its given name, or because it has a role."""
    words = name.split()
    return (
        len(words) > 1 and all(word[:1].isupper() for word in words) and (has_role or words[0] in _given_names())
    )


def names_in(text: str) -> list[str]:
    """List the capitalised names of a text that begin neither it nor a quotation, in order; days are none."""
    dated = named("weekday").keys() | month_numbers().keys() | STOP_WORDS
    found = (match.group() for match in _NAME.finditer(text))
    return [name for name in found if not dated.intersection(name.casefold().split())]


def _needed(words: str) -> str:
    """What of a statement must stay: what is behind an aside or another clause need not."""
    aside = _ASIDE.search(words)
    clause = re.search(rf"\s(?:{any_word_of('turning', 'behind')})\b", words)
    ends = [match.start() for match in (aside, clause) if match]
    return words[: min(ends)].strip() if ends else words


def _is_whole(words: str) -> bool:
    if not _LEAST_WORDS <= len(words.split()) <= _MOST_WORDS or _ASIDE.search(words):
        return False
    return words_of("turning", "pronoun").isdisjoint(words.casefold().split())


def _ends_there(behind: str) -> bool:
    """Whether what stands behind a time is no object that the verb before it wants."""
    starts = "|".join((any_word_of("turning", "behind"), any_word_of("turning", "before_topic"), "at"))
    return re.match(rf"\s*(?:[.,;:]|(?:{starts})\b|\Z)", behind) is not None


@cache
def _given_names() -> frozenset[str]:
    return frozenset(name for row in table("given_names") for name in row["names"])


@cache
def _named_topic() -> re.Pattern[str]:
    behind = "|".join(sorted(STOP_WORDS))
    return re.compile(
        rf"\b(?:{any_word_of('turning', 'before_topic')})\s+(?:the\s+)?(?P<name>{_NAME.pattern})"
        rf"(?=[,.;?!]|\s+(?:{behind})\b|\Z)"
    )


@cache
def _figure_first() -> re.Pattern[str]:
    return re.compile(rf"(?i:(?:{any_word_of('turning', 'bound')})\s+)?(?i:{NUMBER})\s+(?P<rest>[a-z][^.?!]*)\.\Z")


@cache
def _irregular() -> dict[str, str]:
    return {past: base for past, _, base in (word.partition("=") for word in words_of("turning", "past"))}


@cache
def _auxiliary_before_time() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<subject>[A-Z][^.?!]*?)\s+(?P<auxiliary>{any_word_of('turning', 'auxiliary')})\s+"
        rf"(?P<rest>[a-z][^.?!]*?){_to_time()}"
    )


@cache
def _past_before_time() -> re.Pattern[str]:
    named = r"(?:[A-Z][\w’'-]*|in|of|and|the)"
    return re.compile(
        rf"(?P<subject>(?:(?:The|A|An)\s+)?[A-Z][\w’'-]*(?:\s+{named})*?)\s+(?P<adverb>[a-z]+ly\s+)?"
        rf"(?P<verb>{_any_past()})(?P<rest>(?:\s[^.?!]*?)??){_to_time()}"
    )


def _any_past() -> str:
    return "|".join((*sorted(_irregular()), r"[a-z]{2,}ed"))


def _to_time() -> str:
    return rf"(?:\s+(?:{any_word_of('turning', 'before_time')}))*\s+"


@cache
def _person_first() -> re.Pattern[str]:
    return re.compile(
        r"(?P<name>[A-Z]\w+(?:\s+[A-Z]\.)?(?:\s+[A-Z][\w’'-]+){1,2})\s+"
        rf"(?P<rest>(?:{any_word_of('turning', 'auxiliary')}|has|{_any_past()})\s[^.?!]*)\.\Z"
    )
