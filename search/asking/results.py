"""What comes back: answers, search results and timelines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from search.asking.citation import Citation
from search.asking.corroboration import Corroboration
from search.asking.question import Question
from search.asking.receipt import Receipt
from search.asking.retrieval import Method
from search.asking.timeline import Grouping, TimelineGroup
from search.filters import Filter


@dataclass(frozen=True, slots=True)
class Searched:
    """What a question was put to.

    Attributes:
        articles: How many articles the archive holds.
        first_published: First day of publication among them; None when none says.
        last_published: Last such day.
        sources: Articles by source, the most frequent first.
        condition: The filter that was applied.
        snapshot: The archive's snapshot.
    """

    articles: int
    first_published: date | None
    last_published: date | None
    sources: Mapping[str, int]
    condition: Filter
    snapshot: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked passages for a question.

    Attributes:
        question: The question, white space collapsed.
        reading: What was read out of it.
        method: How passages were ranked.
        passages: Each cited whole, best first.
        searched: What was searched.
    """

    question: str
    reading: Question
    method: Method
    passages: tuple[Citation, ...]
    searched: Searched


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question, or that it says nothing.

    Attributes:
        question: The question, white space collapsed.
        reading: What was read out of it.
        found: Whether the evidence supports an answer.
        probability: That the first three citations show the answer, from 0 to 1; 0 when there are none.
        citations: The evidence, best first; empty when not found.
        corroboration: Who else says so, and who says otherwise; None when not found.
        reason: Why nothing was found; empty when something was.
        nearest: When nothing was found, what came nearest; None when nothing came near at all.
        searched: What was searched.
        receipt: The whole trail; None unless it was asked for.
    """

    question: str
    reading: Question
    found: bool
    probability: float
    citations: tuple[Citation, ...]
    corroboration: Corroboration | None
    reason: str
    nearest: Citation | None
    searched: Searched
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Evidence on a subject, in the order of the time that it speaks of.

    Attributes:
        question: The subject, white space collapsed.
        reading: What was read out of it.
        grouping: The unit that entries are grouped by.
        groups: Each with the first day of its unit and its entries, in order.
        searched: What was searched.
    """

    question: str
    reading: Question
    grouping: Grouping
    groups: tuple[TimelineGroup, ...]
    searched: Searched
