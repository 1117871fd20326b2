"""What a question asks of the archive: few calls at the door, few statements of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from search.archive import Archive, LocalArchive, Scope, Snapshot
from search.asking.engine import Engine
from search.filters import Filter
from search.settings import Settings
from tests.fakes import HashEmbedder

MOST_OF_AN_ANSWER = 4, 8
MOST_OF_NONE = 12, 12
"""Calls and statements; a question that is not answered is looked into further, to say why."""

QUESTIONS = (
    "When will missiles be used?",
    "What did Blinken say about Russia?",
    "How many people died when the bridge fell?",
    "Who won the election in Peru?",
)


class Noted:
    """A snapshot of which every call is noted by name; what it only shows is none."""

    def __init__(self, snapshot: Snapshot, calls: list[str]) -> None:
        self._snapshot = snapshot
        self._calls = calls

    def __getattr__(self, name: str) -> object:
        found = getattr(self._snapshot, name)
        if callable(found):
            self._calls.append(name)
        return found


class NotedArchive:
    """An archive that hands out such snapshots."""

    def __init__(self, archive: Archive, calls: list[str]) -> None:
        self.card = archive.card
        self._archive = archive
        self._calls = calls

    @contextmanager
    def snapshot(self, scope: Scope | None = None) -> Iterator[Snapshot]:
        with self._archive.snapshot(scope) as snapshot:
            self._calls.append("snapshot")
            yield cast("Snapshot", Noted(snapshot, self._calls))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("condition", [Filter(), Filter(sources=("Wire",))], ids=["all", "of a source"])
def test_a_question_makes_few_calls_and_statements(
    news_archive: LocalArchive, hash_embedder: HashEmbedder, question: str, condition: Filter
) -> None:
    said, calls = list[str](), list[str]()
    with LocalArchive.open(news_archive.folder, trace=said.append) as archive:
        engine = Engine(cast("Archive", NotedArchive(archive, calls)), hash_embedder, Settings.load())
        engine.ask(question, condition=condition)  # what the questions of one snapshot share is read once
        said.clear()
        calls.clear()
        answer = engine.ask(question, condition=condition)
    most_calls, most_statements = MOST_OF_AN_ANSWER if answer.found else MOST_OF_NONE
    assert len(calls) <= most_calls, calls
    assert len(said) <= most_statements, said
