"""The life of a stored archive: beside all else it is opened again, and its state is named and returned to."""

from random import Random
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.search.archive.life import Life

if TYPE_CHECKING:
    from search.archive import MemoryArchive

MOST_NAMED = 2


class StoredLife(Life):
    """Whatever happens to where it is stored, the archive answers as the one in memory does."""

    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, MemoryArchive] = {}

    def open_anew(self) -> None:
        """Close the archive and open it, as another process would."""
        raise NotImplementedError

    def tag(self, name: str) -> None:
        """Keep its state under a name."""
        raise NotImplementedError

    def roll_back(self, name: str) -> int:
        """Return to a state that was named; gives the number of the snapshot that this makes."""
        raise NotImplementedError

    @rule()
    def open_again(self) -> None:
        self._open_again()

    def _open_again(self) -> None:
        self.open_anew()
        self._check([])

    @precondition(lambda self: len(self.named) < MOST_NAMED)
    @rule()
    def name_this_state(self) -> None:
        name = f"state-{len(self.named)}"
        self.tag(name)
        self.named[name] = self.memory.fork()

    @precondition(lambda self: self.named)
    @rule(choose=st.randoms(use_true_random=False))
    def return_to_a_named_state(self, choose: Random) -> None:
        name = choose.choice(sorted(self.named))
        self.let_all_go()
        self.memory = self.named[name].fork(self.roll_back(name))
        self._check([])
