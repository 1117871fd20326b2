"""Why an archive does not answer a question, or a search finds no passage, in words for people."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial

from search.archive.records import Facts, Query
from search.article import Article
from search.asking.evidence import Evidence
from search.asking.evidence.whose_words import whose_words
from search.asking.question import AnswerType, Question
from search.asking.results import Searched
from search.asking.retrieval import Asked, Candidate, Material, Method
from search.asking.state import AskedState
from search.english.terms import content_terms, terms
from search.english.word_forms import forms_of, framing_words
from search.filters import Filter

_SHOWN = 8
_LOOKED_AT = 30
"""Passages looked at for what lies beside the time that a question names."""


def why_no_passage(
    asked: Asked,
    facts: Facts,
    method: Method,
    phrases: Sequence[str],
    candidates: Sequence[Candidate],
    least_closeness: float,
) -> str:
    """Say why no passage is to come back; empty where some are.

    None is, also, where nothing in the archive has a word of the question and nothing comes near it in meaning.

    Args:
        asked: What was looked for.
        facts: What the archive holds.
        method: How passages were looked for.
        phrases: Those in quotation marks, which an article must have.
        candidates: What was found.
        least_closeness: Cosine below which meanings are not near.
    """
    question, condition = asked.question, asked.condition
    nowhere = (
        method is Method.FUSED
        and not any(asked.frequencies.passages_with[term] for term in question.terms)
        and all(candidate.closeness < least_closeness for candidate in candidates)
    )
    if candidates and not nowhere:
        return ""
    if not facts.articles or (reason := unknown_names(condition, facts)):
        return reason if facts.articles else "The archive is empty."
    if nowhere:
        words = " or ".join(f'"{word}"' for word in dict.fromkeys(question.telling_words))
        return f"Nothing in the archive has {words or 'its words'}, and nothing comes near in meaning."
    if phrases:
        passing = " that passes the filter" if condition else ""
        quoted = " and ".join(f'"{phrase}"' for phrase in phrases)
        return f"No article{passing} has {quoted} in its text."
    if method is Method.LEXICAL:
        return f"No passage{' that passes the filter' if condition else ''} has a word of it."
    return f"None of the {facts.articles} articles passes the filter."


def unknown_names(condition: Filter, facts: Facts) -> str:
    """Name the sources, sections and languages of a filter that no article has, and those that there are."""
    reasons = []
    for noun, wanted, held in (
        ("source", condition.sources, facts.sources),
        ("section", condition.sections, facts.sections),
        ("language", condition.languages, facts.languages),
    ):
        known = {name.casefold() for name in held}
        if not wanted or any(name.casefold() in known for name in wanted):
            continue
        names = " or ".join(f'"{name}"' for name in wanted)
        there = f"there are: {_first_of(list(held))}" if held else f"no article says its {noun}"
        codes = " Languages are codes of two letters, such as en." if noun == "language" else ""
        reasons.append(f"No article has the {noun} {names}; {there}.{codes}")
    return " ".join(reasons)


def _first_of(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def why_not_found(
    question: Question,
    best: Evidence | None,
    probability: float | None,
    searched: Searched,
    material: Material,
    least_probability: float,
    state: AskedState,
) -> str:
    """Say why the evidence does not support an answer; empty when it does.

    Args:
        question: The question.
        best: The piece of evidence that comes nearest and stood up to verification.
        probability: That the evidence answers; None when all of it only comes near.
        searched: What was searched.
        material: The passages that were read.
        least_probability: Below it, evidence is no answer.
        state: What was searched; looked into once more only where nothing was found.
    """
    if not searched.articles and best is None:
        return "The archive is empty."
    if reason := _not_understood(question):
        return reason
    if best is not None and probability is not None and probability >= least_probability:
        return ""
    with state.hold():
        return _looked_up(question, best, probability, searched, material, least_probability, state)


def _looked_up(
    question: Question,
    best: Evidence | None,
    probability: float | None,
    searched: Searched,
    material: Material,
    least_probability: float,
    state: AskedState,
) -> str:
    """Say why there is no answer, as far as it takes a look into the archive."""
    if best is None:
        reason = _nothing_read(question, searched, material, state)
        return reason + _nearest_beside(question, searched.condition, state)
    if best.near_miss:
        reason = f"What comes nearest does not answer: it {best.near_miss.reason}."
    else:
        found, asked = shown_apart(probability or 0.0, least_probability)
        reason = f"The best evidence answers with a probability of {found}, and {asked} is asked for."
    if missing := _missing_words(question, material):
        reason += _why_missing(question, searched, missing, partial(_stands, state))
    elif best.near_miss is None and best.features.fits == 0 and question.expected is not AnswerType.OTHER:
        reason += f" It has nothing of the kind that was asked for: {question.expected.phrase}."
    return reason + _nearest_beside(question, searched.condition, state)


def _not_understood(question: Question) -> str:
    """What a question lacks to be understood by itself, or with those before it; empty when nothing."""
    if question.readings:
        several = " or ".join(f'"{one}"' for one in question.readings)
        return f"After the question before, this can be read in {len(question.readings)} ways: {several}"
    if not question.says_something:
        return "The question does not say what it is about: it has only words that any question may have."
    if question.pronoun:
        return (
            "The question cannot be understood by itself: "
            f'it does not say who or what "{question.pronoun}" stands for.'
        )
    return ""


def _nothing_read(question: Question, searched: Searched, material: Material, state: AskedState) -> str:
    """Why nothing could be read: whoever was asked for says nothing, or nothing passes the filter."""
    whose = whose_words(question.text)
    if not material.candidates or searched.condition.said_by or not whose:
        with state.hold() as snapshot:
            unknown = unknown_names(searched.condition, snapshot.facts)
        return unknown or _nothing_passes(question, searched, partial(_passes, state))
    reason = f'Nothing of what comes nearest is said by "{whose}", or on behalf of them.'
    if missing := _missing_words(question, material):
        reason += _why_missing(question, searched, missing, partial(_stands, state))
    return reason


def shown_apart(lower: float, higher: float) -> tuple[str, str]:
    """Two probabilities as percentages, with as many decimals as it takes to tell them apart, four at most."""
    for decimals in range(5):
        shown = (f"{lower:.{decimals}%}", f"{higher:.{decimals}%}")
        if shown[0] != shown[1]:
            break
    return shown


def _nothing_passes(question: Question, searched: Searched, passes: Callable[[Filter], bool]) -> str:
    """Name the condition, or the conditions together, without which something would pass."""
    condition = searched.condition
    if condition.said_by:
        names = _listed(condition.said_by)
        if passes(replace(condition, said_by=())):
            if condition.restricts_time and passes(_at_any_time(condition)):
                return (
                    f"What is said by {names} lies outside {_time(question, condition)}; "
                    "what lies inside is said by others, or by the articles themselves."
                )
            return f"No sentence that passes the filter is said by {names}."
    others = replace(condition, said_by=())
    if question.constraint and condition.from_or_about and passes(_at_any_time(others)):
        return f"Nothing was published in, or speaks of, {_time(question, condition)}."
    return f"None of the {searched.articles} articles passes the filter."


def _why_missing(
    question: Question,
    searched: Searched,
    missing: Mapping[str, Collection[str]],
    stands: Callable[[Collection[str], Filter], bool],
) -> str:
    """Tell words that the archive does not have from those that it has where the question does not look."""
    condition = searched.condition
    nowhere = [word for word, forms in missing.items() if not stands(forms, Filter(as_of=condition.as_of))]
    there = [word for word in missing if word not in nowhere]
    shut_out = [word for word in there if condition and not stands(missing[word], condition)]
    parts = []
    if shut_out:
        timeless = _at_any_time(condition)
        if condition.restricts_time and all(stands(missing[word], timeless) for word in shut_out):
            parts.append(f"Nothing of the kind {_in_time(question, condition)}; what there is lies outside.")
        else:
            parts.append("What the archive has of the kind does not pass the filter.")
    if nowhere:
        parts.append(f"Nothing in the archive has {_listed(nowhere)}.")
    elif not shut_out:
        parts.append(f"None of the passages that come nearest has {_listed(there)}.")
    return "".join(f" {part}" for part in parts)


def _nearest_beside(question: Question, condition: Filter, state: AskedState) -> str:
    """Name what was published last before the time that a question names, and first after it, on the same subject.

    It is no answer, and is not read for one: it has the names of the question and at least half of its terms.
    """
    period = condition.from_or_about
    if question.constraint is None or period is None or condition.said_by:
        return ""
    wanted = set(question.terms) - set(content_terms(question.constraint.words))
    query = Query(None, tuple(sorted(wanted)), near=False)
    with state.hold() as snapshot:
        found = snapshot.candidates(query, _LOOKED_AT, _at_any_time(condition)).passages
        dossiers = snapshot.read({one.passage.article_id for one in found if one.has_words}, condition.as_of)
    names = wanted.intersection(question.names)
    about = [
        article
        for article in (dossier.article for dossier in dossiers.values())
        if article.published and _is_on(wanted, names, article)
    ]
    dated = [(article.published.first_day, _called(article)) for article in about if article.published]
    before = max((one for one in dated if period.first and one[0] < period.first), default=None)
    after = min((one for one in dated if period.last and one[0] > period.last), default=None)
    sides = (("before", before), ("after", after))
    told = [f"the nearest {side} is of {one[0]}, {one[1]}" for side, one in sides if one]
    return f" On the same, {' and '.join(told)}." if told else ""


def _called(article: Article) -> str:
    """An article's headline in quotation marks; of one that has none its id."""
    return f'"{article.headline}"' if article.headline.strip() else article.id


def _is_on(wanted: set[str], names: set[str], article: Article) -> bool:
    """Tell whether an article has all of some names and at least half of some terms."""
    present = wanted.intersection((*terms(article.headline), *terms(article.body)))
    return names <= present and 2 * len(present) >= len(wanted) > 0


def _in_time(question: Question, condition: Filter) -> str:
    time = _time(question, condition)
    if condition.from_or_about:
        return f"was published in, or speaks of, {time}"
    published = condition.published_from or condition.published_to
    return f"was published in {time}" if published else f"speaks of {time}"


def _passes(state: AskedState, condition: Filter) -> bool:
    """Tell whether anything in the archive passes a filter."""
    with state.hold() as snapshot:
        return bool(snapshot.find(condition, most=1).ids)


def _stands(state: AskedState, forms: Collection[str], condition: Filter) -> bool:
    """Tell whether any of some index terms stands in a passage that passes a filter, or in its headline."""
    query = Query(None, tuple(sorted(forms)), near=False)
    with state.hold() as snapshot:
        return any(passage.has_words for passage in snapshot.candidates(query, 1, condition).passages)


def _at_any_time(condition: Filter) -> Filter:
    return replace(condition, published_from=None, published_to=None, about=None, from_or_about=None)


def _time(question: Question, condition: Filter) -> str:
    """The time that was asked for, in the words of the question where it is the question's."""
    if question.constraint and condition.from_or_about:
        period = question.constraint.period
        return f'"{question.constraint.words}" ({period.first or "..."} to {period.last or "..."})'
    return "the time of the filter"


def _missing_words(question: Question, material: Material) -> dict[str, frozenset[str]]:
    """The question's telling words that none of the passages, nor their headlines, has, each with its forms.

    A word that stands there in another form is there, one that only frames the question is not looked for, and
    neither is the time that restricts it.
    """
    present: set[str] = set()
    for candidate in material.candidates:
        present.update(terms(material.article(candidate.article).headline), terms(material.text_of(candidate)))
    absent = set(question.terms) - present
    if question.constraint:
        absent -= set(content_terms(question.constraint.words))  # a filter, and no word to look for
    framing = framing_words(question.text)
    missing = {}
    for word in question.telling_words:
        terms_of_word = absent.intersection(content_terms(word))
        is_name = not terms_of_word.isdisjoint(question.names)  # "Say" may be one
        if not terms_of_word or (word.casefold() in framing and not is_name):
            continue
        if present.isdisjoint(forms := forms_of(word)):
            missing[word] = forms
    return missing


def _listed(words: Sequence[str]) -> str:
    *others, last = [f'"{word}"' for word in words]
    return f"{', '.join(others)} or {last}" if others else last
