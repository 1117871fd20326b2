"""The life of both engines, with what can only happen to an archive on disk, in each way of searching it.

The views are made anew, merged, lost or put back to older ones; the archive is opened again; its state is named
and returned to. Nothing of it may make a difference. In some lives inverted lists are used beyond 16 passages.

    HYPOTHESIS_PROFILE=long pytest tests/search/archive/local/test_lives.py
"""

import shutil

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from search.archive import LocalArchive
from search.archive.care.backups import tag
from search.archive.care.restoration import roll_back
from search.archive.local.vectors import Regime
from tests.lengths import examples
from tests.search.archive.glances import number
from tests.search.archive.life import PUT, Change
from tests.search.archive.stored_life import StoredLife


class LifeOnDisk(StoredLife):
    """With what can only happen to its files."""

    def open_anew(self) -> None:
        self.let_all_go()
        self.local.close()
        self.local = LocalArchive.open(self.folder, self.regime)

    def tag(self, name: str) -> None:
        tag(self.folder, name)

    def roll_back(self, name: str) -> int:
        return roll_back(self.folder, name).snapshot

    @rule()
    def rebuild(self) -> None:
        self.local.rebuild()
        self._check([])

    @rule()
    def merge(self) -> None:
        self.local.merge()
        self._check([])

    @rule()
    def lose_the_views(self) -> None:
        shutil.rmtree(self.folder / "views", ignore_errors=True)

    @precondition(lambda self: (self.folder / "views").exists())
    @rule(changes=st.lists(PUT, min_size=1, max_size=3))
    def return_to_older_views(self, changes: list[Change]) -> None:
        """Write while the saved views stay what they were, as when a machine is lost before they are saved."""
        old = self.folder.with_name(self.folder.name + "-old")
        shutil.copytree(self.folder / "views", old / "views")
        shutil.copy(self.folder / "views.json", old)
        self._write(changes, "commit")
        shutil.rmtree(self.folder / "views", ignore_errors=True)
        shutil.copytree(old / "views", self.folder / "views")
        shutil.copy(old / "views.json", self.folder)
        shutil.rmtree(old)
        self._open_again()

    @rule()
    def views_agree_with_the_database(self) -> None:
        self._open_again()  # or views that were lost from under it are still missing
        with self.local.snapshot() as snapshot:
            live = snapshot.facts.passages
        report = self.local.check_views()
        assert (report.problems, report.behind, report.snapshot) == ((), 0, number(self.local))
        assert report.vectors == live


class LifeInInvertedLists(LifeOnDisk):
    """Beyond 16 passages: all lists are looked at, and few passages under a filter are compared one by one.

    Words of what went are deleted from their view, as in a large archive.
    """

    regime = Regime(exact_limit=16, scanned_exactly=3, words_anew=0, joined_below=1, columns_saved=3)
    founders = 12


class LifeInOneOfTheLists(LifeOnDisk):
    """Only the nearest list is looked at, unless it has too few: the nearest passages may be missed, never `k`."""

    regime = Regime(
        exact_limit=16,
        scanned_exactly=0,
        probes=1,
        merged_at_once=4,
        merged_behind=False,
        recall_wanted=0,
        recall_needed=0,
    )
    approximate = True
    founders = 20


class LifeThatGrows(LifeOnDisk):
    """The words' view changes its ways while it grows; segments and saved columns are many."""

    regime = Regime(words_anew=12, joined_below=0, columns_saved=1)


LIVES = settings(max_examples=examples(3, 6, 40), stateful_step_count=examples(12, 12, 40), deadline=None)
TestLifeOnDisk = LifeOnDisk.TestCase
TestLifeOnDisk.settings = LIVES
TestLifeInInvertedLists = LifeInInvertedLists.TestCase
TestLifeInInvertedLists.settings = LIVES
TestLifeInOneOfTheLists = LifeInOneOfTheLists.TestCase
TestLifeInOneOfTheLists.settings = LIVES
TestLifeThatGrows = LifeThatGrows.TestCase
TestLifeThatGrows.settings = LIVES
