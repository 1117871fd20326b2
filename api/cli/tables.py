"""Care of an archive of Lance tables: `upkeep`, and what `tag` and `rollback` do there."""

from functools import partial
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_settings, print_json
from api.cli.rendering import plain
from api.cli.terminal import Exit, aside, failing_clearly, output, progress_bar

if TYPE_CHECKING:
    from search.archive.lance.record import Record


def upkeep(index_folder: IndexFolder = None, as_json: AsJson = False) -> None:
    """Keep up Lance tables: join small fragments, bring indexes up to date, delete versions that nothing names."""
    with failing_clearly(as_json=as_json):
        from search.archive.opening import is_folder, open_lance
        from search.errors import SettingsError

        index = load_settings(index_folder).index
        if is_folder(index):
            raise SettingsError(
                f"{index} is a folder; only Lance tables are kept up by hand.",
                "Nothing has to be done: a folder keeps itself up.",
            )
        with open_lance(index) as archive:
            deleted = archive.keep_up()
            card, size = archive.card, archive.bytes_on_disk
        if as_json:
            print_json({"versions_deleted": deleted, "bytes": size, "recall": card.recall})
        else:
            told = f"kept up: {deleted} old versions deleted, {size / 1e6:.1f} MB"
            output().print(told, highlight=False)


def examine_tables(address: str, *, as_json: bool) -> None:
    """Do what `dateline doctor` does; what is wrong is not mended."""
    from search.archive.opening import open_lance

    with open_lance(address) as archive, progress_bar(aside(), "articles") as show:
        flaws = archive.check(partial(show, "looking"))
    if as_json:
        print_json({"sound": not flaws, "findings": flaws})
    for flaw in flaws if not as_json else ():
        output().print(Text(plain(flaw), "bold red"))
    if flaws:
        remedy = f"Return to a tag (dateline rollback NAME --index {address}), or index into another place."
        aside().print(Text(plain(remedy), "dim"))
        raise typer.Exit(Exit.UNSOUND)
    if not as_json:
        output().print(Text("Sound.", "bold green"))


def tag_tables(address: str, name: str | None, delete: str | None, *, as_json: bool) -> None:
    """Do what `dateline tag` does."""
    from search.archive.opening import open_lance

    with open_lance(address) as archive:
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


def roll_back_tables(address: str, name: str, *, as_json: bool) -> None:
    """Do what `dateline rollback` does."""
    from search.archive.opening import open_lance

    with open_lance(address) as archive:
        number, kept = archive.roll_back(name)
    if as_json:
        print_json({"snapshot": number, "kept": kept})
        return
    output().print(Text(plain(f"rolled back to {name}")) + Text(f"  snapshot {number}", "dim"))
    output().print(Text(f"The state before is kept: tag {plain(kept)}", "dim"))


def _told(record: "Record") -> dict[str, Any]:
    return {"archive_id": record.archive_id, "snapshot": record.number, "made": record.made}


def _held(record: "Record") -> str:
    return (
        f"{record.totals['articles']} articles, snapshot {record.number}, {record.made[:19].replace('T', ' ')} UTC"
    )
