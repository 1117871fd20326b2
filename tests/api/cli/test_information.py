import json
from pathlib import Path

from api.cli.information import settings_in_effect
from api.http.settings import HttpSettings
from tests.commands import run_command


def test_every_setting_is_told_with_where_it_comes_from(tmp_path: Path) -> None:
    told = json.loads(run_command("info", "--index", tmp_path, "--json", DATELINE_MAX_K="7").stdout)
    settings = {one["variable"]: (one["value"], one["origin"]) for one in told["settings"]}
    assert settings["DATELINE_INDEX"] == (str(tmp_path), "command line")
    assert settings["DATELINE_MAX_K"] == (7, "environment")
    assert settings["DATELINE_HTTP_PORT"] == (8000, "default")
    assert told["archive"] == str(tmp_path)


def test_a_secret_is_told_to_be_set_and_never_shown() -> None:
    token = "a token of many characters"  # noqa: S105 - of nothing
    for words in (("info",), ("info", "--json")):
        printed = run_command(*words, DATELINE_WRITE_TOKEN=token)
        assert token not in printed.stdout + printed.stderr
        assert "secrets are not shown" in printed.stdout
    unset = settings_in_effect(HttpSettings.load(), {}, set())
    assert next(one for one in unset if one.variable == "DATELINE_WRITE_TOKEN").value is None


def test_a_setting_that_cannot_be_is_an_error_of_usage() -> None:
    ended = run_command("info", "--json", DATELINE_MAX_K="none")
    assert ended.returncode == 2
    assert "DATELINE_MAX_K" in json.loads(ended.stderr)["error"]
