"""A question on its way: read and embedded, then with what was gathered to answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.article import Article
from search.asking.question import Question
from search.asking.retrieval import Candidate
from search.family import Family
from search.filters import Filter
from search.statements import Statement
from search.times import TimeMention


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read and ready to be put to an archive.

    Attributes:
        question: What was read out of it.
        condition: What restricts it.
        vector: Its unit vector, shape (dimension,).
        unit: How much cosine counts as one; see `search.asking.retrieval.unit_of_closeness`.
        rarity: Inverse document frequency of each of its terms.
    """

    question: Question
    condition: Filter
    vector: npt.NDArray[np.float32]
    unit: float
    rarity: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Material:
    """Candidates, and what is read of their articles to judge and cite them.

    Attributes:
        candidates: Best first.
        articles: Their articles, by key.
        mentions: The time mentions of the articles, by key.
        statements: The statements of the articles, by key.
        families: The families of the articles, by key.
    """

    candidates: Sequence[Candidate]
    articles: Mapping[int, Article]
    mentions: Mapping[int, Sequence[TimeMention]]
    statements: Mapping[int, Sequence[Statement]]
    families: Mapping[int, Family]

    def text_of(self, candidate: Candidate) -> str:
        """Cut a candidate out of its article."""
        return candidate.span.of(self.articles[candidate.article].body)
