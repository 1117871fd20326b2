"""A command line that cannot be read: JSON where it asks for JSON, the usage where it does not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]


def dateline(*words: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dateline", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        cwd=REPOSITORY,
        input=typed,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ask", "--json"), "question"),
        (("--json", "ferry"), "--json"),
        (("search", "trams?", "--json", "--to", "31.12.2024"), "'31.12.2024' is no day. Write one as YYYY-MM-DD"),
        (("timeline", "trams", "--by", "decade", "--json"), "'decade' is not one of"),
        (("search", "trams", "-k", "many", "--json"), "a whole number is needed"),
        (("search", "trams", "-k", "0", "--json"), "a number from 1 up is needed"),
        (("eval", "--json"), "--json"),
        (("status", "--json", "--loud"), "No such option: --loud"),
        (("stauts", "--json"), "No such command 'stauts'"),
    ],
)
def test_wrong_usage_is_one_json_object_where_json_was_asked_for(words: tuple[str, ...], said: str) -> None:
    ended = dateline(*words)
    assert (ended.returncode, ended.stdout) == (2, "")
    told = json.loads(ended.stderr)
    assert told.keys() == {"error", "remedy"}
    assert said in told["error"]
    assert "--help" in told["remedy"]


def test_without_json_the_usage_is_shown() -> None:
    for words in (("status", "--loud"), ("show", "--", "--json", "two")):
        ended = dateline(*words)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.startswith("Usage: dateline ")
