"""Care of an archive of Lance tables: `upkeep`, and what other commands of care do there."""

from collections.abc import Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_settings, print_json
from api.cli.rendering import plain
from api.cli.terminal import Exit, aside, failing_clearly, output, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.archive import StoredArchive
    from search.archive.care.backups import Saved
    from search.archive.care.erasure import Erasure
    from search.archive.lance.archive import LanceArchive
    from search.archive.lance.record import Record
    from search.settings import Settings


def upkeep(index_folder: IndexFolder = None, as_json: AsJson = False) -> None:
    """Keep up Lance tables: join small fragments, bring indexes up to date, delete versions that nothing names."""
    with failing_clearly(as_json=as_json):
        from search.archive.addresses import is_folder
        from search.errors import SettingsError

        settings = load_settings(index_folder)
        if is_folder(settings.index):
            raise SettingsError(
                f"{settings.index} is a folder; only Lance tables are kept up by hand.",
                "Nothing has to be done: a folder keeps itself up.",
            )
        with _opened(settings) as archive:
            deleted = archive.keep_up()
            card, size = archive.card, archive.bytes_on_disk
        if as_json:
            print_json({"versions_deleted": deleted, "bytes": size, "recall": card.recall})
        else:
            told = f"kept up: {deleted} old versions deleted, {size / 1e6:.1f} MB{_found(card.recall)}"
            output().print(told, highlight=False)


def examine_tables(settings: "Settings", *, as_json: bool) -> None:
    """Do what `dateline doctor` does; what is wrong is not mended."""
    with _opened(settings) as archive, progress_bar(aside(), "articles") as show:
        flaws = archive.check(partial(show, "looking"))
        with archive.stored() as snapshot:
            facts, recall = snapshot.facts, snapshot.card.recall
    if as_json:
        held = {"articles": facts.articles, "passages": facts.passages, "recall": recall}
        print_json({"sound": not flaws, **held, "findings": flaws})
    for flaw in flaws if not as_json else ():
        output().print(Text(plain(flaw), "bold red"))
    if flaws:
        remedy = f"Return to a tag (dateline rollback NAME --index {settings.index}), or index into another place."
        aside().print(Text(plain(remedy), "dim"))
        raise typer.Exit(Exit.UNSOUND)
    if not as_json:
        looked = f"{facts.articles} articles, {facts.passages} passages{_found(recall)}"
        output().print(Text("Sound. ", "bold green") + Text(looked, "dim"))


def tag_tables(settings: "Settings", name: str | None, delete: str | None, *, as_json: bool) -> None:
    """Do what `dateline tag` does."""
    with _opened(settings) as archive:
        if delete is not None:
            archive.untag(delete)
        found = {name: archive.tag(name)} if name is not None else archive.tags()
    if as_json:
        told = {known: _told(record) for known, record in found.items()}
        print_json(told[name] if name is not None else told)
        return
    for known, record in found.items():
        output().print(Text(plain(known), "bold") + Text(f"  {_held(record)}", "dim"))
    if not found and delete is None:
        output().print("There are no tags. dateline tag NAME makes one.", style="dim")


def roll_back_tables(settings: "Settings", name: str, *, as_json: bool) -> None:
    """Do what `dateline rollback` does."""
    with _opened(settings) as archive:
        number, kept = archive.roll_back(name)
    if as_json:
        print_json({"snapshot": number, "kept": kept})
        return
    output().print(Text(plain(f"rolled back to {name}")) + Text(f"  snapshot {number}", "dim"))
    output().print(Text(f"The state before is kept: tag {plain(kept)}", "dim"))


def back_up_tables(settings: "Settings", file: Path) -> "Saved":
    """Do what `dateline backup` does: by way of an archive in a folder, of which the file is a copy.

    Raises:
        ArchiveError: If the copy is not the same as the archive.
        InputError: If the file exists, or cannot be written.
    """
    from indexer.copying import model_of
    from search.archive import LocalArchive
    from search.archive.care.backups import back_up
    from search.errors import InputError

    if file.exists() or not file.parent.is_dir():
        raise InputError(f"{file} exists, or its folder does not.", "No backup is overwritten.")
    with TemporaryDirectory(prefix=".dateline-", dir=file.parent) as made:
        with _opened(settings) as archive, LocalArchive.create(Path(made), model_of(archive.card)) as local:
            _copy(archive, local)
        return back_up(Path(made), file)


def restore_tables(settings: "Settings", file: Path, *, as_json: bool) -> None:
    """Do what `dateline restore` does, where there is no archive yet.

    Raises:
        ArchiveError: If what is there then is not the same as the backup.
        InputError: If there is an archive.
    """
    from indexer.copying import model_of
    from search.archive import LocalArchive, create_archive
    from search.archive.addresses import is_there
    from search.archive.care.restoration import restore
    from search.errors import InputError

    if is_there(settings.index, settings.storage_timeout):
        raise InputError(
            f"There is an archive in {settings.index}, and Lance tables are not replaced by a backup.",
            "Restore to another address, or return to a tag: dateline rollback NAME",
        )
    with TemporaryDirectory(prefix="dateline-") as made:
        restore(file, Path(made))
        with LocalArchive.open(Path(made)) as local:
            card = model_of(local.card)
            with create_archive(settings.index, card, settings.storage_timeout) as archive:
                articles = _copy(local, archive)
                number = archive.number
    if as_json:
        print_json({"snapshot": number, "articles": articles, "kept": None})
        return
    told = f"  {articles} articles, snapshot {number}"
    output().print(Text(plain(f"restored to {settings.index}")) + Text(told, "dim"))


def erase_tables(settings: "Settings", ids: Sequence[str]) -> "Erasure":
    """Do what `dateline remove --everywhere` does; see `search.archive.care.erasure.erase`."""
    from search.archive import EVERYTHING
    from search.archive.care.erasure import UNREACHED, Erasure

    with _opened(settings) as archive:
        with archive.snapshot(EVERYTHING) as snapshot:
            stored = snapshot.read(ids)
        origins = {dossier.article.origin.partition("#")[0] for dossier in stored.values()} - {""}
        number = archive.erase(ids)
    unreached = (
        "backups and copies that were made of it",
        "earlier versions of objects, where the object storage keeps them",
        *UNREACHED,
    )
    return Erasure(tuple(dict.fromkeys(ids)), number, (), tuple(sorted(origins)), unreached)


@contextmanager
def _opened(settings: "Settings") -> "Iterator[LanceArchive]":
    from search.archive.addresses import open_lance

    with open_lance(settings.index, settings.storage_timeout) as archive:
        yield archive


def _copy(source: "StoredArchive", target: "StoredArchive") -> int:
    """Copy an archive; returns how many articles there are.

    Raises:
        ArchiveError: If the copy is not the same.
    """
    from indexer.copying import copy
    from search.errors import ArchiveError

    with progress_bar(aside(), "articles") as show:
        copied = copy(source, target, show)
    if copied.differences:
        raise ArchiveError(f"The copy is not the same: {copied.differences[0]}", "Try again.")
    return copied.articles


def _found(recall: float) -> str:
    return "" if recall == 1 else f", {recall:.1%} of the ten closest in meaning are found"


def _told(record: "Record") -> dict[str, Any]:
    return {"archive_id": record.archive_id, "snapshot": record.number, "made": record.made}


def _held(record: "Record") -> str:
    return (
        f"{record.totals['articles']} articles, snapshot {record.number}, {record.made[:19].replace('T', ' ')} UTC"
    )
