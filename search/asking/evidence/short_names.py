"""Names of a question in the short forms of news: the surname for the full name, initials, a firm's own name.

News give a full name once, often in another article, and the short form from then on. A short form stands for the
name in question where nobody else has it; "Laura Holm" never stands for "Peter Holm".
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from search.article import Article
from search.english.calendar import named
from search.english.people import Noun, words
from search.english.places import adjectives
from search.english.table import table
from search.english.terms import STOP_WORDS, content_terms, present_terms, terms
from search.english.word_forms import forms_of

_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’-]*"
_INITIAL = r"[A-Z]\."
_NAME = re.compile(rf"\b(?:{_INITIAL}|{_WORD})(?:\s(?:{_INITIAL}|{_WORD}))*")
_ACRONYM = re.compile(r"[A-Z]{2,6}")
_LINKS = r"\s(?:(?:of|for|the|and|on)\s){0,2}"
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class FullName:
    """A name of two words or more that a question has.

    Attributes:
        words: As the question has them, without the roles and titles before them: "Ida Lund".
        roles: The index terms of those: "former", "ruler".
        forms: The index terms of words that end its long form: "company".
        initials: Those of all its words, with whatever stands capitalised before them; empty for two words.
    """

    words: tuple[str, ...]
    roles: frozenset[str]
    forms: frozenset[str]
    initials: str = ""

    @property
    def last(self) -> str:
        """Its last word, which a short form has: "Lund"."""
        return self.words[-1]

    @property
    def terms(self) -> frozenset[str]:
        """All its index terms, with those of the roles before it."""
        return frozenset(terms(" ".join(self.words))) | self.roles | self.forms


class ShortNames:
    """Finds a question's full names in the short forms of articles."""

    def __init__(self, question: str, articles: Iterable[Article]) -> None:
        """Read the names of a question.

        Args:
            question: Its text.
            articles: All that may tell who else has a surname, and which names a question in lower case has.
        """
        texts = [f"{article.headline}\n{article.body}" for article in articles]
        self.names = tuple(_full_names(question, texts))
        self._acronyms = tuple(_acronyms(question))
        self._texts = texts
        self._surnames = tuple(
            name
            for name in self.names
            if _is_no_word(name.last, texts) and not any(_ACRONYM.fullmatch(word) for word in name.words)
        )
        self._rivals = {name: {other for text in texts for other in _others(name, text)} for name in self.names}
        self._known: dict[str, dict[FullName, bool]] = {}

    def standing_in(self, sentence: str, article: Article) -> frozenset[str]:
        """Tell which terms of the question a sentence has in another form."""
        found: set[str] = set()
        for name in self.names:
            short = name in self._surnames and self._may_be_meant(name, article) and _bare(name, sentence)
            if short or (name.initials and name.initials in sentence):
                found |= name.terms
        for acronym, spelt_out in self._acronyms:
            if spelt_out.search(sentence):
                found.update(terms(acronym))
        return frozenset(found)

    def somebody_else(self, sentence: str, article: Article) -> str | None:
        """Name somebody of the same surname whom a sentence has in the place of one of the question, if any."""
        for name in self._surnames:
            others = _others(name, sentence)
            if others and not _bare(name, sentence):
                return f"{min(others)} {name.last}"
            if not others and _bare(name, sentence) and not _has_in_full(name, sentence):
                text = f"{article.headline}\n{article.body}"
                if _has_in_full(name, text):
                    continue
                if own := _others(name, text) or (set() if self._is_nearest(name, text) else self._rivals[name]):
                    return f"{min(own)} {name.last}"
        return None

    def absent(self, article: Article) -> FullName | None:
        """The first of the names of which an article has no word, nor its initials; None when it has all."""
        text = f"{article.headline}\n{article.body}"
        present = present_terms(text)
        return next(
            (
                name
                for name in self.names
                if all(present.isdisjoint(forms_of(word)) for word in name.words)
                and not (name.initials and name.initials in text)
            ),
            None,
        )

    def _may_be_meant(self, name: FullName, article: Article) -> bool:
        """Whether the last word of a name alone means its holder in an article."""
        known = self._known.setdefault(article.id, {})
        if name not in known:
            text = f"{article.headline}\n{article.body}"
            known[name] = _has_in_full(name, text) or (not _others(name, text) and self._is_nearest(name, text))
        return known[name]

    def _is_nearest(self, name: FullName, text: str) -> bool:
        """Whether, of those who have the last word, the one in question is in the articles most like a text."""
        if not self._rivals[name]:
            return True
        ours = max((_likeness(text, other) for other in self._texts if _has_in_full(name, other)), default=0.0)
        theirs = max((_likeness(text, other) for other in self._texts if _others(name, other)), default=0.0)
        return ours > theirs


def _full_names(question: str, texts: Collection[str]) -> Iterator[FullName]:
    found = [match.group() for match in _NAME.finditer(question)]
    if not any(len(name.split()) >= _FEWEST for name in found) and not any(c.isupper() for c in question[1:]):
        plain = question.casefold()
        found = sorted(
            {
                match.group()
                for text in texts
                for match in _NAME.finditer(text)
                if f" {match.group().casefold()}" in plain
            }
        )
    for name in found:
        parts = [part.removesuffix("'s").removesuffix("’s") for part in name.split()]
        roles: list[str] = []
        while parts and (is_role(parts[0]) or parts[0].casefold() in STOP_WORDS):
            first = parts.pop(0)
            roles.extend([] if first.casefold() in STOP_WORDS else [first])
        forms: list[str] = []
        while len(parts) > 1 and parts[-1].casefold().strip(".,") in _words("form"):
            forms.append(parts.pop())
        if len(parts) + len(forms) + len(roles) < _FEWEST or not parts or _is_place_or_day(parts):
            continue
        before = question[: question.find(name)].split() if name in question else []
        while before and is_role(before[-1]):
            roles.append(before.pop())
        initials = "".join(part[0] for part in name.split())
        yield FullName(
            tuple(parts),
            frozenset(terms(" ".join(roles))),
            frozenset(terms(" ".join(forms))),
            initials if len(initials) > _FEWEST else "",
        )


def is_role(word: str) -> bool:
    """Tell whether a word before a name tells what somebody is: a role, a title, a nationality."""
    plain = word.casefold().strip(".,")
    kinds = (Noun.ROLE, Noun.MODIFIER, Noun.COURTESY, Noun.TITLE, Noun.RANK, Noun.IDLE)
    return any(plain in words(kind) for kind in kinds) or plain in adjectives()


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for row in table("name_parts") if row["kind"] == (kind,) for word in row["words"])


def _is_place_or_day(parts: Collection[str]) -> bool:
    """Whether a name has a word without which it is another name: "South Korea", "May 1997"."""
    calendar = named("weekday") | named("month")
    return any(
        part.casefold() in _words("part") or part.casefold() in calendar or not part[0].isalpha() for part in parts
    )


def _is_no_word(last: str, texts: Iterable[str]) -> bool:
    """Whether the last word of a name is nothing else: "Games" and "Council" stand in small letters, too."""
    small = re.compile(rf"\b{re.escape(last.lower())}\b")
    return last[:1].isupper() and not is_role(last) and not any(small.search(text) for text in texts)


def _bare(name: FullName, text: str) -> bool:
    """Whether the last word of a name stands alone, or behind a word of the name, or behind a role."""
    return any(before is None or is_role(before) or _is_same(before, name) for before in _words_before(name, text))


def _has_in_full(name: FullName, text: str) -> bool:
    if len(name.words) == 1:
        return re.search(rf"\b{re.escape(name.last)}\b", text) is not None
    return any(before is not None and _is_same(before, name) for before in _words_before(name, text))


def _others(name: FullName, text: str) -> set[str]:
    """First names of others who have the last word of a name in a text."""
    if len(name.words) == 1:
        return set()
    return {
        before
        for before in _words_before(name, text)
        if before and not is_role(before) and not _is_same(before, name)
    }


def _words_before(name: FullName, text: str) -> Iterator[str | None]:
    """The capitalised word before each place of the last word of a name; None where there is none."""
    pattern = rf"(?P<before>(?:{_INITIAL}|{_WORD})\s)?(?:{_INITIAL}\s)*\b{re.escape(name.last)}\b"
    for match in re.finditer(pattern, text):
        before = (match["before"] or "").strip()
        plain = before.casefold().strip(".")
        opens_only = _opens_a_sentence(text, match.start()) and plain in _words("opener")
        no_name = not before or plain in STOP_WORDS or before.endswith(("'s", "’s")) or before.isupper()
        yield None if no_name or opens_only else before


def _opens_a_sentence(text: str, place: int) -> bool:
    before = text[:place].rstrip()
    return not before or before[-1] in '.!?"”:-–—\n' or text[:place].endswith("\n")


def _is_same(before: str, name: FullName) -> bool:
    """Whether a first name is the one in question, shortened perhaps: "Jo" and "Joanna", "G." and "George"."""
    plain = before.casefold().strip(".")
    return any(
        plain and one and (one.startswith(plain) or plain.startswith(one))
        for one in (word.casefold().strip(".") for word in name.words[:-1])
    )


def _likeness(one: str, other: str) -> float:
    """Share of the telling words of two texts that both have."""
    first, second = set(content_terms(one)), set(content_terms(other))
    return len(first & second) / len(first | second)


def _acronyms(question: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Acronyms of a question, each with a pattern of a name that they are the initials of."""
    for match in re.finditer(r"\b[A-Z]{3,6}\b", question):
        letters = match.group()
        yield letters, re.compile(r"\b" + _LINKS.join(rf"{letter}[\w'’-]*" for letter in letters) + r"\b")
