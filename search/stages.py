"""Tell whoever watches a trip how long its stages take, and what came of verifying its citations.

Whoever watches may end a trip between two steps. Nothing here knows who that is: a server that measures, a test.
Where nobody does, nothing is done. Who watches is
a context variable, so that trips in other threads have watchers of their own.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Protocol, TypeVar

Key = TypeVar("Key", bound=str)


class Stage(StrEnum):
    """A part of the trip of a question.

    `EMBED`: the question. `DENSE`, `LEXICAL`: what is close to it, and what has its words. `READ`: the passages,
    with the models. `CITE`: making citations and verifying them.
    """

    EMBED = "embed"
    DENSE = "dense"
    LEXICAL = "lexical"
    READ = "read"
    CITE = "cite"


class Watcher(Protocol):
    """Hears of stages while they last, and of verification."""

    def stage(self, stage: Stage) -> AbstractContextManager[object]:
        """Give what is entered when a stage begins and left when it ends."""
        ...

    def step(self) -> None:
        """Hear that a part of a stage is done; what is raised here ends the trip."""
        ...

    def verified(self, status: str, number: int) -> None:
        """Note that so many citations had this outcome."""
        ...


_WATCHER: ContextVar[Watcher | None] = ContextVar("dateline_watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Let a watcher hear of the trips of this context."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


@contextmanager
def stage(stage: Stage) -> Iterator[None]:
    """Tell the watcher, if there is one, of a stage."""
    watcher = _WATCHER.get()
    if watcher is None:
        yield
        return
    with watcher.stage(stage):
        yield


def tell_step() -> None:
    """Tell the watcher, if there is one, that a part of a stage is done; it may end the trip by raising."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher.step()


def tell_verified(outcomes: Mapping[Key, int]) -> None:
    """Tell the watcher, if there is one, how citations fared."""
    watcher = _WATCHER.get()
    if watcher is not None:
        for status, number in outcomes.items():
            watcher.verified(status, number)
