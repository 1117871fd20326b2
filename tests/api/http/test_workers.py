"""Several processes answer on one address, and one that dies is replaced."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from api.http import HttpSettings
from api.http.rates import Rates, TooManyError
from api.http.server import settings_of_a_worker
from search.settings import processor_count

PATIENCE = 180
SERVE = """
import sys
from api.http import HttpSettings
from api.http.server import serve
if __name__ == "__main__":
    serve(HttpSettings.load(index=sys.argv[1], model=sys.argv[1], http_port=0, http_workers=2))
"""


class Served:
    """A server of two workers, and what it has logged so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.log: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stderr
        self.log.extend(iter(self.process.stderr.readline, ""))

    def found(self, pattern: str, times: int = 1) -> list[str]:
        """Wait until a pattern has been logged so many times."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if len(found := re.findall(pattern, "".join(self.log))) >= times:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{pattern} was not logged {times} times: {''.join(self.log)}")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    arguments = [sys.executable, "-c", SERVE, str(tmp_path / "archive")]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, env=environment) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            yield Served(process)
        finally:
            watchdog.cancel()
            process.kill()


@pytest.mark.long
def test_a_worker_that_dies_is_replaced_and_the_others_go_on(served: Served) -> None:
    address = served.found(r"http://127\.0\.0\.1:\d+")[0]
    first, _ = served.found(r"Started server process \[(\d+)\]", 2)
    served.found("Application startup complete", 2)
    assert httpx2.get(f"{address}/livez", trust_env=False).status_code == 200
    os.kill(int(first), signal.SIGKILL)
    assert httpx2.get(f"{address}/livez", trust_env=False).status_code == 200
    served.found(rf"Child process \[{first}\] died")
    served.found("Application startup complete", 3)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE) == 0
    served.found("Finished server process", 2)
    assert "Traceback" not in "".join(served.log)
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{address}/livez", trust_env=False)


def test_workers_share_the_cores_out_and_count_who_asks_in_one_place(tmp_path: Path) -> None:
    each = settings_of_a_worker(HttpSettings.load(http_workers=2, http_rate_by_key="1/hour"), tmp_path)
    assert each.threads == max(1, processor_count() // 2)
    Rates(each).count_key("desk")
    with pytest.raises(TooManyError):
        Rates(each).count_key("desk")


def test_what_the_settings_say_goes_before_what_workers_share(tmp_path: Path) -> None:
    settings = HttpSettings.load(http_workers=2, threads=3, http_rates_store="memory://")
    each = settings_of_a_worker(settings, tmp_path)
    assert (each.threads, each.http_rates_store) == (3, "memory://")
