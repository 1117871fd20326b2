"""Who says the sentences of an English news article, and how they stand: as fact, prediction, threat, denial ...

A small library, usable alone: of Dateline it needs only the vocabulary, the sentences and the terms.

    >>> from search.statements import read_statements
    >>> for statement in read_statements("Ana Souza, mayor of Porto, said the bridge would open in May."):
    ...     print(statement.standing, statement.speaker.name, statement.speaker.role, sep="; ")
    predicted; Ana Souza; mayor of Porto
"""

from search.statements.reading import read_statements
from search.statements.standing import standing_of
from search.statements.statement import (
    Speaker,
    Standing,
    Statement,
    folded,
    folded_speaker,
    sought,
    speaker_of,
    speaks,
)

__all__ = [
    "Speaker",
    "Standing",
    "Statement",
    "folded",
    "folded_speaker",
    "read_statements",
    "sought",
    "speaker_of",
    "speaks",
    "standing_of",
]
