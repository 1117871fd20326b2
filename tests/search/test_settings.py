import os
from pathlib import Path

import pytest

from search.errors import SettingsError
from search.settings import BUNDLED_MODEL, Settings, processor_count, unknown_variables


def test_nothing_given_is_a_working_default() -> None:
    settings = Settings.load()
    assert settings.model == BUNDLED_MODEL
    assert settings.index == Path(".dateline")
    assert (settings.backend, settings.precision, settings.threads) == ("auto", "auto", 0)


def test_the_environment_sets_and_an_argument_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_THREADS", "3")
    monkeypatch.setenv("DATELINE_MAX_K", "7")
    settings = Settings.load(threads=5, max_k=None)
    assert (settings.threads, settings.max_k) == (5, 7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threads", -1),
        ("threads", "many"),
        ("backend", "tensorflow"),
        ("precision", "int8"),
        ("least_closeness", 1.5),
        ("least_closeness", "nan"),
        ("max_k", 0),
        ("max_question_chars", 0),
        ("model", ""),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.load(**{name: value})
    assert caught.value.remedy
    monkeypatch.setenv(f"DATELINE_{name.upper()}", str(value))
    with pytest.raises(SettingsError, match=f"DATELINE_{name.upper()}='{value}': "):
        Settings.load()


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"(?s)threads.*max_k"):
        Settings.load(threads=-1, max_k=-1)


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="modell"):
        Settings.load(modell="x")


def test_a_variable_that_sets_nothing_is_found_with_the_one_that_was_meant() -> None:
    environment = ["PATH", "DATELINE_MODLE", "dateline_treads", "DATELINE_MODEL", "dateline_index", "DATELINE_ZZZ"]
    assert unknown_variables(environment, Settings) == {
        "DATELINE_MODLE": "DATELINE_MODEL",
        "DATELINE_ZZZ": None,
        "dateline_treads": "DATELINE_THREADS",
    }


def test_no_setting_is_taken_for_a_misspelt_one() -> None:
    assert unknown_variables([f"DATELINE_{name.upper()}" for name in Settings.model_fields], Settings) == {}


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system tells no affinity")
def test_only_processors_that_may_be_used_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 5, 8})
    assert processor_count() == 3


def test_where_the_system_does_not_tell_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert processor_count() == 1
