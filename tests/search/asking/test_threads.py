"""Nobody who asks waits for another's model, nor for a commit."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, local

import numpy as np
import numpy.typing as npt
import pytest

from search.archive import Archive, LocalArchive
from search.asking.engine import Engine
from search.asking.results import Answer
from search.models import Models
from search.models.close_reading import Reading
from search.settings import Settings
from tests.fakes import HashEmbedder, ReaderForAWord, make_article, put, store

QUESTION = "When will Russia use the missiles in Ukraine?"
PATIENCE = 60


class Gate:
    """Holds up whoever comes to it until it is opened."""

    def __init__(self) -> None:
        self.reached, self.opened = Event(), Event()

    def pass_through(self) -> None:
        self.reached.set()
        assert self.opened.wait(PATIENCE)


class SlowToReadQuestions(HashEmbedder):
    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    def embed_question(self, text: str) -> npt.NDArray[np.float32]:
        self._gate.pass_through()
        return super().embed_question(text)


class SlowToReadSentences(HashEmbedder):
    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    def embed_passages(
        self, texts: Sequence[str], on_progress: Callable[[int], None] | None = None
    ) -> npt.NDArray[np.float32]:
        self._gate.pass_through()
        return super().embed_passages(texts, on_progress)


class SlowCloseReader(ReaderForAWord):
    def __init__(self, gate: Gate) -> None:
        super().__init__("weeks")
        self._gate = gate

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        self._gate.pass_through()
        return super().read(question, passages)


class HeldCommit:
    """Told every SQL statement: holds a writer up when all is prepared and only the commit is left."""

    def __init__(self) -> None:
        self.gate = Gate()
        self._thread = local()

    def __call__(self, statement: str) -> None:
        if statement.startswith("BEGIN"):
            self._thread.began = statement
        elif statement == "COMMIT" and self._thread.began == "BEGIN IMMEDIATE":
            self.gate.pass_through()


@contextmanager
def asking(engine: Engine, gate: Gate) -> Iterator[Future[Answer]]:
    """Ask in a thread that is held up at a gate; it is opened at the end."""
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(engine.ask, QUESTION)
        try:
            assert gate.reached.wait(PATIENCE)
            yield answer
        finally:
            gate.opened.set()


def asked(engine: Engine) -> Answer:
    """Ask in a thread, and do not wait for ever."""
    threads = ThreadPoolExecutor(1)
    try:
        return threads.submit(engine.ask, QUESTION).result(PATIENCE)
    finally:
        threads.shutdown(wait=False)


@pytest.mark.parametrize("slow", [SlowToReadQuestions, SlowToReadSentences, SlowCloseReader])
def test_nobody_waits_for_the_model_of_another(
    news_archive: Archive, hash_embedder: HashEmbedder, slow: Callable[[Gate], HashEmbedder | SlowCloseReader]
) -> None:
    gate = Gate()
    model = slow(gate)
    fast_reader = ReaderForAWord("weeks")
    held_up = (
        Engine(news_archive, model, Settings.load(), models=Models(close_reader=fast_reader))
        if isinstance(model, HashEmbedder)
        else Engine(news_archive, hash_embedder, Settings.load(), models=Models(close_reader=model))
    )
    other = Engine(news_archive, hash_embedder, Settings.load(), models=Models(close_reader=fast_reader))
    with asking(held_up, gate) as waiting:
        answer = asked(other)
        store(news_archive, HashEmbedder(), make_article("later", "Ships sailed from Lisbon.", day="2024-09-20"))
        after = asked(other)
        assert not waiting.done()
    assert answer.found
    assert (answer.searched.snapshot, after.searched.snapshot) == (1, 2)
    # What is read before the question meets the archive sees the commit; what is read after it does not.
    expected = after if slow is SlowToReadQuestions else answer
    assert waiting.result() == expected


def test_one_engine_is_asked_by_many_at_once(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    gate = Gate()
    held_up = Engine(news_archive, SlowToReadSentences(gate), Settings.load())
    free = Engine(news_archive, hash_embedder, Settings.load())
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(held_up.ask, QUESTION) for _ in range(4)]
        try:
            assert gate.reached.wait(PATIENCE)
            answers = [threads.submit(free.ask, QUESTION) for _ in range(12)]
            found = [answer.result(PATIENCE) for answer in answers]
            assert not any(one.done() for one in waiting)
        finally:
            gate.opened.set()
        found += [one.result(PATIENCE) for one in waiting]
    assert all(one == found[0] for one in found)


def test_nobody_who_asks_waits_for_a_writer(news_archive: Archive, hash_embedder: HashEmbedder) -> None:
    engine = Engine(news_archive, hash_embedder, Settings.load())
    before = asked(engine)
    with news_archive.write() as writer:
        assert asked(engine) == before
        put(writer, make_article("later", "Ships sailed from Lisbon.", day="2024-09-20"), hash_embedder)
        assert asked(engine) == before
        writer.commit()
        assert asked(engine).searched.snapshot == before.searched.snapshot + 1
        put(writer, make_article("last", "Ships sailed to Lisbon.", day="2024-09-21"), hash_embedder)
        assert asked(engine).searched.snapshot == before.searched.snapshot + 1
    assert asked(engine).searched.articles == before.searched.articles + 1


def test_nobody_who_asks_waits_for_a_commit(news_archive: LocalArchive, hash_embedder: HashEmbedder) -> None:
    held = HeldCommit()
    with LocalArchive.open(news_archive.folder, trace=held) as archive, ThreadPoolExecutor(1) as threads:
        engine = Engine(archive, hash_embedder, Settings.load())
        before = asked(engine)
        article = make_article("later", "Ships sailed from Lisbon.", day="2024-09-20")
        stored = threads.submit(store, archive, HashEmbedder(), article)
        try:
            assert held.gate.reached.wait(PATIENCE)
            assert asked(engine) == before
            assert not stored.done()
        finally:
            held.gate.opened.set()
        stored.result(PATIENCE)
        assert asked(engine).searched.snapshot == before.searched.snapshot + 1


def test_an_answer_is_of_one_state_while_others_are_committed(
    news_archive: Archive, hash_embedder: HashEmbedder
) -> None:
    """Others ask again and again while a writer commits; each answer is of one state, and they never go back."""
    engine = Engine(news_archive, hash_embedder, Settings.load())
    commits, ended = 12, Event()

    def keep_asking() -> list[Answer]:
        answers = [engine.ask(QUESTION)]
        while not ended.is_set():
            answers.append(engine.ask(QUESTION))
        return answers

    with ThreadPoolExecutor(4) as threads:
        askers = [threads.submit(keep_asking) for _ in range(4)]
        try:
            for number in range(commits):
                store(news_archive, HashEmbedder(), make_article(f"later-{number}", f"Ship {number} sailed."))
        finally:
            ended.set()
        told = [asker.result(PATIENCE) for asker in askers]
    for answers in told:
        snapshots = [answer.searched.snapshot for answer in answers]
        assert snapshots == sorted(snapshots)
        assert all(answer.searched.articles == 4 + answer.searched.snapshot for answer in answers)
