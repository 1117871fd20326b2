"""Evidence: the sentences that answer, how sure it is that they do, and the answer inside them."""

from search.asking.evidence.joining import Evidence
from search.asking.evidence.selection import CAREFUL, EFFORTS, Effort, read_evidence

__all__ = ["CAREFUL", "EFFORTS", "Effort", "Evidence", "read_evidence"]
