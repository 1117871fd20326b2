"""`dateline index`, `inspect`, `remove` and `rebuild`."""

import shlex
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from api.cli.options import AsJson, DateOrder, IndexFolder
from api.cli.parts import (
    load_cluster_settings,
    load_model,
    load_read_settings,
    load_settings,
    prepare_close_readers,
    print_json,
)
from api.cli.rendering import plain
from api.cli.tables import erase_tables
from api.cli.terminal import Exit, Stop, aside, failing_clearly, indexing_bar, output, progress_bar, stoppable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.readers import IsolatedReader
    from indexer.settings import ClusterSettings, ReadSettings
    from search.archive import StoredArchive
    from search.models.embedding import Embedder


def index(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH",
            help="Files and folders of articles; with --ray also s3://bucket/prefix.",
            show_default=False,
        ),
    ],
    index_folder: IndexFolder = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="OURS=THEIRS",
            help="Which field of JSON, CSV and Parquet records holds what, e.g. headline=titel; may be repeated.",
        ),
    ] = None,
    date_order: Annotated[
        DateOrder | None,
        typer.Option(metavar="dmy|mdy", help="How dates like 03/04/2024 are meant; else they are not guessed."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of files that are not UTF-8 and do not say what they are.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Have files read and embedded by the Ray cluster at HOST:PORT, at `auto`, where this machine is "
            "in one, or at `local`, which starts one here.",
        ),
    ] = None,
    staging: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="With --ray: where its workers stage what they made, a folder that all machines see or "
            "s3://bucket/prefix (else DATELINE_RAY_STAGING, else a folder in that of the archive).",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read articles from files and folders into the archive; unchanged files are left alone."""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import render_report, render_stopped
        from indexer import pipeline

        settings = load_cluster_settings(index_folder, staging)
        if not ray:
            _refuse_objects(paths)
        options = settings.read_options(
            fields=_mapping(field or []), date_order=date_order.value if date_order else None, encoding=encoding
        )
        with indexing(settings) as (archive, embedder, read, stop), indexing_bar(aside()) as show:
            if ray:
                from indexer.cluster import run

                report = run.index(
                    paths,
                    archive,
                    embedder,
                    options,
                    show,
                    address=ray,
                    settings=settings,
                    load=run.loader_of(settings),
                    stopping=stop,
                )
            else:
                report = pipeline.index(paths, archive, embedder, options, show, read=read, stopping=stop)
            with archive.stored() as snapshot:
                facts = snapshot.facts
        if as_json:
            held = {name: getattr(facts, name) for name in ("articles", "superseded", "withdrawn", "passages")}
            speed = report.passages_per_second
            print_json(asdict(report) | {"passages_per_second": speed, "archive": held})
        else:
            render_report(output(), report, facts)
        if facts.articles and not report.stopped and not as_json and aside().is_terminal:
            _tell_what_next(index_folder)
        if report.stopped:
            render_stopped(aside(), report)
            raise typer.Exit(stop.exit_code)
        if report.skipped:
            raise typer.Exit(Exit.SKIPPED)


def _refuse_objects(paths: list[Path]) -> None:
    from indexer.cluster.objects import ObjectPath, is_object
    from search.errors import InputError

    for path in filter(is_object, paths):
        raise InputError(
            f"{ObjectPath(path)} is in an object store.", "Its objects are read by workers: add --ray local"
        )


def _tell_what_next(index_folder: str | None) -> None:
    where = f" --index {shlex.quote(index_folder)}" if index_folder else ""
    aside(highlight=False).print(
        Text("Now ask: ", "dim")
        + Text(f"dateline ask{where}")
        + Text("   or open the page: ", "dim")
        + Text(f"dateline serve{where}")
    )


def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of articles.", show_default=False)],
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="OURS=THEIRS", help="As with `dateline index`; may be repeated."),
    ] = None,
    date_order: Annotated[
        DateOrder | None, typer.Option(metavar="dmy|mdy", help="As with `dateline index`.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="As with `dateline index`.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, metavar="N", help="Show at most so many articles.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what a file would become, without indexing it: its articles, where their dates stood, what was left out."""  # noqa: E501
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import render_inspection
        from indexer.inspection import as_plain
        from indexer.inspection import inspect as inspect_file
        from indexer.readers import IsolatedReader, Skipped, find_files
        from search.errors import InputError

        options = load_read_settings().read_options(
            fields=_mapping(field or []), date_order=date_order.value if date_order else None, encoding=encoding
        )
        found = list(find_files([file]))
        if len(found) != 1:
            raise InputError(f"{file} is a folder with {len(found)} files.", "Name one file.")
        if isinstance(found[0], Skipped):
            raise InputError(f"{found[0].origin} {found[0].reason}")
        with IsolatedReader() as read:
            inspection = inspect_file(found[0], options, read, most)
        if as_json:
            print_json(as_plain(inspection))
        else:
            render_inspection(output(), inspection)
        if inspection.skipped:
            raise typer.Exit(Exit.SKIPPED)


def remove(
    article_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Ids of articles.", show_default=False)
    ] = None,
    index_folder: IndexFolder = None,
    under: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Remove every article read from this file or from below this folder."),
    ] = None,
    everywhere: Annotated[
        bool,
        typer.Option(
            "--everywhere",
            help="Erase them from tags, known backups and free pages, too; say what is out of reach.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove articles; the files they were read from stay."""
    with failing_clearly(as_json=as_json):
        from search.archive import open_archive
        from search.errors import QueryError

        if not article_ids and under is None:
            raise QueryError("Nothing was named to remove.", "Name article ids, or --under PATH.")
        settings = load_cluster_settings(index_folder, None)
        if everywhere:
            _erase(settings, article_ids or [], under, as_json=as_json)
            return
        with open_archive(settings.index, settings.storage_timeout) as archive, archive.write() as writer:
            ids = list(dict.fromkeys([*(article_ids or []), *(writer.held_under(under) if under else [])]))
            for article_id in ids:
                writer.remove(article_id)
            snapshot = writer.commit()
        if as_json:
            print_json({"removed": ids, "snapshot": snapshot})
        else:
            output().print(f"{len(ids)} articles removed", highlight=False)


def _erase(settings: "ClusterSettings", article_ids: list[str], under: Path | None, *, as_json: bool) -> None:
    from indexer.cluster.run import forget_staged
    from search.archive import open_archive
    from search.archive.care.erasure import erase
    from search.errors import DatelineError

    ids = list(article_ids)
    if under is not None:
        with open_archive(settings.index, settings.storage_timeout) as archive, archive.write() as writer:
            ids += writer.held_under(under)
    erasure = erase(settings.index, ids) if isinstance(settings.index, Path) else erase_tables(settings, ids)
    staged, unreached = "", erasure.unreached
    try:
        with open_archive(settings.index, settings.storage_timeout) as archive, archive.write():
            staged = forget_staged(settings, archive.card.archive_id)
    except (DatelineError, OSError) as error:  # what was erased is told all the same
        unreached = f"what a run of a cluster staged: {error}", *unreached
    erasure = replace(erasure, unreached=unreached)
    copies = [*map(str, erasure.copies), *([staged] if staged else [])]
    if as_json:
        print_json({**asdict(erasure), "copies": copies})
        return
    output().print(f"{len(erasure.erased)} articles erased", highlight=False)
    for copy in copies:
        output().print(Text(f"and from {plain(copy)}"))
    for file in erasure.files:
        aside().print(Text(f"It stays, and brings them back when it is indexed: {plain(file)}", "yellow"))
    for place in erasure.unreached:
        aside().print(Text(f"Out of reach: {plain(place)}", "yellow"))


def rebuild(
    index_folder: IndexFolder = None,
    embed: Annotated[
        bool, typer.Option("--embed", help="Embed every article again, with the configured model.")
    ] = False,
    readings: Annotated[
        bool,
        typer.Option("--readings", help="Read times and statements anew where other rules have read them."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the vector and lexical indexes anew from the database."""
    with failing_clearly(as_json=as_json):
        from indexer.renewal import embed_again, read_again
        from search.archive import open_archive

        settings = load_settings(index_folder)
        read = 0
        with open_archive(settings.index, settings.storage_timeout) as archive:
            if embed:
                embedder = load_model(settings)
                with progress_bar(aside(), "articles") as show:
                    embed_again(archive, embedder, partial(show, "embedding"))
            elif readings:
                with progress_bar(aside(), "articles") as show:
                    read = read_again(archive, partial(show, "reading"))
            if not readings:
                archive.rebuild()
            with archive.stored() as snapshot:
                facts, number = snapshot.facts, snapshot.number
        if as_json:
            told = {"articles": facts.articles, "passages": facts.passages, "snapshot": number, "read": read}
            print_json(told)
        elif readings:
            output().print(f"read anew: {read} articles", highlight=False)
        else:
            output().print(f"rebuilt: {facts.articles} articles, {facts.passages} passages", highlight=False)


@contextmanager
def indexing(settings: "ReadSettings") -> "Iterator[tuple[StoredArchive, Embedder, IsolatedReader, Stop]]":
    """Open what indexes: the archive and its model, what reads files, and what stops it between two commits.

    Raises:
        ArchiveError: If the archive cannot be used.
        ModelError: If a model cannot be used.
    """
    from indexer.readers import IsolatedReader
    from search.archive import create_archive

    embedder = load_model(settings)
    prepare_close_readers(settings)
    with (
        create_archive(settings.index, embedder.card, settings.storage_timeout) as archive,
        IsolatedReader() as read,
        stoppable("what is being embedded") as stop,
    ):
        yield archive, embedder, read, stop


def _mapping(declared: list[str]) -> dict[str, str]:
    from search.errors import SettingsError

    mapping = {}
    for entry in declared:
        ours, equals, theirs = entry.partition("=")
        if not (ours and equals and theirs):
            raise SettingsError(
                f"--field {entry!r} is not of the form OURS=THEIRS.", "Example: --field headline=titel"
            )
        mapping[ours] = theirs
    return mapping
