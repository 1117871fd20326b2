"""From which sizes on the views are searched and kept in other ways: where an approximation is worth its loss."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regime:
    """Sizes at which the views change their ways.

    Attributes:
        exact_limit: Most passages that are searched exhaustively; beyond, inverted lists are faster at little loss
            of recall. At least 16: fewer vectors cannot train the lists.
        probes: Inverted lists that are looked at.
        rescored: Candidates of the inverted lists that are scored again from the stored vectors, at least.
        scanned_exactly: Most passages under a filter that are compared one by one without the index.
        words_anew: Most passages of which the lexical view is made anew when articles went. Tantivy counts deleted
            texts in its statistics until it merges them away, which changes scores a little.
    """

    exact_limit: int = 100_000
    probes: int = 64
    rescored: int = 100
    scanned_exactly: int = 2_000
    words_anew: int = 20_000


DEFAULT_REGIME = Regime()
