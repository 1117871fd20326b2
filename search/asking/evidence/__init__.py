"""Evidence: the sentences that answer, how sure it is that they do, and the answer inside them."""

from search.asking.evidence.joining import Evidence
from search.asking.evidence.selection import PASSAGES_READ, SENTENCES_EMBEDDED, read_evidence

__all__ = ["PASSAGES_READ", "SENTENCES_EMBEDDED", "Evidence", "read_evidence"]
