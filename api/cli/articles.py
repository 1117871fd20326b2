"""`dateline show`, `times` and `status`: articles, their times, and what there is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_read_settings, load_settings, print_json, print_shape, try_models
from api.cli.rendering import plain, print_address, print_table, provenance, told_not_found
from api.cli.terminal import Exit, aside, failing_clearly, output, tell

if TYPE_CHECKING:
    from api.schemas import (
        ArchiveOut,
        ArticleResponse,
        ArticleTimes,
        StatusResponse,
    )


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


def render_times(console: Console, article: "ArticleTimes") -> None:
    """Print the time expressions of an article with their values."""
    published = article.published.value if article.published else "unknown"
    console.print(
        Text(plain(article.headline) or "(no headline)", "bold") + Text(f"  published {published}", "dim")
    )
    table = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("offsets", "words", "type", "value", "from", "to (exclusive)", "unit", "relation", "rule"):
        table.add_column(column, style="dim" if column in {"offsets", "rule"} else "")
    for time in article.times:
        interval = time.interval
        table.add_row(
            f"{time.start}:{time.end}",
            Text(plain(time.words)),
            time.type.value,
            time.value + (f" {time.modifier.value}" if time.modifier else ""),
            str(interval.start or "") if interval else "",
            str(interval.end or "") if interval else "",
            interval.granularity.value if interval else "",
            time.relation.value,
            time.rule,
        )
    print_table(console, table)


def render_article(console: Console, article: "ArticleResponse", highlighted: tuple[int, int] | None) -> None:
    """Print an article, with a slice of its body highlighted."""
    console.print(Text(plain(article.headline) or "(no headline)", "bold"))
    for line in (article.standfirst, article.byline):
        if line:
            console.print(Text(plain(line), "italic"))
    console.print(provenance(article.source, article.published))
    if article.url:
        print_address(console, article.url)
    for line in _what_became_of(article):
        console.print(Text(line, "bold yellow"))
    console.print()
    start, end = highlighted or (0, 0)
    body = Text(article.body[:start]) + Text(article.body[start:end], "reverse") + Text(article.body[end:])
    console.print(body, soft_wrap=False)
    console.print()
    console.print(Text(f"id {plain(article.id)}   read from {plain(article.origin)}", "dim"))


def _what_became_of(article: "ArticleResponse") -> list[str]:
    """Say whether an article still counts, what it says of earlier ones, and which are its copies."""
    lines = []
    if withdrawn := article.withdrawn:
        when = f" on {withdrawn.published.value}" if withdrawn.published else ""
        lines.append(plain(f"Withdrawn{when}, not found any more: {withdrawn.reason}"))
    if article.superseded_by:
        lines.append(plain(f"Superseded by {article.superseded_by}, not found any more"))
    if article.supersedes:
        lines.append(plain(f"In the place of {article.supersedes}"))
    if article.notice:
        lines.append(plain(f"{article.notice.kind.capitalize()}: {article.notice.text}"))
    for copy in (article.family.origin, *article.family.copies) if article.family else ():
        if copy.article_id != article.id:
            published = f", {copy.published.value}" if copy.published else ""
            lines.append(plain(f"Same story: {copy.article_id} ({copy.source or 'source unknown'}{published})"))
    return lines


def render_status(console: Console, status: "StatusResponse") -> None:
    """Print what an archive holds and what models read for it."""
    archive, model = status.archive, status.model
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    dates = f"{archive.first_published} to {archive.last_published}" if archive.first_published else "unknown"
    if archive.undated:
        dates += f", {archive.undated} undated"
    rows = {
        "archive": f"{archive.folder} (snapshot {archive.snapshot}, {(archive.bytes_on_disk or 0) / 1e6:.1f} MB)",
        "articles": f"{archive.articles}, published {dates}{told_not_found(archive)}",
        "families": f"{archive.families} of more than one article",
        "passages": f"{archive.passages}{_index(archive)}",
        "sources": _counts(archive.sources),
        "sections": _counts(archive.sections),
        "languages": _counts(archive.languages),
        "model": f"{archive.model} ({archive.fingerprint[:12]}, {archive.dimension} dimensions)",
    }
    if archive.outdated_readings:
        rows["readings"] = (
            f"{archive.outdated_readings} articles were read by other rules than today's "
            "(to read them anew: dateline rebuild --readings)"
        )
    if model:
        rows["run by"] = f"{model.backend} {model.precision}, agreement with torch fp32 {model.agreement:.5f}"
        if model.note:
            rows["note"] = f"torch runs the model: {model.note}"
    else:
        rows["run by"] = "nothing: the configured model cannot be used"
    if reader := status.close_reader:
        told = f", because {reader.note}" if reader.note else ""
        rows["close reader"] = f"{reader.name}, run by {reader.backend} {reader.precision}{told}"
        if second := reader.second:
            rows["second reader"] = f"{second.name}, run by {second.backend} {second.precision}"
    for name, value in rows.items():
        table.add_row(name, Text(plain(value)))
    console.print(table)


def _index(archive: "ArchiveOut") -> str:
    """What there is to say of its indexes."""
    found = "" if archive.recall == 1 else f", {archive.recall:.1%} of the ten closest in meaning are found"
    return found if archive.verified else f"{found}; its indexes are not verified yet"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none stated"
