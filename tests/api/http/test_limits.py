"""Of more questions than can be answered in time, some are answered, and the rest are told when to come again."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from api.http import HttpSettings, create_app
from api.http.limits import TooBusyError, TooSlowError, Turns
from search.asking.engine import Engine
from search.stages import tell_step
from tests.api.http.assertions import assert_problem
from tests.fakes import HashEmbedder

PATIENCE = 30


class Askers:
    """Threads that take turns, each until it is told to end."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.begun: list[int] = []
        self._ends: dict[int, threading.Event] = {}
        self._threads: list[threading.Thread] = []

    def come(self, number: int) -> None:
        """Come, and begin or wait."""
        self._ends[number] = threading.Event()
        thread = threading.Thread(target=self._ask, args=(number,))
        self._threads.append(thread)
        before = len(self.turns._waiting) + len(self.begun)  # noqa: SLF001 - nobody else is told who waits
        thread.start()
        wait_until(lambda: len(self.turns._waiting) + len(self.begun) > before)  # noqa: SLF001

    def _ask(self, number: int) -> None:
        with self.turns.turn(None):
            self.begun.append(number)
            assert self._ends[number].wait(PATIENCE)

    def end(self, *numbers: int) -> None:
        for number in numbers:
            self._ends[number].set()

    def go(self) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_no_more_are_answered_at_once_and_the_others_come_in_their_order() -> None:
    askers = Askers(Turns(2))
    for number in range(5):
        askers.come(number)
    assert sorted(askers.begun) == [0, 1]
    askers.end(1)
    wait_until(lambda: len(askers.begun) == 3)
    askers.end(0)
    wait_until(lambda: len(askers.begun) == 4)
    assert askers.begun[2:] == [2, 3]
    askers.end(2, 3, 4)
    askers.go()


def test_who_could_not_begin_in_time_is_turned_away_at_once_and_told_when() -> None:
    now = [0.0]
    turns = Turns(1, clock=lambda: now[0])
    with turns.turn(1):
        now[0] += 8.0
    askers = Askers(turns)
    askers.come(0)
    askers.come(1)
    with pytest.raises(TooBusyError) as refused, turns.turn(15):
        pass
    assert refused.value.retry_after == 16
    askers.end(0, 1)
    askers.go()


def test_who_waits_too_long_or_for_nothing_leaves_and_keeps_nobody() -> None:
    askers = Askers(Turns(1))
    askers.come(0)
    with pytest.raises(TooBusyError), askers.turns.turn(0):
        pass

    def given_up() -> None:
        raise TooSlowError("nobody waits")

    with pytest.raises(TooSlowError), askers.turns.turn(None, given_up):
        pass
    askers.come(1)
    askers.end(0, 1)
    askers.go()
    assert askers.begun == [0, 1]


def test_a_turn_that_fails_is_over() -> None:
    turns = Turns(1)
    with pytest.raises(ZeroDivisionError), turns.turn(0):
        raise ZeroDivisionError
    with turns.turn(0):
        pass


def test_under_load_each_question_is_answered_in_time_or_turned_away(
    settings: HttpSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, at_once, most = Engine.ask, Counter[str](), [0]

    def slowly(self: Engine, *given: object, **named: object) -> object:
        at_once["now"] += 1
        most[0] = max(most[0], at_once["now"])
        time.sleep(0.3)  # stands for a model that takes as long
        at_once["now"] -= 1
        return ask(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "ask", slowly)
    limited = settings.model_copy(update={"threads": 1, "http_max_seconds": 10.0})
    with TestClient(create_app(limited, HashEmbedder())) as client, ThreadPoolExecutor(24) as pool:
        client.get("/v1/ask", params={"q": "missiles"})
        answers = list(pool.map(lambda _: client.get("/v1/ask", params={"q": "missiles"}), range(48)))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 503}
    assert most == [1]
    for answer in answers:
        if answer.status_code == 503:
            assert_problem(answer, 503, "too-busy")
            assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_a_question_that_nobody_waits_for_ends_at_its_next_step(
    settings: HttpSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go_on, steps = threading.Event(), threading.Event(), []

    def read(self: Engine, *_: object, **__: object) -> object:
        began.set()
        assert go_on.wait(PATIENCE)
        for step in range(3):
            tell_step()
            steps.append(step)
        raise AssertionError("it went on")

    monkeypatch.setattr(Engine, "ask", read)
    limited = settings.model_copy(update={"http_max_seconds": 3.0, "http_max_requests": 1})
    with TestClient(create_app(limited, HashEmbedder())) as client:
        assert_problem(client.get("/v1/ask", params={"q": "missiles"}), 504, "too-slow")
        assert began.wait(PATIENCE)
        go_on.set()
        wait_until(lambda: client.get("/v1/facets").status_code == 200)
    assert steps == []
