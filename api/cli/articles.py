"""`dateline show`, `times` and `status`: articles, their times, and what there is."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import (
    load_read_settings,
    load_settings,
    print_json,
    print_shape,
    try_models,
)
from api.cli.terminal import Exit, aside, failing_clearly, output, tell


def show(
    article_id: Annotated[str, typer.Argument(help="Id of an article, as in search results.", show_default=False)],
    index_folder: IndexFolder = None,
    span: Annotated[
        str | None,
        typer.Option(metavar="START:END", help="Highlight a slice of the body, offsets as in citations."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print a stored article."""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import render_article
        from api.schemas import ArticleResponse
        from search.archive import open_archive

        settings = load_settings(index_folder)
        with (
            open_archive(settings.index, settings.storage_timeout) as archive,
            archive.stored() as snapshot,
        ):
            response = ArticleResponse.load(snapshot, article_id)
        if as_json:
            print_shape(response)
        else:
            render_article(output(), response, _span(span, len(response.body)) if span else None)


def times(
    file: Annotated[Path, typer.Argument(help="A file of articles, in any format that is read.")],
    as_json: AsJson = False,
) -> None:
    """Print the time expressions of a file's articles with their values: the tool to debug them with."""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import plain, render_times
        from api.schemas import ArticleTimes
        from indexer.dossier import tag_article
        from indexer.readers import InputFile, Skipped, find_files, read_file
        from search.article import Withdrawal

        options = load_read_settings().read_options()
        skipped = False
        articles = []
        for found in find_files([file]):
            for read in read_file(found, options) if isinstance(found, InputFile) else [found]:
                if isinstance(read, Skipped | Withdrawal):
                    skipped = True
                    aside().print(plain(f"{read.origin}: {read.reason}"), style="yellow", markup=False)
                else:
                    articles.append(ArticleTimes.of(read, tag_article(read)))
        if as_json:
            print_json([article.model_dump(mode="json") for article in articles])
        else:
            for article in articles:
                render_times(output(), article)
        if skipped:
            raise typer.Exit(Exit.SKIPPED)


def status(
    index_folder: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what the archive holds, what runs the models, and which of them cannot be used."""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import render_status
        from api.schemas import ArchiveOut, StatusResponse
        from indexer.dossier import readings_fingerprint
        from search.archive import open_archive

        settings = load_settings(index_folder)
        with open_archive(settings.index, settings.storage_timeout) as archive:
            held = ArchiveOut.load(archive, readings_fingerprint())
        card, close_reader, faults = try_models(settings)
        response = StatusResponse.of(held, card, close_reader)
        if as_json:
            print_shape(response)
        else:
            render_status(output(), response)
        for fault in faults:
            tell(fault.problem, fault.remedy, as_json=as_json)
        if faults:
            raise typer.Exit(Exit.MODEL)


def _span(text: str, length: int) -> tuple[int, int]:
    from search.errors import QueryError

    start, _, end = text.partition(":")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= length):
        raise QueryError(f"--span {text!r} is not a slice START:END of a body of {length} characters.")
    return int(start), int(end)
