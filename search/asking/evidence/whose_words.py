"""Whose words a question asks for, and which sentences are theirs.

"What did Iran say about the missiles?" wants what Iran says, by whoever speaks for it, and not what others say
about Iran. A question of what somebody did, or of what was said to somebody, asks for nobody's words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from search.article import Article
from search.english.people import Noun, words
from search.english.table import words_of
from search.english.terms import present_terms, terms
from search.english.verbs import asking_forms
from search.english.word_forms import forms_of
from search.statements import Speaker, Statement, folded_speaker
from search.statements.lexicon import GROUPS, ROLES

_SAYING, _SAID = ("|".join(sorted(forms)) for forms in asking_forms())
_SUBJECT = r"((?:[^\W_][\w.'’&-]*\s+){0,6}?[^\W_][\w.'’&-]*)"
_ASKED = re.compile(
    rf"\W*(?:what|how|whom?|which\b.{{1,30}}?)\s+(?:(?:did|does|do)\s+{_SUBJECT}\s+(?:{_SAYING})"
    rf"|(?:has|have|had)\s+{_SUBJECT}\s+(?:{_SAID}))\b",
    re.IGNORECASE,
)
_NOT_OF_A_NAME = frozenset("do does did after before when that who which to about not ever also be".split())
_NOBODY = words(Noun.ANYBODY)
_VOICES = words(Noun.VOICE)
"""Who speaks for a state, a firm or a body: offices and organs of it."""
_ARTICLE = re.compile(r"(?:the|an?|all)\s+", re.IGNORECASE)
_OWNED = re.compile(r"(?P<owner>.+?)['’]s?\s+(?P<organ>.+)")
_STATES = words_of("name_parts", "the state itself")
"""What a state is called as a speaker: "the Norlandish government" speaks by whoever speaks for Norland."""
_FEWEST_OF_A_FULL_NAME = 2
_LETTERS = re.compile(r"[A-Z]{2,7}|[A-Z][a-z]{2,3}")
_CAPITALS = re.compile(r"[A-Z][\w.'’-]*(?:\s+(?:of\s+|for\s+|and\s+|the\s+)*[A-Z][\w.'’-]*)+")


@dataclass(frozen=True, slots=True)
class Whose:
    """The one whose words are asked for.

    Attributes:
        words: As the question has them, without an article: "mayor of Imra".
        is_person: Whether the articles name them as a person, for whom nobody else speaks.
    """

    words: str
    is_person: bool


def whose_words(question: str) -> str | None:
    """Tell whose words a question asks for, without an article; None when it asks for nobody's in particular."""
    found = _ASKED.match(question)
    if found is None:
        return None
    whose = next(subject for subject in found.groups() if subject)
    if article := _ARTICLE.match(whose):
        whose = whose[article.end() :]
    asked = whose.casefold().split()
    if not asked or asked[-1] in _NOBODY or asked[0] in _NOBODY or not _NOT_OF_A_NAME.isdisjoint(asked):
        return None
    return whose


def is_by_name(words: str) -> bool:
    """Tell whether the one whose words are asked for is named: "Ana Souza", "the Norlandish government"."""
    named = [word for word in words.split() if word.casefold() not in _STATES]
    return bool(named) and all(word[:1].isupper() and not word.endswith(("'s", "’s")) for word in named)


def as_named(words: str, statements: Sequence[Statement]) -> Whose:
    """Tell whether somebody is a person to the articles: named in full, or by name and office."""
    last = _last_term(words)
    is_person = any(
        statement.speaker.role is not None or len(statement.speaker.name.split()) >= _FEWEST_OF_A_FULL_NAME
        for statement in statements
        if statement.speaker
        and _last_term(statement.speaker.name) == last
        and statement.speaker.name.split()[-1].casefold() not in GROUPS | ROLES
    )
    return Whose(words, is_person)


def are_their_words(whose: Whose, statement: Statement, article: Article) -> bool:
    """Tell whether a statement is made by those whose words are asked for, or for them."""
    speaker = statement.speaker
    if speaker is None:
        return False
    asked = [term for term in terms(whose.words) if term not in {"of", "the", "for"}]
    own = set(terms(folded_speaker(speaker).split("|=")[0]))
    if set(asked) <= own or _is_short_for(speaker, whose.words):
        return True
    if not whose.is_person and _abbreviates(whose.words, speaker.name, article.body):
        return True
    head, *others = asked
    if others and head in _terms_of_roles():
        return head in own and present_terms(f"{article.headline}\n{article.body}").issuperset(others)
    return not whose.is_person and _speaks_for(speaker, whose.words, statement, article)


@cache
def _terms_of_roles() -> frozenset[str]:
    return frozenset(term for role in ROLES for term in terms(role))


def are_unattributed_words(whose: Whose, text: str) -> bool:
    """Tell whether a sentence that is nobody's has them as the subject of a verb of saying."""
    name = re.escape(whose.words.split()[-1])
    return re.search(rf"\b{name}(?:\s+\w+){{0,2}}?\s+(?:{_SAID}|{_SAYING})\b", text, re.IGNORECASE) is not None


def _speaks_for(speaker: Speaker, whose: str, statement: Statement, article: Article) -> bool:
    """Whether an office or organ of a state, a firm or a body speaks, which names it or stands under its name."""
    said = f"{speaker.name} {speaker.role or ''} {speaker.words}"
    if _VOICES.isdisjoint(re.findall(r"[^\W_]+", said.casefold())):
        return False
    owned = _OWNED.fullmatch(whose)
    owner, organ = (owned["owner"], owned["organ"]) if owned else (whose, "")
    words_of_owner = [word for word in owner.split() if word.casefold() not in _STATES] or owner.split()
    of_a_state = len(words_of_owner) < len(owner.split())
    if of_a_state and not (GROUPS - ROLES - _VOICES - _STATES).isdisjoint(re.findall(r"[^\W_]+", said.casefold())):
        return False  # the Bank of Norland is not its government
    organs = [_forms_of(word) for word in organ.split() if word.casefold() not in _STATES]
    if any(form.isdisjoint(terms(said)) for form in organs):
        return False
    forms = [_forms_of(word) for word in words_of_owner]
    if any(_abbreviates(whose, run.group(), article.body) for run in _CAPITALS.finditer(said)):
        return True
    if all(not form.isdisjoint(terms(said)) for form in forms):
        return True
    nameless = not any(word[0].isupper() for word in (speaker.role or speaker.name).split()[1:])
    opening = terms(article.headline)[: len(forms)]
    sentence = terms(article.body[statement.start : statement.end])
    return (
        nameless
        and len(opening) == len(forms)
        and all(term in form for term, form in zip(opening, forms, strict=True))
        and all(form.isdisjoint(sentence) for form in forms)
    )


def _forms_of(word: str) -> frozenset[str]:
    """The terms of a word in all its forms; of an office or a body its own alone: a governor is no government."""
    if word.casefold() in GROUPS | ROLES:
        return frozenset(terms(word))
    return forms_of(word)


def _abbreviates(short: str, name: str, body: str) -> bool:
    """Whether letters, or the beginning of a name where the article says it, too, stand for a body: IMF, Fed."""
    capitals = [word for word in name.split() if word[:1].isupper()]
    if not _LETTERS.fullmatch(short) or len(capitals) < _FEWEST_OF_A_FULL_NAME:
        return False
    if short.isupper():
        return "".join(word[0] for word in capitals) == short
    shortened = capitals[0].startswith(short) and capitals[0] != short
    return shortened and re.search(rf"\b[Tt]he {short}\b", body) is not None


def _is_short_for(speaker: Speaker, whose: str) -> bool:
    """Whether a speaker's name is the end of the full name that the question has."""
    named, asked = terms(speaker.name), terms(whose)
    return bool(named) and len(asked) > len(named) and asked[-len(named) :] == named and whose[:1].isupper()


def _last_term(name: str) -> str:
    return (terms(name) or [""])[-1]
