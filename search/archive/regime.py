"""How vectors are searched: from which sizes on an approximation is worth its loss."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regime:
    """Sizes at which the search for near vectors changes its ways (docs/measurements.md).

    Attributes:
        exact_limit: Most passages that are searched exhaustively; beyond, inverted lists are faster at little loss
            of recall. At least 16: fewer vectors cannot train the lists.
        probes: Inverted lists that are looked at.
        rescored: Candidates of the inverted lists that are scored again from the stored vectors, at least.
        scanned_exactly: Most passages under a filter that are compared one by one without the index.
    """

    exact_limit: int = 100_000
    probes: int = 64
    rescored: int = 100
    scanned_exactly: int = 2_000


DEFAULT_REGIME = Regime()
