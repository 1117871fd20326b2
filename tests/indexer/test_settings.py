import pytest

from indexer.readers import ReadOptions
from indexer.readers.contract import LIMITS
from indexer.settings import ReadSettings
from search.errors import SettingsError


def test_every_limit_of_reading_is_a_setting_with_its_default() -> None:
    settings = ReadSettings.load()
    assert all(getattr(settings, name) == getattr(ReadOptions(), name) for name in LIMITS)
    assert all(name in ReadSettings.model_fields for name in LIMITS)


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_set_by_its_variable_and_bounded_itself(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = getattr(ReadOptions(), name)
    monkeypatch.setenv(f"DATELINE_{name.upper()}", str(usual + 1))
    options = ReadSettings.load().read_options(encoding="cp1252")
    assert (getattr(options, name), options.encoding) == (usual + 1, "cp1252")
    for beyond in ("0", str(10**15)):
        monkeypatch.setenv(f"DATELINE_{name.upper()}", beyond)
        with pytest.raises(SettingsError, match=name.upper()):
            ReadSettings.load()


def test_every_limit_is_described() -> None:
    assert all(field.description for field in ReadSettings.model_fields.values())
