import threading
import time
from pathlib import Path

import pytest

from search.errors import ModelError
from search.models.preparation import choose_precision, made_whole, preparing_alone
from search.settings import Settings


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "one"

    def fill(content: bytes) -> None:
        with made_whole(folder) as making:
            (making / "graph").write_bytes(content)
            (making / content.decode("ascii")).touch()

    with pytest.raises(UnicodeDecodeError):
        fill("half\xfc".encode())
    assert list(folder.parent.iterdir()) == []
    fill(b"first")
    fill(b"second")
    assert sorted(path.name for path in folder.iterdir()) == ["graph", "second"]
    assert list(folder.parent.iterdir()) == [folder]


def test_one_prepares_at_a_time(tmp_path: Path) -> None:
    at_once, most = 0, 0
    told: list[str] = []

    def prepare() -> None:
        nonlocal at_once, most
        with preparing_alone(tmp_path / "models" / "one", told.append):
            at_once += 1
            most = max(most, at_once)
            time.sleep(0.05)
            at_once -= 1

    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert told == ["waiting for another process to prepare the model"] * 3


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(ModelError, match="No model can be prepared") as caught,
        preparing_alone(tmp_path / "file" / "models" / "one", print),
    ):
        pass
    assert "DATELINE_CACHE" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("given", "failure", "agreeing", "precision", "objection"),
    [
        ({"backend": "torch"}, "", ["f32"], "f32", "torch was asked for"),
        ({}, "no such layer", [], "f32", "it could not be exported (no such layer)"),
        ({"precision": "f32"}, "", ["bf16", "f32"], "f32", ""),
        ({"precision": "f32"}, "", ["bf16"], "f32", "the export does not agree"),
        ({}, "", [], "f32", "the export does not agree"),
    ],
)
def test_the_precision_is_one_that_agrees_or_the_objection_says_why(
    given: dict[str, str], failure: str, agreeing: list[str], precision: str, objection: str
) -> None:
    settings = Settings.load(**given)
    found = choose_precision(settings, failure, {"bf16": 0.5, "f32": 0.6}, agreeing)
    assert found[0] == precision
    assert found[1].startswith(objection)
    assert bool(found[1]) == bool(objection)
