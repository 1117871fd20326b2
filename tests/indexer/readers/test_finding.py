import os
from pathlib import Path

import pytest

from indexer.readers import InputFile, Skipped, find_files


def paths(found: object) -> list[str]:
    assert isinstance(found, list)
    return [file.path.name for file in found if isinstance(file, InputFile)]


def test_folders_are_walked_in_sorted_order_without_hidden_files_and_sidecars(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", ".hidden.txt", ".git/config", "d.csv", "d.csv.fields.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert paths(list(find_files([tmp_path]))) == ["c.txt", "z.txt", "b.txt", "d.csv"]


def test_a_file_carries_its_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"12345")
    (file,) = find_files([path])
    assert file == InputFile(path, 5, path.stat().st_mtime_ns)


def test_a_link_back_to_a_containing_folder_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    found = list(find_files([tmp_path]))
    assert paths(found) == ["a.txt"]
    (skipped,) = [entry for entry in found if isinstance(entry, Skipped)]
    assert skipped.origin.endswith("loop")
    assert "link back" in skipped.reason


def test_what_does_not_exist_is_reported(tmp_path: Path) -> None:
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    missing, broken = find_files([tmp_path / "missing", tmp_path / "broken"])
    assert isinstance(missing, Skipped)
    assert missing.reason == "does not exist."
    assert isinstance(broken, Skipped)
    assert "link" in broken.reason


def test_a_folder_that_may_not_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    (skipped,) = find_files([tmp_path])
    assert isinstance(skipped, Skipped)
    assert "permission denied" in skipped.reason


def test_what_is_no_file_is_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (skipped,) = find_files([tmp_path])
    assert skipped == Skipped(str(tmp_path / "pipe"), "is neither a file nor a folder.")


def test_a_link_out_of_the_folder_given_is_reported_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.txt").write_text("x", encoding="utf-8")
    (tmp_path / "given" / "folder").symlink_to(tmp_path / "secret")
    (tmp_path / "given" / "file.txt").symlink_to("../secret/key.txt")
    found = list(find_files([tmp_path / "given"]))
    assert len(found) == 2
    assert all(isinstance(entry, Skipped) and "leads out of the folder" in entry.reason for entry in found)


def test_links_that_were_given_or_stay_within_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "real" / "sub" / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "real" / "b.txt").symlink_to("sub/a.txt")
    (tmp_path / "given").symlink_to("real")
    assert paths(list(find_files([tmp_path / "given"]))) == ["b.txt", "a.txt"]
    assert paths(list(find_files([tmp_path / "real" / "b.txt"]))) == ["b.txt"]


def test_folders_may_nest_more_deeply_than_calls(tmp_path: Path) -> None:
    here, depth = os.open(".", os.O_RDONLY), 1200
    os.chdir(tmp_path)
    try:
        for _ in range(depth):
            Path("a").mkdir()  # step by step, and away again: what cleans up behind tests does it by recursion
            os.chdir("a")
        Path("deep.txt").write_text("x", encoding="utf-8")
        assert paths(list(find_files([tmp_path]))) == ["deep.txt"]
        Path("deep.txt").unlink()
        for _ in range(depth):
            os.chdir("..")
            Path("a").rmdir()
    finally:
        os.fchdir(here)
        os.close(here)


def test_a_name_that_is_no_unicode_is_reported(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system takes Unicode names only")
    (skipped,) = find_files([tmp_path])
    assert isinstance(skipped, Skipped)
    assert "not valid Unicode" in skipped.reason
    skipped.origin.encode()


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_not_read(device: str) -> None:
    (skipped,) = find_files([Path(device)])
    assert isinstance(skipped, Skipped)
