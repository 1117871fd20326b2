"""Care of an archive: `doctor`, `backup`, `restore`, `tag`, `rollback`, `prune`, `upgrade` and `copy`."""

from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from api.cli.options import AsJson, IndexFolder, read_day
from api.cli.parts import load_settings, print_json
from api.cli.rendering import plain
from api.cli.tables import back_up_tables, examine_tables, restore_tables, roll_back_tables, tag_tables
from api.cli.terminal import Exit, aside, failing_clearly, output, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.archive.care.backups import Progress, Saved
    from search.archive.care.doctor import Examination, Finding
    from search.archive.care.restoration import Restored

Tag = Annotated[str, typer.Argument(metavar="NAME", help="Name of the tag.", show_default=False)]
_PLACE = "FOLDER, s3://BUCKET/PREFIX or lance://FOLDER"


def doctor(
    index_folder: IndexFolder = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be made again from what is stored.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Examine everything in the archive, and say what is wrong and what to do about it."""
    with failing_clearly(as_json=as_json):
        from indexer.dossier import readings_fingerprint
        from search.archive.care.checks import Part
        from search.archive.care.doctor import examine
        from search.archive.care.doctor import repair as mend

        settings = load_settings(index_folder)
        folder = settings.index
        if isinstance(folder, str):
            examine_tables(settings, as_json=as_json)
            return
        with progress_bar(aside(), "parts") as show:
            examination = examine(folder, lambda part: show(part.value, list(Part).index(part), len(Part)))
        mended: tuple[Finding, ...] = ()
        if repair and not examination.sound:
            mended = mend(folder, examination.findings)
            examination = examine(folder)
        current = readings_fingerprint()
        outdated = sum(count for rules, count in examination.readings.items() if rules != current)
        if as_json:
            print_json(_examined(examination, mended, outdated))
        else:
            _render_examination(output(), examination, mended)
            if outdated:
                told = f"{outdated} articles were read by other rules than today's, which is no fault."
                output().print(Text(f"{told} Read them anew: dateline rebuild --readings", "dim"))
        if not examination.sound:
            raise typer.Exit(Exit.UNSOUND)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to make.", show_default=False)],
    index_folder: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Copy the archive, as it was last committed, to a new file; reading and writing go on."""
    with failing_clearly(as_json=as_json):
        from search.archive.care.backups import back_up

        settings = load_settings(index_folder)
        if isinstance(settings.index, str):
            saved = back_up_tables(settings, file)
        else:
            with _copying() as progress:
                saved = back_up(settings.index, file, progress)
        _tell(f"backed up to {saved.path}", saved, as_json=as_json)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", show_default=False)],
    index_folder: IndexFolder = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the archive that is there; it is kept as a tag.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make an archive of a backup, or return the archive to it; whoever has it open goes on."""
    with failing_clearly(as_json=as_json):
        from search.archive.care.restoration import restore as restore_copy

        settings = load_settings(index_folder)
        folder = settings.index
        if isinstance(folder, str):
            restore_tables(settings, file, as_json=as_json)
            return
        with _copying() as progress:
            restored = restore_copy(file, folder, replace=replace, progress=progress)
        _tell_restored(f"restored to {folder}", restored, as_json=as_json)


def tag(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Name to give; without one, tags are listed.")
    ] = None,
    index_folder: IndexFolder = None,
    delete: Annotated[
        str | None, typer.Option("--delete", metavar="NAME", help="Forget a tag.", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Name the archive's present state, to return to it with rollback; list and delete such names."""
    with failing_clearly(as_json=as_json):
        from search.archive.care.backups import delete_tag, tags
        from search.archive.care.backups import tag as make_tag

        settings = load_settings(index_folder)
        folder = settings.index
        if isinstance(folder, str):
            tag_tables(settings, name, delete, as_json=as_json)
            return
        if delete is not None:
            delete_tag(folder, delete)
        if name is not None:
            with _copying() as progress:
                _tell(f"tagged {name}", make_tag(folder, name, progress), as_json=as_json)
            return
        found = tags(folder)
        if as_json:
            print_json({name: _saved(saved) for name, saved in found.items()})
            return
        console = output()
        for known, saved in found.items():
            console.print(Text(known, "bold") + Text(f"  {_held(saved)}", "dim"))
        if not found and delete is None:
            console.print("There are no tags. dateline tag NAME makes one.", style="dim")


def rollback(name: Tag, index_folder: IndexFolder = None, as_json: AsJson = False) -> None:
    """Return the archive to a tag; its present state is kept as another tag."""
    with failing_clearly(as_json=as_json):
        from search.archive.care.restoration import roll_back

        settings = load_settings(index_folder)
        folder = settings.index
        if isinstance(folder, str):
            roll_back_tables(settings, name, as_json=as_json)
            return
        with _copying() as progress:
            restored = roll_back(folder, name, progress)
        _tell_restored(f"rolled back to {name}", restored, as_json=as_json)


def prune(
    before: Annotated[
        datetime,
        typer.Option(
            "--before", parser=read_day, metavar="YYYY-MM-DD", help="First day to keep.", show_default=False
        ),
    ],
    index_folder: IndexFolder = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be removed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove the articles published before a day, and take no such article in any more; undated ones stay."""
    with failing_clearly(as_json=as_json):
        from search.archive import open_archive

        day = before.date()
        settings = load_settings(index_folder)
        with open_archive(settings.index, settings.storage_timeout) as archive, archive.write() as writer:
            count = writer.prune(day)
            if not dry_run:
                writer.commit()
        if as_json:
            print_json({"before": day.isoformat(), "removed": 0 if dry_run else count, "found": count})
        else:
            done = "would be removed" if dry_run else "removed"
            output().print(f"{count} articles published before {day} {done}", highlight=False)


@contextmanager
def _copying() -> "Iterator[Progress]":
    with progress_bar(aside(), "pages") as show:
        yield lambda done, total: show("copying", done, total)


def _tell(done: str, saved: "Saved", *, as_json: bool) -> None:
    if as_json:
        print_json(_saved(saved))
    else:
        output().print(Text(plain(done)) + Text(f"  {_held(saved)}", "dim"))


def _tell_restored(done: str, restored: "Restored", *, as_json: bool) -> None:
    kept = restored.kept
    if as_json:
        shown = {"snapshot": restored.snapshot, "articles": restored.articles}
        print_json(shown | {"kept": _saved(kept) if kept else None})
        return
    held = f"{restored.articles} articles, snapshot {restored.snapshot}"
    output().print(Text(plain(done)) + Text(f"  {held}", "dim"))
    if kept:
        name = str(kept.path) if kept.damaged else f"tag {kept.path.name.removesuffix('.sqlite')}"
        output().print(Text(f"The state before is kept: {plain(name)}", "dim"))


def _held(saved: "Saved") -> str:
    size = f"{saved.bytes / 1e6:.1f} MB"
    return f"{saved.articles} articles, snapshot {saved.snapshot}, {size}, {saved.made:%Y-%m-%d %H:%M:%S} UTC"


def _saved(saved: "Saved") -> dict[str, Any]:
    return {
        "path": str(saved.path),
        "bytes": saved.bytes,
        "archive_id": saved.archive_id,
        "snapshot": saved.snapshot,
        "articles": saved.articles,
        "made": saved.made.isoformat(timespec="seconds"),
    }


def _examined(examination: "Examination", mended: "tuple[Finding, ...]", outdated_readings: int) -> dict[str, Any]:
    def told(finding: "Finding") -> dict[str, Any]:
        return {
            "part": finding.part.value,
            "problem": finding.problem,
            "remedy": finding.remedy,
            "mendable": finding.mend is not None,
        }

    return {
        "sound": examination.sound,
        "checked": [part.value for part in examination.checked],
        "articles": examination.articles,
        "passages": examination.passages,
        "outdated_readings": outdated_readings,
        "findings": [told(finding) for finding in examination.findings],
        "mended": [told(finding) for finding in mended],
    }


def _render_examination(console: Console, examination: "Examination", mended: "tuple[Finding, ...]") -> None:
    for finding in mended:
        console.print(Text("mended ", "bold green") + Text(f"{finding.part.value}: {plain(finding.problem)}"))
    for finding in examination.findings:
        console.print(Text(f"{finding.part.value} ", "bold red") + Text(plain(finding.problem)))
        console.print(Text(f"  {plain(finding.remedy)}", "dim"))
    looked = f"{examination.articles} articles, {examination.passages} passages; looked at: "
    looked += ", ".join(part.value for part in examination.checked)
    verdict = Text("Sound. ", "bold green") if examination.sound else Text("Not sound. ", "bold red")
    console.print(verdict + Text(looked, "dim"))


def upgrade(index_folder: IndexFolder = None, as_json: AsJson = False) -> None:
    """Bring an archive that an earlier Dateline made up to the present format, all or nothing; embeds nothing."""
    with failing_clearly(as_json=as_json):
        from indexer.upgrades import upgrade as upgrade_archive
        from search.archive.addresses import folder_of

        settings = load_settings(index_folder)
        with progress_bar(aside(), "articles") as show:
            done = upgrade_archive(folder_of(settings.index), partial(show, "upgrading"))
        if as_json:
            told = {"from": done.before, "to": done.after, "tags": list(done.tags), "left": list(done.left)}
            print_json(told)
            return
        if done.before == done.after:
            output().print(f"the archive has schema version {done.after} already", highlight=False)
        else:
            output().print(f"upgraded from schema version {done.before} to {done.after}", highlight=False)
            aside().print(
                "Index the same paths again to read from the files what the old format did not keep, and\n"
                "dateline rebuild --readings to read times and statements by today's rules.",
                style="dim",
            )
        if done.tags:
            output().print(f"tags upgraded with it: {plain(', '.join(done.tags))}", highlight=False, markup=False)
        if done.left:
            output().print(f"tags left as they were: {plain(', '.join(done.left))}", highlight=False, markup=False)
            aside().print("What is wrong with them: dateline doctor", style="dim")


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help=f"An archive: {_PLACE}.", show_default=False)],
    target: Annotated[
        str,
        typer.Argument(metavar="TO", help="Where there is none, or an unfinished copy.", show_default=False),
    ],
    as_json: AsJson = False,
) -> None:
    """Copy an archive to another place or engine, embedding nothing anew, and check that it is the same there."""
    with failing_clearly(as_json=as_json):
        from indexer.copying import copy as copy_archive
        from indexer.copying import model_of
        from search.archive import create_archive, open_archive

        timeout = load_settings(None).storage_timeout
        with (
            open_archive(source, timeout) as one,
            create_archive(target, model_of(one.card), timeout) as other,
            progress_bar(aside(), "articles") as show,
        ):
            copied = copy_archive(one, other, show)
        if as_json:
            print_json(asdict(copied))
        else:
            told = (
                f"{copied.articles} articles, {copied.passages} passages; {copied.questions} questions agree to "
            )
            output().print(told + f"{copied.agreement:.3f}", highlight=False)
            for difference in copied.differences:
                output().print(Text(plain(difference), "bold red"))
        if copied.differences:
            raise typer.Exit(Exit.UNSOUND)
