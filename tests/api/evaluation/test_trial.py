from collections.abc import Callable
from pathlib import Path

import pytest

from api.evaluation.trial import archive_folder
from search.archive import LocalArchive
from tests.fakes import HashEmbedder


def test_a_temporary_folder_does_not_stay(tmp_path: Path, archive_in: Callable[[Path], None]) -> None:
    with archive_folder(None) as folder:
        archive_in(folder)
    assert not folder.exists()
    with archive_folder(tmp_path / "kept") as folder:
        archive_in(folder)
    assert (tmp_path / "kept").exists()


@pytest.fixture
def archive_in(hash_embedder: HashEmbedder) -> Callable[[Path], None]:
    return lambda folder: LocalArchive.create(folder, hash_embedder.card).close()
