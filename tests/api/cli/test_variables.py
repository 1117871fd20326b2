"""What commands say of environment variables; run as a user runs them, without a model."""

import subprocess

import pytest

from tests.commands import run_command, start_command


def dateline(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run_command(*words, "--index", "/nonexistent/archive", **environment)


@pytest.mark.parametrize(
    ("variable", "warning"),
    [
        ("DATELINE_MODLE", "DATELINE_MODLE sets nothing. Did you mean DATELINE_MODEL?"),
        ("DATELINE_PORT", "DATELINE_PORT sets nothing. Did you mean DATELINE_HTTP_PORT?"),
        ("DATELINE_MAX_FILE_BYTE", "DATELINE_MAX_FILE_BYTE sets nothing. Did you mean DATELINE_MAX_FILE_BYTES?"),
        ("DATELINE_\x1b[2JQ", "DATELINE_ [2JQ sets nothing."),
    ],
)
def test_a_misspelt_variable_is_warned_about_and_the_command_goes_on(variable: str, warning: str) -> None:
    ended = dateline("show", "x", **{variable: "abc"})
    assert f"Warning: {warning}" in ended.stderr
    assert "There is no archive" in ended.stderr
    assert "\x1b" not in ended.stderr
    assert ended.stdout == ""


def test_variables_that_set_something_are_not_warned_about() -> None:
    ended = dateline("show", "x", DATELINE_NEWS="/news", DATELINE_EVAL="/eval", DATELINE_HTTP_PORT="80")
    assert "Warning" not in ended.stderr


def test_a_misspelt_variable_of_the_server_is_warned_about_by_the_server() -> None:
    ended = start_command("serve", "--host", "192.0.2.1", DATELINE_HTTP_PROT="80", DATELINE_HTTP_KEYS="off")
    assert "Warning: DATELINE_HTTP_PROT sets nothing. Did you mean DATELINE_HTTP_PORT?" in ended.stderr
    assert ended.returncode == 2
    assert "Dateline cannot listen on 192.0.2.1, port 8000: " in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_variable_that_cannot_be_used_is_named() -> None:
    ended = dateline("serve", DATELINE_HTTP_PORT="abc")
    assert ended.returncode == 2
    assert "DATELINE_HTTP_PORT='abc': Input should be a valid integer" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_limit_of_reading_is_known_to_every_command() -> None:
    assert "sets nothing" not in dateline("show", "x", DATELINE_MAX_FILE_BYTES="2048").stderr
