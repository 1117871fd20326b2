"""The check: a written sentence stands only if every rule holds, whatever wrote it.

The rules are of form. A sentence that they leave says nothing of names, numbers and times that its quotes do not
say, puts it forward as they do and names who says it; that it follows from them is not proven.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from search.asking.citation import Citation
from search.asking.wording.evidence import Evidence, is_dictated, is_to_be_said, telling
from search.asking.wording.figures import unknown_number, unknown_time, without_times
from search.asking.wording.names import is_swapped, unknown_name, words_in
from search.asking.wording.negation import is_turned_round, negates
from search.english.numbers import NUMBERS
from search.english.sentences import sentences
from search.english.table import words_of
from search.english.terms import STOP_WORDS, content_terms, terms
from search.english.verbs import Nature, forms
from search.english.word_forms import forms_of
from search.quoting.alignment import verify_quote
from search.statements import Standing, read_statements

LONGEST = 400
"""Code points of a sentence, at most."""

_LEAST_SHARE = 0.75
_LEAST_SHARE_OF_ONE = 0.5
_ARTICLES = frozenset({"the", "a", "an"})
_MARKUP = re.compile(r"[<>{}\[\]\\`|*_#@^~=]|://|\bwww\.|[^\W\d_]{2,}\.[^\W\d_]{2,}")
_QUOTED = re.compile(r"[\"“”](?P<words>[^\"“”]+)[\"“”]")
_MARKS = re.compile(r"[\"“”]")
_PARTED_LETTERS = re.compile(r"\bU\. (?=[KNS]\.)")
"""As some models write "U. S."."""
_INITIALS = re.compile(r"\W*(?:[^\W\d_]\.)+[^\W\d_]")
_FORBIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Mc", "Zl", "Zp"})
_FORETOLD = frozenset({Standing.PREDICTED, Standing.THREATENED})


class Rule(StrEnum):
    """Why a written sentence does not stand."""

    FORM = "form"
    """It is not one plain sentence: it is empty or long, or has markup, an address or characters not seen."""
    CITATION = "citation"
    """It cites nothing, or what is not there."""
    NAME = "name"
    """It has a name that its quotes and their speakers do not have."""
    NUMBER = "number"
    """It has a number that its quotes do not have, or not of the same things."""
    TIME = "time"
    """It has a time that its quotes do not speak of."""
    QUOTATION = "quotation"
    """It quotes what does not stand in its quotes."""
    STANDING = "standing"
    """It puts forward as fact what is predicted, denied or asked, or the other way about, or turns it round."""
    SPEAKER = "speaker"
    """It does not name who says it, or says that somebody else does."""
    WORDS = "words"
    """Too few of its telling words, names and numbers aside, stand in its quotes."""
    REPEATED = "repeated"
    """It has been said before."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as it was written, and the numbers, from 1, of the citations that it is said to rest on."""

    text: str
    citations: tuple[int, ...]


def parted(draft: Draft) -> Iterator[Draft]:
    """Yield the sentences of a draft, which is to have one and may have more, each with all that it cites."""
    text = _folded(draft.text)
    found = sentences(text)
    if len(found) <= 1:
        yield draft
    else:
        yield from (replace(draft, text=one.of(text)) for one in found)


def checked(draft: Draft, citations: Sequence[Citation]) -> Draft | Rule:
    """Check a written sentence against the citations that it names.

    Args:
        draft: The sentence.
        citations: Those that could be cited, in the order of their numbers.

    Returns:
        The sentence with white space and compatible characters folded, if it stands, as a whole sentence of a
        quote does; else the first rule that it breaks. It cites once each quote that bears it out alone, or all
        where it takes several.
    """
    text = _folded(draft.text)
    if not _is_plain_sentence(text):
        return Rule.FORM
    numbers = tuple(dict.fromkeys(draft.citations))
    if not numbers or not all(1 <= number <= len(citations) for number in numbers):
        return Rule.CITATION
    if own := tuple(number for number in numbers if _is_sentence_of(text, citations[number - 1].quote)):
        # Rules need not understand what is the quote's own; but a duty to say something may be laid on the model.
        return Draft(text, own) if not _is_nobodys_duty(text) else Rule.STANDING
    return _borne_out(text, numbers, citations)


def _borne_out(text: str, numbers: tuple[int, ...], citations: Sequence[Citation]) -> Draft | Rule:
    """Find what bears a sentence out: quotes alone, one whose speaker is named behind it, or several together."""
    each = {number: Evidence([citations[number - 1]]) for number in numbers}
    if alone := tuple(number for number, evidence in each.items() if _broken(text, evidence) is None):
        return Draft(text, alone)
    for number, evidence in each.items():
        said = _with_speaker(text, citations[number - 1])
        if _broken(text, evidence) is Rule.SPEAKER and said and _broken(said, evidence) is None:
            return Draft(said, (number,))
    together = Evidence([citations[number - 1] for number in numbers])
    broken = _broken(text, together)
    if broken is Rule.NAME and (other := _number_with_whole_names(text, together, citations)):
        return Draft(text, (*numbers, other))
    if broken is None and not any(_tells_of_the_same(text, evidence) for evidence in each.values()):
        broken = Rule.WORDS
    return broken or Draft(text, numbers)


def _number_with_whole_names(text: str, evidence: Evidence, citations: Sequence[Citation]) -> int | None:
    """Find the citation beside those cited that has in whole the names that these have in part ("Souza")."""
    aside = {Rule.NAME, Rule.WORDS}
    if any(not holds(text, evidence) for rule, holds in _RULES.items() if rule not in aside):
        return None
    bare = without_times(text, evidence)
    for number, citation in enumerate(citations, start=1):
        other, both = Evidence([citation]), Evidence([*evidence.citations, citation])
        whole = {name for name in other.whole_names if not evidence.names.isdisjoint({name[:1], name[-1:]})}
        parts = {part for name in whole for part in name}
        words = [*evidence.words, *(word for word in other.words if word.plain in parts)]
        if unknown_name(bare, words, evidence.names | whole) is None and _broken(text, both) is None:
            return number if _tells_of_the_same(text, evidence) else None
    return None


def _with_speaker(text: str, citation: Citation) -> str | None:
    """Add who says it to a sentence that names nobody who does; None where that cannot be done in a few words."""
    speaker = citation.speaker
    if speaker is None or not text.endswith(".") or read_statements(text)[0].speakers:
        return None
    article = speaker.words.partition(" ")[0].lower()
    if speaker.name not in speaker.words or (
        article in STOP_WORDS and article not in _ARTICLES and speaker.name.islower()
    ):
        return None  # nobody named there: "he", or "his spokesman", who cannot be named without whose he is
    if _ends_in_an_abbreviation(text):
        return None
    named = f"{article} {speaker.name}" if article in _ARTICLES else speaker.name
    said = f"{text.removesuffix('.')}, {named} said."
    return said if len(said) <= LONGEST else None


def _ends_in_an_abbreviation(text: str) -> bool:
    """Tell whether the full stop at the end belongs to the last word, too: "in the U.S.", "by Lund Inc."."""
    last = text.removesuffix(".").split()[-1]
    spelt = last[:1].isupper() and last.casefold() in words_of("abbreviations", "title", "body", "saint", "state")
    return spelt or last in words_of("abbreviations", "other") or _INITIALS.fullmatch(last) is not None


def _broken(text: str, evidence: Evidence) -> Rule | None:
    if not any(evidence.quotes):
        return Rule.WORDS
    return next((rule for rule, holds in _RULES.items() if not holds(text, evidence)), None)


def _is_sentence_of(text: str, quote: str) -> bool:
    return any(text == _folded(one.of(told)) for told in [telling(quote)] for one in sentences(told))


def _folded(text: str) -> str:
    return _PARTED_LETTERS.sub("U.", " ".join(unicodedata.normalize("NFKC", text).split()))


def _is_plain_sentence(text: str) -> bool:
    if not text or len(text) > LONGEST or _MARKUP.search(text) or len(_MARKS.findall(text)) % 2:
        return False
    if any(unicodedata.category(character) in _FORBIDDEN for character in text):
        return False
    return any(map(str.isalpha, text)) and len(sentences(text)) == 1


def _quotes_truly(text: str, evidence: Evidence) -> bool:
    """Tell whether what stands in quotation marks stands in a quote."""
    return all(
        any(quote and verify_quote(quote, found["words"]).status.verified for quote in evidence.quotes)
        for found in _QUOTED.finditer(text)
        if found["words"].strip()
    )


def _is_put_forward_alike(text: str, evidence: Evidence) -> bool:
    """Tell whether a sentence is put forward as one of its quotes is, and denies where that denies."""
    ours, theirs = read_statements(text)[0].standing, evidence.standings or {Standing.ASSERTED}
    if ours not in theirs and not (ours in _FORETOLD and _FORETOLD & theirs):
        return False
    if _is_nobodys_duty(text):
        return False
    if not evidence.dictated.isdisjoint(content_terms(text)) and not is_to_be_said(text):
        return False
    if Standing.DENIED in (ours, *theirs) and negates(text):
        return not is_swapped(text, evidence.quotes)  # "denied it" may be told as "said it was not so"
    return not is_turned_round(text, evidence.quotes) and not is_swapped(text, evidence.quotes)


def _is_nobodys_duty(text: str) -> bool:
    """Tell whether a sentence says what is to be said, and not who says so."""
    return is_dictated(text) and not read_statements(text)[0].speakers


def _names_who_says_it(text: str, evidence: Evidence) -> bool:
    """Tell whether a sentence names who says what it rests on, and says it of nobody else."""
    said = [evidence.speakers_of(citation) for citation in evidence.citations]
    allowed = {
        word for speakers in said for name, role in speakers for word in _plain_words(f"{name} {role or ''}")
    }
    if any(not allowed.intersection(_plain_words(speaker.name)) for speaker in read_statements(text)[0].speakers):
        return False
    ours = _plain_words(text)
    owned = [one for one in evidence.citations if one.speaker is None]
    return bool(owned) or any(
        one.speaker and set(_plain_words(one.speaker.name)[-1:]).intersection(ours) for one in evidence.citations
    )


def _plain_words(text: str) -> list[str]:
    return [word.plain for word in words_in(text)]


def _tells_of_the_same(text: str, evidence: Evidence) -> bool:
    """Tell whether a quote has the numbers, times and most words of a sentence, as it puts them, and who says it.

    Where several quotes bear a sentence out together, one does so; else a number of one quote could be told of
    what another one speaks of, or what somebody says or denies as if nobody had.
    """
    return (
        unknown_time(text, evidence) is None
        and unknown_number(text, evidence) is None
        and _is_put_forward_alike(text, evidence)
        and _names_who_says_it(text, evidence)
        and _share_of_words(text, evidence) >= _LEAST_SHARE_OF_ONE
    )


def _has_their_words(text: str, evidence: Evidence) -> bool:
    """Tell whether enough of what a sentence says beside names and numbers stands in its quotes."""
    return _share_of_words(text, evidence) >= _LEAST_SHARE


def _share_of_words(text: str, evidence: Evidence) -> float:
    known = {term for part in (*evidence.quotes, *evidence.about) for term in terms(part)}
    aside = {term for form in forms(Nature.SAYS) for term in terms(form)}
    aside |= {term for word in words_in(text) if word.is_name and not word.opens for term in terms(word.plain)}
    words = {word.plain: content_terms(word.plain) for word in words_in(NUMBERS.sub(" ", text))}
    ours = [word for word, said in words.items() if word not in STOP_WORDS and aside.isdisjoint(said)]
    return sum(not known.isdisjoint(forms_of(word)) for word in ours) / len(ours) if ours else 1.0


_RULES: dict[Rule, Callable[[str, Evidence], bool]] = {
    Rule.TIME: lambda text, evidence: unknown_time(text, evidence) is None,
    Rule.NUMBER: lambda text, evidence: unknown_number(text, evidence) is None,
    Rule.NAME: lambda text, evidence: (
        unknown_name(without_times(text, evidence), evidence.words, evidence.names) is None
    ),
    Rule.QUOTATION: _quotes_truly,
    Rule.STANDING: _is_put_forward_alike,
    Rule.SPEAKER: _names_who_says_it,
    Rule.WORDS: _has_their_words,
}
"""What must hold of a sentence and the evidence that it cites, in the order in which it is asked."""
