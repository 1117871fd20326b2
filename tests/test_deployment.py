"""What a server is installed from holds together."""

import re
import subprocess
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from search.models.close_reading.prepared import WEIGHTS, digest

REPOSITORY = Path(__file__).parent.parent


def test_trimming_a_server_leaves_notes_that_identify_the_weights(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    reader = packages / "search" / "models" / "close_reading" / "careful"
    (packages / "babel" / "locale-data").mkdir(parents=True)
    reader.mkdir(parents=True)
    (packages / "pygments" / "lexers").mkdir(parents=True)
    for kept in ("en_GB.dat", "root.dat"):
        (packages / "babel" / "locale-data" / kept).touch()
    (packages / "babel" / "locale-data" / "tlh.dat").touch()
    (reader / WEIGHTS).write_bytes(b"what a model has learnt")
    (reader / "tokenizer.json").write_bytes(b"{}")
    before = digest(reader, WEIGHTS)
    for _ in range(2):  # once more does nothing
        subprocess.run(["sh", REPOSITORY / "scripts" / "trim_server.sh", tmp_path], check=True, timeout=60)  # noqa: S607
        assert sorted(file.name for file in reader.iterdir()) == ["tokenizer.json", f"{WEIGHTS}.sha256"]
        assert digest(reader, WEIGHTS) == before == sha256(b"what a model has learnt").digest()
    assert {file.name for file in (packages / "babel" / "locale-data").iterdir()} == {"en_GB.dat", "root.dat"}
    (reader / WEIGHTS).write_bytes(b"what another has learnt")
    assert digest(reader, WEIGHTS) == sha256(b"what another has learnt").digest(), "a file goes before a note"


@pytest.mark.parametrize("note", ["", "ab", "no digits", f"{'ab' * 33}"])
def test_a_note_that_is_no_digest_is_refused(tmp_path: Path, note: str) -> None:
    (tmp_path / f"{WEIGHTS}.sha256").write_text(note, encoding="ascii")
    with pytest.raises(ValueError, match=r"hex|SHA-256"):
        digest(tmp_path, WEIGHTS)


def test_what_an_image_is_built_from_is_sent_to_be_built() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    sent = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= sent
    assert {"pyproject.toml", "requirements", project["project"]["readme"]} <= sent
    assert set(project["project"]["license-files"]) <= sent
    steps = (REPOSITORY / "deploy" / "Containerfile").read_text(encoding="utf-8")
    scripts = set(re.findall(r"sh (scripts/\S+)", steps))
    assert scripts <= sent
    assert len(scripts) == 2
