"""`dateline index`, `remove` and `rebuild`: what the archive holds."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.cli.failure import Exit, failing_clearly
from api.cli.options import AsJson, DateOrder, IndexFolder
from api.cli.parts import (
    load_model,
    load_read_settings,
    load_settings,
    prepare_close_reader,
    print_json,
)
from api.cli.terminal import aside, output


def index(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH", help="Files and folders of articles.", show_default=False)
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
    as_json: AsJson = False,
) -> None:
    """Read articles from files and folders into the archive; unchanged files are left alone."""
    with failing_clearly(as_json=as_json):
        from api.cli.progress import indexing_bar
        from api.cli.rendering import render_report, render_stopped
        from api.cli.stopping import stoppable
        from indexer import pipeline
        from indexer.readers import IsolatedReader
        from search.archive import Archive

        settings = load_read_settings(index_folder)
        options = settings.read_options(
            fields=_mapping(field or []), date_order=date_order.value if date_order else None, encoding=encoding
        )
        embedder = load_model(settings)
        prepare_close_reader(settings)
        with (
            Archive.create(settings.index, embedder.card) as archive,
            IsolatedReader() as read,
            stoppable("what is being embedded") as stop,
            indexing_bar(aside()) as show,
        ):
            report = pipeline.index(paths, archive, embedder, options, show, read=read, stopping=stop)
        if as_json:
            print_json(asdict(report) | {"passages_per_second": report.passages_per_second})
        else:
            render_report(output(), report)
        if report.stopped:
            render_stopped(aside(), report)
            raise typer.Exit(stop.exit_code)
        if report.skipped:
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
    as_json: AsJson = False,
) -> None:
    """Remove articles everywhere; the files they were read from stay."""
    with failing_clearly(as_json=as_json):
        from search.archive import Archive
        from search.errors import QueryError

        if not article_ids and under is None:
            raise QueryError("Nothing was named to remove.", "Name article ids, or --under PATH.")
        with Archive.open(load_settings(index_folder).index) as archive:
            ids = list(dict.fromkeys([*(article_ids or []), *(archive.ids(under=under) if under else [])]))
            with archive.write() as writer:
                for article_id in ids:
                    writer.remove(article_id)
                snapshot = writer.commit()
        if as_json:
            print_json({"removed": ids, "snapshot": snapshot})
        else:
            output().print(f"{len(ids)} articles removed", highlight=False)


def rebuild(
    index_folder: IndexFolder = None,
    embed: Annotated[
        bool, typer.Option("--embed", help="Embed every article again, with the configured model.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the vector and lexical indexes anew from the database."""
    with failing_clearly(as_json=as_json):
        from api.cli.progress import progress_bar
        from indexer import pipeline
        from search.archive import Archive

        settings = load_settings(index_folder)
        with Archive.open(settings.index) as archive:
            if embed:
                embedder = load_model(settings)
                with progress_bar(aside(), "articles") as show:
                    pipeline.embed_again(archive, embedder, partial(show, "embedding"))
            archive.rebuild()
            status = archive.status()
        if as_json:
            print_json({"articles": status.articles, "passages": status.passages, "snapshot": status.snapshot})
        else:
            output().print(f"rebuilt: {status.articles} articles, {status.passages} passages", highlight=False)


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
