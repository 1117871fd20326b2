import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_documents import zip_of

from indexer.readers import Skipped
from search.article import Article, Withdrawal

Reading = Callable[..., list[Article | Skipped | Withdrawal]]
Refusal = Callable[..., str]

PAGE = "<!doctype html><html><head><title>Ferry</title></head><body><article><h1>Ferry back</h1><p>The ferry sails again on Monday, the harbour master said in Torn.</p></article></body></html>"  # noqa: E501
LINES = '{"id": "a", "text": "The ferry sails."}\n{"id": "b", "text": "Bread is dear."}\n'


def tar_of(members: dict[str, bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as bundle:  # type: ignore[call-overload]
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            bundle.addfile(entry, io.BytesIO(content))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        bundle.addfile(link)
        device = tarfile.TarInfo("device")
        device.type = tarfile.CHRTYPE
        bundle.addfile(device)
    return out.getvalue()


def test_the_members_of_a_zip_are_read_with_their_places(read: Reading) -> None:
    found = read(
        "a.zip",
        zip_of(
            {
                "page.html": PAGE,
                "more/a.jsonl": LINES,
                "__MACOSX/x": "y",
                ".hidden": "z",
                "style.css": "a { b: c }",
            }
        ),
    )
    assert [one.headline for one in found if isinstance(one, Article)] == ["Ferry back", "", ""]
    assert found[1].origin.endswith("a.zip#more/a.jsonl#1")
    (skipped,) = (one for one in found if isinstance(one, Skipped))
    assert "style sheet" in skipped.reason


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz", "w:bz2"])
def test_the_members_of_a_tar_are_read_and_links_are_not_followed(read: Reading, mode: str) -> None:
    name = {"w": "a.tar", "w:gz": "a.tar.gz", "w:xz": "a.tar.xz", "w:bz2": "a.tar.bz2"}[mode]
    found = read(name, tar_of({"a.jsonl": LINES.encode()}, mode))
    assert [one.id for one in found if isinstance(one, Article)] == ["a", "b"]
    assert [one.reason for one in found if isinstance(one, Skipped)] == ["is a link.", "is no file."]


def test_no_name_in_an_archive_opens_anything(read: Reading, tmp_path: Path) -> None:
    secret = tmp_path / "secret.jsonl.fields.toml"
    secret.write_text('body = "nowhere"', encoding="utf-8")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    names = [
        "../secret.jsonl",
        "/etc/passwd",
        str(tmp_path / "secret.jsonl"),
        "..\\secret.jsonl",
        "a/../../secret.jsonl",
        "C:\\x.jsonl",
    ]
    found = read("a.zip", zip_of(dict.fromkeys(names, LINES)))
    assert len([one for one in found if isinstance(one, Article)]) == 2 * len(names)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != "a.zip"}
    assert after == before
    assert not os.path.lexists(tmp_path.parent / "secret.jsonl")


def test_what_unpacks_beyond_bounds_is_refused(read: Reading) -> None:
    (skipped, *_) = read("a.zip", zip_of({"a.txt": b"a" * 3_000_000, "b.jsonl": LINES}), max_file_bytes=1_000_000)
    assert isinstance(skipped, Skipped)
    assert "max_file_bytes" in skipped.reason


def test_archives_in_archives_have_an_end(read: Reading) -> None:
    inner = zip_of({"a.jsonl": LINES})
    for _ in range(6):
        inner = zip_of({"a.zip": inner})
    (skipped,) = read("a.zip", inner)
    assert isinstance(skipped, Skipped)
    assert "one in another" in skipped.reason


def test_an_encrypted_or_damaged_member_does_not_hide_the_others(read: Reading) -> None:
    content = bytearray(zip_of({"a.txt": "The ferry sails. " * 50, "b.jsonl": LINES}))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as bundle:
        start = bundle.infolist()[0].header_offset + 40
    content[start : start + 4] = b"\xff\xff\xff\xff"
    found = read("a.zip", bytes(content))
    assert isinstance(found[0], Skipped)
    assert [one.id for one in found[1:] if isinstance(one, Article)] == ["a", "b"]


def test_a_substack_export_is_put_together(read: Reading) -> None:
    table = "post_id,post_date,is_published,title,subtitle\n17.ferry,2024-03-04T10:00:00.000Z,TRUE,Ferry back,It sails\n18.draft,,FALSE,Not yet,\n"  # noqa: E501
    found = read(
        "export.zip",
        zip_of(
            {
                "posts.csv": table,
                "posts/17.ferry.html": "<p>The ferry sails again.</p>",
                "posts/18.draft.html": "<p>Secret.</p>",
            }
        ),
    )
    article, draft = found
    assert isinstance(article, Article)
    assert (article.headline, article.standfirst, article.body) == (
        "Ferry back",
        "It sails",
        "The ferry sails again.",
    )
    assert article.published
    assert article.published.isoformat() == "2024-03-04T10:00:00+00:00"
    assert isinstance(draft, Skipped)
    assert "not published" in draft.reason


def test_an_empty_or_damaged_archive_says_so(refusal: Refusal) -> None:
    assert "without files" in refusal("a.zip", zip_of({}))
    assert "damaged" in refusal("b.zip", zip_of({"a.txt": "x" * 1000})[:100])
