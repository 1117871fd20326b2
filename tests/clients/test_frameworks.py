"""The clients for frameworks, each tested in an environment of its own against a real server."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dateline_client import Client, NotReadyError

from tests.commands import REPOSITORY

PATIENCE = 300
FRAMEWORKS = ("langchain", "llamaindex")


@pytest.fixture(params=FRAMEWORKS)
def framework(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if not _python(name).exists():
        pytest.skip(f"make test-long makes the environment of clients/{name}")
    return name


def _python(name: str) -> Path:
    return REPOSITORY / ".venv/clients" / name / "bin/python"


@pytest.mark.long
@pytest.mark.model
def test_a_client_for_a_framework_passes_its_tests(framework: str, corpus_address: str) -> None:
    _wait_for(corpus_address)
    home = REPOSITORY / "clients" / framework
    done = subprocess.run(
        [_python(framework), "-m", "pytest", "-q", home / "tests"],
        env=os.environ | {"DATELINE_ADDRESS": corpus_address, "PYTHONPATH": ""},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_a_client_for_a_framework_is_typed(framework: str) -> None:
    home = REPOSITORY / "clients" / framework
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--namespace-packages", "--explicit-package-bases"),
            *("--python-executable", str(_python(framework)), "--cache-dir", os.devnull, "src"),
        ],
        cwd=home,
        env=os.environ | {"MYPYPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _wait_for(address: str) -> None:
    """Wait until a server has loaded its models."""
    with Client(address) as client:
        for _ in range(PATIENCE):
            try:
                client.search("missiles", 1)
            except NotReadyError:
                time.sleep(0.2)
            else:
                return
    pytest.fail("the server did not load its models")
