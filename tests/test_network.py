"""Nothing uses the network that was not asked to: every command runs where reaching out is an error."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

PATIENCE = 120
REPOSITORY = Path(__file__).resolve().parent.parent

# Loaded by every Python that is started, the process that reads files among them. What it hears of is all that the
# socket module does: a library that connects past it would have to be written in C.
GUARD = """
import os
import sys

LOOPBACK = {"127.0.0.1", "::1", "localhost", "", None}
NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
ADDRESSED = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def guard(event, arguments):
    if event in NAMES:
        host = arguments[0]
    elif event in ADDRESSED and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if (host.decode() if isinstance(host, bytes) else host) not in LOOPBACK:
        with open(os.environ["GUARD_REPORT"], "a", encoding="utf-8") as report:
            report.write(f"{event} {arguments[:2]} by {sys.argv}\\n")
        raise OSError(f"the test forbids {event} {arguments[:2]}")


sys.addaudithook(guard)
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the guard writes what it forbade."""
    return tmp_path_factory.mktemp("guard") / "report.txt"


@pytest.fixture(scope="module")
def environment(report: Path, model_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The guard, and none of the variables by which hubs are told to be quiet."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSFORMERS_"))}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join([str(folder), str(REPOSITORY), kept.get("PYTHONPATH", "")]),
        "GUARD_REPORT": str(report),
        "DATELINE_CACHE": str(model_cache),
        "DATELINE_INDEX": str(folder / "archive"),
        "DATELINE_THREADS": "2",
        "HF_HOME": str(folder / "hub"),
    }


@pytest.fixture(scope="module")
def run(environment: dict[str, str]) -> Run:
    """Run a command of Dateline under the guard."""

    def run_guarded(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", "from api.cli import main; main()", *arguments],
            env={**environment, **more},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return run_guarded


@pytest.fixture(scope="module")
def indexed(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index a page and texts that name addresses to fetch from."""
    folder = tmp_path_factory.mktemp("news")
    (folder / "story.txt").write_text(
        "Ships sail again\n\nShips sailed from the harbour again on 3 June 2024, said the mayor of Lisbon.",
        encoding="utf-8",
    )
    (folder / "page.html").write_text(
        '<!doctype html><html><head><base href="http://192.0.2.1/2024/06/bridge-opens"><title>Bridge opens</title>'
        '<link rel="stylesheet" href="http://192.0.2.1/a.css"><script src="http://192.0.2.1/a.js"></script></head>'
        "<body><p>The bridge over the Tagus was opened to traffic on Tuesday, the ministry said."
        '<img src="http://192.0.2.1/a.png"><iframe src="http://192.0.2.1/"></iframe></p></body></html>',
        encoding="utf-8",
    )
    (folder / "story.xml").write_text(
        '<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "http://192.0.2.1/nitf.dtd">'
        '<?xml-stylesheet href="http://192.0.2.1/a.xsl"?><nitf xmlns:xi="http://www.w3.org/2001/XInclude"><body>'
        '<body.content><p>The ferry left.</p><xi:include href="http://192.0.2.1/a.xml"/></body.content></body></nitf>',
        encoding="utf-8",
    )
    done = run("index", str(folder))
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture(autouse=True)
def nothing_was_reached(report: Path) -> Iterator[None]:
    yield
    assert not report.exists(), report.read_text(encoding="utf-8")


@pytest.mark.model
@pytest.mark.parametrize(
    "command",
    [
        ("ask", "When did ships sail from the harbour?"),
        ("search", "the bridge over the Tagus"),
        ("timeline", "ships in the harbour"),
        ("status",),
        ("rebuild",),
    ],
    ids=lambda command: command[0],
)
def test_a_command_reaches_nothing(run: Run, indexed: Path, command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
@pytest.mark.model
def test_preparing_models_reaches_nothing(run: Run, tmp_path: Path) -> None:
    done = run("model", "export", str(tmp_path / "models"), DATELINE_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr


@pytest.mark.model
def test_a_server_reaches_nothing(environment: dict[str, str], indexed: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0"],
        env=environment,
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        watchdog = threading.Timer(PATIENCE, server.kill)
        watchdog.start()
        try:
            assert server.stderr
            address = next(
                found[0] for line in server.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line))
            )
            with httpx2.Client(base_url=address, timeout=PATIENCE, trust_env=False) as client:
                while client.get("/readyz").status_code == 503:
                    watchdog.finished.wait(0.1)
                answer = client.get("/v1/search", params={"q": "ships in the harbour"})
            assert "harbour" in answer.text
        finally:
            watchdog.cancel()
            server.terminate()


@pytest.mark.model
def test_the_guard_hears_of_what_is_forbidden(run: Run, report: Path, tmp_path: Path) -> None:
    """A model that is on a hub only is asked of the hub; where that cannot be reached, the command says so."""
    elsewhere = tmp_path / "report.txt"
    done = run("index", str(tmp_path), DATELINE_MODEL="example/no-such-model", GUARD_REPORT=str(elsewhere))
    assert done.returncode != 0
    assert "the hub did not give it" in " ".join(done.stderr.split())
    assert "huggingface.co" in elsewhere.read_text(encoding="utf-8")
