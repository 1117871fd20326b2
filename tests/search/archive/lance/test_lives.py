"""The life of an archive of Lance tables beside one in memory, with what can only happen to one that is stored.

It is opened again, read from elsewhere, kept up, named and returned to, and its writers are killed on the way.
Nothing of it may make a difference.

    HYPOTHESIS_PROFILE=long pytest tests/search/archive/lance/test_lives.py
"""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from search.archive.lance.archive import LanceArchive
from search.archive.lance.upkeep import Regime
from search.models.embedding import ModelCard
from tests.lengths import examples
from tests.search.archive.comparison import check_same
from tests.search.archive.life import PUT, Change
from tests.search.archive.stored_life import StoredLife


class LifeInTables(StoredLife):
    """Every passage is looked at, as in a small archive."""

    regime = Regime()

    def create(self, card: ModelCard) -> Any:
        return LanceArchive.create(self.address, card, self.regime)

    @property
    def address(self) -> str:
        return f"lance://{self.folder}"

    def flaws(self) -> list[str]:
        found: list[str] = self.local.check()
        return found

    def open_anew(self) -> None:
        self.local.close()
        self.local = LanceArchive.open(self.address, self.regime)

    def tag(self, name: str) -> None:
        self.local.tag(name)

    def roll_back(self, name: str) -> int:
        number, _ = self.local.roll_back(name)
        return int(number)

    @rule()
    def keep_up(self) -> None:
        self.local.keep_up()
        self._check([])

    @rule()
    def read_from_elsewhere(self) -> None:
        """Who opens it anew sees what those see who had it open all the while."""
        with (
            LanceArchive.open(self.address, self.regime) as other,
            other.snapshot() as found,
            self.memory.snapshot() as expected,
        ):
            check_same(found, expected, [])

    @rule(changes=st.lists(PUT, min_size=1, max_size=3))
    def kill_a_writer_before_its_record(self, changes: list[Change]) -> None:
        """The tables are changed and no record names it: nobody sees anything, and the next writer undoes it."""
        with self.local.write() as writer:
            for one in changes:
                one.do(writer)
            pending = writer.pending
            made, _ = pending.changes(self.local.number + 1)
            pending.state.tables.write(made, pending.dimension)
        self._check([])


class LifeByIndexes(LifeInTables):
    """Passages are found as in a large archive."""

    regime = Regime(exact_limit=0, fragments=6, indexed_from=8)


LIVES = settings(max_examples=examples(1, 5, 40), stateful_step_count=examples(8, 10, 30), deadline=None)
TestLifeInTables = LifeInTables.TestCase
TestLifeInTables.settings = LIVES
TestLifeByIndexes = LifeByIndexes.TestCase
TestLifeByIndexes.settings = LIVES
