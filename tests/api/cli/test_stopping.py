import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from api.cli.terminal import stoppable
from search.archive import LocalArchive
from tests.looking import ids_in, number_of

CORPUS = Path(__file__).parents[3] / "corpus"


@pytest.fixture(autouse=True)
def _as_at_a_terminal() -> Iterator[None]:
    """The signals do what they do at a terminal, also where tests run in the background, which ignores some."""
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_signal_asks_to_stop(
    number: signal.Signals, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(number)
    with stoppable("the round") as stop:
        assert not stop()
        os.kill(os.getpid(), number)
        assert stop()
        assert stop.exit_code == code
    assert signal.getsignal(number) is before
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "the round is finished first" in " ".join(captured.err.split())


def test_the_second_signal_ends_at_once() -> None:
    with stoppable("the round"):
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stoppable("the round") as stop:
            os.kill(os.getpid(), signal.SIGINT)
            assert not stop()
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.model
def test_indexing_that_is_terminated_says_what_is_stored_and_goes_on(tmp_path: Path, model_cache: Path) -> None:
    inputs = tmp_path / "news"
    inputs.mkdir()
    for number in range(3_000):
        text = f"Report {number}\n\nThe mayor of town {number} said on Monday that the harbour is open again."
        (inputs / f"{number:04}.txt").write_text(text, encoding="utf-8")
    index = [sys.executable, "-c", "from api.cli import main; main()", "index", str(inputs), "--index"]
    environment = os.environ | {"DATELINE_CACHE": str(model_cache)}
    folder = tmp_path / "archive"
    with subprocess.Popen([*index, str(folder)], env=environment, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not _snapshot(folder):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        told = " ".join(process.stderr.read().split())
    assert process.returncode == 143
    with LocalArchive.open(folder) as archive:
        stored = len(ids_in(archive))
        assert 0 < stored < 3_000
        assert f"{stored} articles of this run are stored, snapshot {number_of(archive)}" in told
    assert "same command again" in told


def _snapshot(folder: Path) -> int:
    if not (folder / "views.json").exists():
        return 0
    with LocalArchive.open(folder) as archive:
        return number_of(archive)
