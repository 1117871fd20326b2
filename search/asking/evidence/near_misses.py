"""Near misses: named rules by which a sentence that is close to a question does not answer it.

The event, the person or the kind of event is there, what is asked for is not: another step of a chain of events,
another year, somebody else of the same name or beside the one in question, something said not to be known. A
sentence that misses comes after all that do not, whatever it weighs, and answers no question.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from search.article import Article, Span
from search.asking.evidence.absent import bearer_nowhere, happens_by_itself, may_be_called_otherwise, topic_of
from search.asking.evidence.another import another
from search.asking.evidence.doers import is_another_doer, is_person
from search.asking.evidence.figure_choice import lacks_the_measure, tells_how_often
from search.asking.evidence.plans import (
    given_up,
    is_only_planned,
    is_planned_at,
    is_told_as_coming,
    verb_asked,
)
from search.asking.evidence.short_names import ShortNames
from search.asking.evidence.time_answer import on_the_side
from search.asking.evidence.typed_spans import typed_spans
from search.asking.evidence.undisclosed import says_unknown, says_unknown_behind
from search.asking.noun_phrases import Part, frame_of
from search.asking.question import AnswerType, Question
from search.asking.question_time import TO_COME, Side, TimeAsked
from search.english.chains import Step, is_nearest_step, looks_like_a_step, steps_asked, steps_in
from search.english.datelines import IN_CAPITALS
from search.english.numbers import NUMBERS
from search.english.table import any_word_of
from search.english.terms import content_terms, present_terms, terms
from search.english.word_forms import forms_of
from search.times import TimeMention

_YEAR = re.compile(r"(?:1[6-9]|20)\d\d\Z")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_CLAUSES = re.compile(r";\s+|,\s+(?:and|but|while|as|with)\s+|\s(?:as|while|but)\s")
_NONE_OR_SOME = re.compile(rf"\b(?:{any_word_of('figures', 'none or some')})\b", re.IGNORECASE)
_ONE = re.compile(r"\ban?\s+(?P<what>[\w'’-]+(?:\s+[\w'’-]+)?)", re.IGNORECASE)
_ROLE_ASKED = re.compile(
    rf"\bwho (?:{any_word_of('function_words', 'be')}|{any_word_of('expected', 'holds a place')})\b", re.IGNORECASE
)
_DOES = any_word_of("function_words", "do", "have", "modal")
_NAMED = r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){0,2}"
_ACTING = re.compile(rf"\b(?:{_DOES})\s+(?P<name>{_NAMED})\s+(?P<verb>[a-z]+)\b")
_DONE = re.compile(
    rf"{IN_CAPITALS}?(?:(?:The|An?|Its|His|Her|Their)\s[^,;]{{2,60}},\s(?:[A-Z][a-z]+\.\s)?(?P<beside>{_NAMED}),\s"
    rf"|(?P<name>{_NAMED})(?:, who)?\s+)"
    r"(?:\w+ly\s+|also\s+|has\s+|had\s+|will\s+)?(?P<verb>[a-z]+)\b"
)
"""Somebody who does something at the beginning of a sentence, behind its dateline: "the chief, Gen. Orr, left"."""

_ANY_DAY = date(2000, 1, 1)
"""Of the phrases of a question none depends on when it is asked."""
_OPENS_WITH_PRONOUN = re.compile(
    rf"\W*(?:{any_word_of('follow_ups', 'thing alone', 'several alone')})\s", re.IGNORECASE
)

_SEVERAL = 2

LACKS = frozenset({"nobody", "no figure", "another time", "another plan", "unknown behind"})
"""Names of the rules for what a sentence lacks, which the next one may well have."""

DECIDING = frozenset({"given up", "unknown"})
"""Names of the rules for what says outright that there is no answer."""

UNKNOWN = "unknown"
"""Name of the rule for what is said not to be known."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Why a sentence does not answer.

    Attributes:
        rule: The rule's name.
        reason: In words for people, as the end of "What comes nearest ...".
    """

    rule: str
    reason: str


class NearMisses:
    """The rules, held against the sentences that are near a question."""

    def __init__(self, question: Question, names: ShortNames, unknown: Collection[str] = frozenset()) -> None:
        """Read of a question what the rules need.

        Args:
            question: The question.
            names: Its names.
            unknown: Its index terms that nothing in the archive has.
        """
        self._bearer = bearer_nowhere(question, unknown)
        self._topic = topic_of(question)
        self._question = question
        self._names = names
        taken = steps_asked(question.text, when=question.time_asked is not None)
        self._asked = frozenset((step.chain, step.name) for step in taken)
        self._chains = tuple(sorted({chain for chain, _ in self._asked}))
        phrases = frame_of(question.text, _ANY_DAY).phrases
        subject = next((phrase for phrase in phrases if phrase.part is Part.SUBJECT), None)
        self._subject = [forms_of(word) for word in content_terms(subject.text)] if subject else []
        self._denied = any(step.negated for step in taken)
        self._wanted = all(step.wanted for step in taken)
        self.verb = verb_asked(question.text)
        excused = set(content_terms(question.constraint.words)) if question.constraint else set()
        self._of_articles: dict[str, NearMiss | None] = {}
        self._years = [term for term in question.names if _YEAR.match(term) and term not in excused]

    def in_sentence(
        self, sentence: str, article: Article, mentions: Sequence[TimeMention], start: int
    ) -> NearMiss | None:
        """Tell why a sentence does not answer; None when no rule says so.

        Args:
            sentence: The sentence.
            article: Its article.
            mentions: The time mentions in the article's body.
            start: Where the sentence begins in the body.
        """
        if article.language not in {None, "en"}:
            return None
        if article.id not in self._of_articles:
            self._of_articles[article.id] = (
                self._other_year(article, mentions) or self._name_is_absent(article) or self._other_topic(article)
            )
        inside = [one for one in mentions if start <= one.start and one.end <= start + len(sentence)]
        return (
            self._of_articles[article.id]
            or self._other_holder(sentence, article)
            or self._other_side(sentence, article, inside, start)
            or self._only_planned(sentence)
            or self._other_step(sentence)
            or self._unknown(sentence, article, start)
            or self._somebody_beside(sentence)
            or self._nobody_does(sentence)
            or self._something_else(sentence, article)
            or self._another(sentence)
            or self._nothing_of_the_kind(sentence, inside, start)
        )

    def steps_in(self, sentence: str) -> tuple[list[Step], list[Step]]:
        """List the steps that a sentence tells of in the chains of the question: those asked for, and others."""
        behind = self._question.side is Side.BEHIND
        asked: list[Step] = []
        others: list[Step] = []
        for step in steps_in(sentence, self._chains):
            is_asked = any((step.chain, name) in self._asked for name in step.names)
            if is_asked and step.negated and self._question.time_asked and not self._denied:
                continue
            if is_asked and step.wanted and behind:
                continue
            (asked if is_asked else others).append(step)
        return asked, others

    def _only_seems(self, sentence: str) -> str:
        """The words that only seem to tell of a step: "stay open", "needs his consent"; or nothing."""
        if not self._question.time_asked:
            return ""
        words = looks_like_a_step(sentence, self._chains)
        if not self.verb.isdisjoint(terms(words)):
            return words
        steps = [step for step in steps_in(sentence, self._chains) if (step.chain, step.name) in self._asked]
        wanted = steps and all(step.wanted for step in steps) and not self._wanted
        behind = self._question.side is Side.BEHIND
        return sentence[steps[0].start : steps[0].end] if wanted and behind else ""

    def terms_of_steps(self, sentence: str) -> frozenset[str]:
        """Terms of the question for which a sentence has other words of the step: "join" where "admitted" is."""
        if not self._chains or not self.steps_in(sentence)[0]:
            return frozenset()
        text = self._question.text
        return frozenset(
            term for step in steps_in(text, self._chains) for term in terms(text[step.start : step.end])
        )

    def tells_the_step(self, sentence: str) -> bool:
        """Tell whether a sentence tells of a step that the question asks about."""
        return bool(self._chains and self.steps_in(sentence)[0])

    def _other_side(
        self, sentence: str, article: Article, mentions: Sequence[TimeMention], start: int
    ) -> NearMiss | None:
        """Only times that were past when it was written, where one to come is asked for; or the other way."""
        side = self._question.side
        bounded = [one for one in self.times_of_the_step(sentence, start, mentions) if one.interval]
        if self._question.time_asked is not TimeAsked.WHEN or side is None or not bounded or not article.published:
            return None
        span = Span(start, start + len(sentence))
        if any(
            one.interval for one in on_the_side(article.body, span, bounded, side, article.published, self.verb)
        ):
            return None
        looks_ahead = TO_COME.search(sentence) is not None or (
            all(_begins_behind(one, article.published.last_day) for one in bounded)
            and is_told_as_coming(sentence, self.verb)
        )
        if side is Side.AHEAD and (word := given_up(sentence)):
            return NearMiss("given up", f'says that it was "{word}"')
        if side is Side.AHEAD:
            return None if looks_ahead else NearMiss("another time", "tells of what was past when it was written")
        return (
            NearMiss("another time", "tells of what was still to come when it was written")
            if looks_ahead
            else None
        )

    def times_of_the_step(
        self, sentence: str, start: int, mentions: Sequence[TimeMention]
    ) -> Sequence[TimeMention]:
        """Drop the times of a sentence that stand nearer to another step than to the one asked about.

        All are kept where none would be left, and where only one step is told.
        """
        asked, others = self.steps_in(sentence)
        if len(mentions) < _SEVERAL or not asked or not others:
            return mentions
        kept = [
            one for one in mentions if is_nearest_step(sentence, asked, others, one.start - start, one.end - start)
        ]
        return kept or mentions

    def _only_planned(self, sentence: str) -> NearMiss | None:
        """What is asked about is told only as a plan, where it is asked when it happened; or is given up."""
        question = self._question
        if question.time_asked is not TimeAsked.WHEN or question.side is not Side.BEHIND:
            return None
        steps = [] if self._wanted else self.steps_in(sentence)[0]
        if is_only_planned(sentence, self.verb) or (
            steps and all(is_planned_at(sentence, step.start) for step in steps)
        ):
            return NearMiss("another time", "tells of what was still to come when it was written")
        return None

    def _other_step(self, sentence: str) -> NearMiss | None:
        """Another step of the same chain: charged, where convicted is asked for."""
        asked, others = self.steps_in(sentence) if self._chains else ([], [])
        if asked or not self._chains:
            return None
        if others:
            told = sentence[others[0].start : others[0].end]
            return NearMiss("another step", f'tells of another step, "{told}"')
        if seeming := self._only_seems(sentence):
            return NearMiss("another step", f'only says "{seeming}"')
        if (
            self._question.time_asked
            and not self._denied
            and any(
                step.negated and (step.chain, step.name) in self._asked
                for step in steps_in(sentence, self._chains)
            )
        ):
            return NearMiss("not so", "says that it is not so")
        return None

    def _other_year(self, article: Article, mentions: Sequence[TimeMention]) -> NearMiss | None:
        """A year of the question that the article neither names nor speaks of, nor is of."""
        if not self._years:
            return None
        present = present_terms(f"{article.headline}\n{article.body}")
        days = [(one.first_day, one.last_day) for one in (article.published,) if one]
        days += [
            (one.interval.first_day, one.interval.last_day)
            for one in mentions
            if one.interval and one.interval.first_day and one.interval.last_day
        ]
        for year in self._years:
            if year not in present and not any(first.year <= int(year) <= last.year for first, last in days):
                return NearMiss("another year", f"has nothing of {year}")
        return None

    def _name_is_absent(self, article: Article) -> NearMiss | None:
        """A name of which the article has no word."""
        acting = self._acting()
        last = acting["name"].split()[-1] if acting else ""
        text = f"{article.headline}\n{article.body}"
        if last and not may_be_called_otherwise(last) and present_terms(text).isdisjoint(forms_of(last)):
            return NearMiss("another name", f'does not have "{last}"')
        if self._bearer and self._bearer.is_another(text):
            return NearMiss("another name", f'does not have "{self._bearer.name}"')
        absent = self._names.absent(article)
        return NearMiss("another name", f'does not have "{" ".join(absent.words)}"') if absent else None

    def _other_topic(self, article: Article) -> NearMiss | None:
        """Nothing of what somebody is asked to have spoken about."""
        present = present_terms(f"{article.headline}\n{article.body}") if self._topic else set()
        if not self._topic or any(not present.isdisjoint(forms_of(word)) for word in self._topic):
            return None
        return NearMiss("another subject", f'has nothing of "{" ".join(self._topic)}"')

    def _other_holder(self, sentence: str, article: Article) -> NearMiss | None:
        """Somebody else of the same surname."""
        other = self._names.somebody_else(sentence, article)
        return NearMiss("another holder", f"is about {other}") if other else None

    def _unknown(self, sentence: str, article: Article, start: int) -> NearMiss | None:
        """A sentence that says of what is asked for that it is not known, or not told; or the next one does."""
        if words := says_unknown(self._question, sentence):
            return NearMiss(UNKNOWN, f'says of it "{words}"')
        span = Span(start, start + len(sentence))
        if words := says_unknown_behind(self._question, article.body, span):
            return NearMiss("unknown behind", f'goes on to say of it "{words}"')
        return None

    def _acting(self) -> re.Match[str] | None:
        """The one of whom a question asks what they do: a name, and the verb; None of what is somebody's."""
        found = _ACTING.search(self._question.text)
        return None if found is None or found["name"].endswith(("'s", "’s")) else found

    def _somebody_beside(self, sentence: str) -> NearMiss | None:
        """Somebody else who does what the one in question is asked about, who does not do it in the sentence."""
        acting = self._acting()
        if acting is None:
            return None
        last = acting["name"].split()[-1]
        verbs = forms_of(acting["verb"])
        doer = None
        for clause in _CLAUSES.split(sentence):
            does = not verbs.isdisjoint(terms(clause)) or bool(self._chains and self.steps_in(clause)[0])
            if does and last.casefold() in clause.casefold():
                return None
            done = _DONE.match(clause)
            name = done and (done["beside"] or done["name"])
            if done and name and self._is_asked_about(done, verbs) and is_another_doer(last, name.split()):
                doer = doer or name
        return NearMiss("somebody else", f"is about {doer}") if doer else None

    def _nobody_does(self, sentence: str) -> NearMiss | None:
        """What is only said to open, where it is asked who opens it."""
        happens = happens_by_itself(self._question.text, sentence)
        return NearMiss("nobody", "does not say who does it") if happens else None

    def _something_else(self, sentence: str, article: Article) -> NearMiss | None:
        """Something that is only "it", in an article that has no word of what is asked about."""
        if not self._subject or not _OPENS_WITH_PRONOUN.match(sentence):
            return None
        present = present_terms(f"{article.headline}\n{article.body}")
        if any(not present.isdisjoint(forms) for forms in self._subject):
            return None
        return NearMiss("something else", "is about something else")

    def _another(self, sentence: str) -> NearMiss | None:
        """Another thing of a kind, another place's mayor, another place in a race, another plan."""
        found = another(self._question, sentence)
        return NearMiss(found.rule, found.reason) if found else None

    def _is_asked_about(self, done: re.Match[str], verbs: frozenset[str]) -> bool:
        """Whether the verb of a clause is the one that is asked about, or a step that is."""
        if not verbs.isdisjoint(terms(done["verb"])):
            return True
        return any(step.start == done.start("verb") for step in self.steps_in(done.string)[0])

    def _no_figure(self, sentence: str) -> NearMiss | None:
        """No figure, or none of the measure that is asked for."""
        if measure := lacks_the_measure(self._question, sentence):
            return NearMiss("no figure", f"has no {measure}")
        one = (terms(found["what"]) for found in _ONE.finditer(sentence))
        told = (
            NUMBERS.search(sentence) or _NONE_OR_SOME.search(sentence) or tells_how_often(self._question, sentence)
        )
        if told or any(not set(what).isdisjoint(self._question.terms) for what in one):
            return None
        return NearMiss("no figure", "has no figure")

    def _nothing_of_the_kind(self, sentence: str, mentions: Sequence[TimeMention], start: int) -> NearMiss | None:
        """No figure where one is asked for; no name and no person where the holder of a place is."""
        question = self._question
        if question.expected.is_figure:
            return self._no_figure(sentence)
        if (
            question.expected is AnswerType.PERSON
            and _ROLE_ASKED.search(question.text)
            and not self.tells_the_step(sentence)
        ):
            named = typed_spans(AnswerType.OTHER, sentence, question.terms, mentions, start)
            told = _WORD.findall(sentence)
            if named or any(is_person(word) for word in told if not set(terms(word)) & set(question.terms)):
                return None
            return NearMiss("nobody", "names nobody")
        return None


def _begins_behind(mention: TimeMention, last: date) -> bool:
    """Whether a time begins after a day."""
    first = mention.interval.first_day if mention.interval else None
    return first is not None and first > last
