"""One question, one state of the archive: the parts of it, and the reasons why nothing was found."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pytest

from search.archive import Archive, MemoryArchive
from search.asking.engine import Engine
from search.asking.state import AskedState, StateChangedError
from search.errors import ArchiveMismatchError
from search.settings import Settings
from tests.fakes import HashEmbedder, make_article, store

MILL = make_article("mill", "The old mill burned in Imra. Nobody was hurt.", "Fire", "2024-05-02")
RIVER = make_article("river", "The Orm flooded Torvik on Monday. Boats were sent.", "Flood", "2024-03-12")
LATER = make_article("later", "The lighthouse of Selby was sold to a bank.", "Sold", "2024-06-01")


class CommittingEmbedder(HashEmbedder):
    """Something is committed the first so many times that sentences are embedded: between two looks."""

    def __init__(self, commits: int, commit: Callable[[], None]) -> None:
        super().__init__()
        self.questions: list[str] = []
        self._left, self._commit = commits, commit

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        if self._left:
            self._left -= 1
            self._commit()
        return super().embed_passages(texts, on_progress)

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        self.questions.append(text)
        return super().embed_question(text)


@pytest.fixture
def archive(hash_embedder: HashEmbedder) -> Iterator[Archive]:
    with MemoryArchive.create(hash_embedder.card) as made:
        store(made, hash_embedder, MILL, RIVER)
        yield made


def test_a_state_is_the_same_however_often_it_is_held(archive: Archive, hash_embedder: HashEmbedder) -> None:
    state = AskedState(archive, hash_embedder.card)
    with state.hold() as first, state.hold() as inside:
        assert inside is first
    with state.hold() as again:
        assert again.number == first.number


def test_a_state_that_is_gone_is_not_replaced_by_another(archive: Archive, hash_embedder: HashEmbedder) -> None:
    state = AskedState(archive, hash_embedder.card)
    with state.hold():
        pass
    store(archive, hash_embedder, LATER)
    with pytest.raises(StateChangedError), state.hold():
        pass


def test_a_state_of_another_model_is_refused(archive: Archive) -> None:
    with pytest.raises(ArchiveMismatchError), AskedState(archive, HashEmbedder("other").card).hold():
        pass


@pytest.mark.parametrize("commits", [0, 1, 2])
def test_why_nothing_was_found_is_told_of_the_state_that_was_searched(archive: Archive, commits: int) -> None:
    stored = iter(make_article(f"n{number}", f"Lighthouse {number} of Selby was sold.") for number in range(9))
    embedder = CommittingEmbedder(commits, lambda: store(archive, HashEmbedder(), next(stored)))
    answer = Engine(archive, embedder, Settings.load(wanted_precision=1.0)).ask("Who bought the lighthouse?")
    assert not answer.found
    says_missing = "Nothing in the archive has" in answer.reason and '"lighthouse"' in answer.reason
    assert says_missing is (answer.searched.articles == 2)
    assert answer.searched.articles == 2 + min(commits, 1)  # it is asked anew once, of a state that is held then


def test_the_parts_of_a_question_are_asked_of_one_state(archive: Archive) -> None:
    embedder = CommittingEmbedder(1, lambda: store(archive, HashEmbedder(), LATER))
    engine = Engine(archive, embedder, Settings.load(wanted_precision=0.0))
    answer = engine.ask("What burned in Imra? What flooded Torvik?")
    assert len(answer.parts) == 2
    assert len({part.searched.snapshot for part in answer.parts}) == 1


def test_a_question_is_embedded_once_however_often_it_is_asked(archive: Archive) -> None:
    embedder = CommittingEmbedder(0, lambda: None)
    engine = Engine(archive, embedder, Settings.load())
    first = engine.ask("What burned in Imra?")
    embedder.questions.clear()
    assert engine.ask("What burned in Imra?") == first
    assert "What burned in Imra?" not in embedder.questions
    engine.ask("What burned in Imra? What flooded Torvik?")
    assert "What burned in Imra? What flooded Torvik?" not in embedder.questions  # but its parts
