"""Requests are counted together, whichever worker answers them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.http.limits import TooBusyError
from api.http.places import Places


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    return Places.made(tmp_path / "places")


def test_no_more_requests_are_answered_at_once_than_there_are_places() -> None:
    places = Places(2, 1)
    places.take(writes=True)
    with pytest.raises(TooBusyError, match=r"^1 requests that change the archive") as caught:
        places.take(writes=True)
    assert "DATELINE_HTTP_MAX_WRITES" in caught.value.remedy
    places.take(writes=False)
    with pytest.raises(TooBusyError, match=r"^2 requests are being answered"):
        places.take(writes=False)
    places.give_back(writes=False)
    places.take(writes=False)


def test_who_only_reads_is_not_turned_away_for_those_who_write() -> None:
    places = Places(9, 1)
    places.take(writes=True)
    places.take(writes=False)


def test_the_places_of_all_workers_are_counted_together(shared: Path) -> None:
    first, second = Places(2, 2, shared), Places(2, 2, shared)
    first.take(writes=False)
    second.take(writes=False)
    for places in (first, second):
        with pytest.raises(TooBusyError):
            places.take(writes=False)
    first.give_back(writes=False)
    second.take(writes=False)


def test_the_places_of_a_worker_that_died_are_free(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as died:
        died.wait()
    with monkeypatch.context() as in_its_place:
        in_its_place.setattr(os, "getpid", lambda: died.pid)
        Places(2, 1, shared).take(writes=True)
    places = Places(2, 1, shared)
    places.take(writes=True)
    places.take(writes=False)
    with pytest.raises(TooBusyError):
        places.take(writes=False)


def test_separate_servers_count_apart() -> None:
    one, other = Places(1, 1), Places(1, 1)
    one.take(writes=False)
    other.take(writes=False)
