"""Measures of short answers: exact match and token F1, and whether words were cut.

Both are those of SQuAD (Rajpurkar et al. 2016): letter case, punctuation, articles and white space do not count,
and of several known answers the one that fits best does.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from api.evaluation.confidence import Statistic, Values
from search.article import Span

SHORT_ANSWER_MEASURES = ("exact match", "token F1", "best exact match", "best token F1", "marked", "whole quotes")

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_INSIDE_WORD = re.compile(r"[^\W_][^\W_]")
_INSIDE_NUMBER = re.compile(r"\d[.,]\d")


class Agreement(NamedTuple):
    """How a short answer agrees with what is known.

    Attributes:
        exact: Whether it is a known answer, as SQuAD compares them.
        f1: Harmonic mean of the shares of its words that are known and of the known ones that it has; 0 to 1.
    """

    exact: bool = False
    f1: float = 0.0


class ShortReply(NamedTuple):
    """The short answer of a reply.

    Attributes:
        agreement: Of the best piece of evidence, be it cited or only what came nearest.
        marked: Whether that piece has one at all.
        found: Whether the question was answered.
        whole: How many of the quotes and short answers that came back are not cut, and how many came back.
    """

    agreement: Agreement = Agreement()
    marked: bool = False
    found: bool = False
    whole: tuple[int, int] = (0, 0)


def agreement(words: str, answers: Sequence[str]) -> Agreement:
    """Hold a short answer against the known ones; no agreement where none is known."""
    given = normalised(words)
    known = [normalised(answer) for answer in answers]
    return Agreement(given in known, max((_f1(given, answer) for answer in known), default=0.0))


def normalised(text: str) -> list[str]:
    """The words of an answer as SQuAD compares them."""
    return _ARTICLES.sub(" ", text.casefold().translate(_PUNCTUATION)).split()


def _f1(given: Sequence[str], known: Sequence[str]) -> float:
    if not given or not known:
        return float(given == known)
    shared = (Counter(given) & Counter(known)).total()
    return 2 * shared / (len(given) + len(known))


def is_whole(body: str, span: Span) -> bool:
    """Tell whether a slice of a text neither begins nor ends inside a word or a number."""
    return not (_cuts(body, span.start) or _cuts(body, span.end))


def _cuts(body: str, place: int) -> bool:
    if not 0 < place < len(body):
        return False
    number = any(_INSIDE_NUMBER.match(body, at) for at in (place - 1, place - 2) if at >= 0)
    return number or _INSIDE_WORD.match(body, place - 1) is not None


def short_answer_statistic(replies: Sequence[ShortReply]) -> Statistic:
    """The statistic that computes `SHORT_ANSWER_MEASURES` from a sample of replies to answerable questions.

    "exact match" and "token F1" count a refusal as a miss; the "best" ones take what came nearest. "marked" is the
    share of questions with a short answer, refused or not, "whole quotes" the share of all quotes and short
    answers that are not cut inside a word or a number.
    """
    rows = np.array(
        [
            (
                reply.agreement.exact and reply.found,
                reply.agreement.f1 * reply.found,
                reply.agreement.exact,
                reply.agreement.f1,
                reply.marked,
            )
            for reply in replies
        ],
        dtype=np.float64,
    ).reshape(-1, 5)
    wholes = np.array([reply.whole for reply in replies], dtype=np.float64).reshape(-1, 2)

    def statistic(sample: npt.NDArray[np.int64]) -> Values:
        if not len(sample):
            return np.full(len(SHORT_ANSWER_MEASURES), np.nan)
        whole, quotes = wholes[sample].sum(axis=0)
        return np.array([*rows[sample].mean(axis=0), whole / quotes if quotes else np.nan], dtype=np.float64)

    return statistic
