"""The commands of `dateline`. Heavy modules are imported by the command that needs them."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from api.cli import caring, evaluating, upgrading, verifying, watching
from api.cli.failure import Exit, failing_clearly, tell
from api.cli.notices import show_notices
from api.cli.options import (
    AboutFrom,
    AboutTo,
    AsJson,
    AsOf,
    DateOrder,
    GroupBy,
    IndexFolder,
    Languages,
    PublishedFrom,
    PublishedTo,
    Ranking,
    SaidBy,
    Sections,
    Sources,
    build_filter,
    day,
)
from api.cli.parts import (
    load_http_settings,
    load_model,
    load_read_settings,
    load_settings,
    open_engine,
    prepare_close_reader,
    print_json,
    print_shape,
    try_models,
)
from api.cli.streams import aside, ending_quietly, output

app = typer.Typer(
    name="dateline",
    help="Ask a news archive a question; get back the passages that answer it, quoted and cited.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(evaluating.app, name="eval")

Question = Annotated[str, typer.Argument(help="A question in plain words.", show_default=False)]


def main() -> None:
    """Run the command line."""
    show_notices()
    with ending_quietly(Exit.UNREAD):
        app()


@app.command()
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


@app.command()
def ask(
    question: Question,
    index_folder: IndexFolder = None,
    k: Annotated[int, typer.Option("-k", metavar="N", help="Most citations.", min=1)] = 3,
    published_from: PublishedFrom = None,
    published_to: PublishedTo = None,
    source: Sources = None,
    section: Sections = None,
    language: Languages = None,
    about_from: AboutFrom = None,
    about_to: AboutTo = None,
    said_by: SaidBy = None,
    as_of: AsOf = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the receipt, too: the whole trail of the answer.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question with the sentences that support the answer, or say that the archive does not have it."""
    with failing_clearly(as_json=as_json), open_engine(load_settings(index_folder), closely=True) as engine:
        from api.cli.answers import render_answer
        from api.schemas import AnswerResponse

        condition = build_filter(
            published_from, published_to, source, section, language, about_from, about_to, said_by
        )
        answer = AnswerResponse.of(engine.ask(question, k, condition, as_of=day(as_of), explain=explain))
        if as_json:
            print_shape(answer)
        else:
            render_answer(output(), answer)


@app.command()
def search(
    question: Question,
    index_folder: IndexFolder = None,
    k: Annotated[int, typer.Option("-k", metavar="N", help="Most results.", min=1)] = 10,
    published_from: PublishedFrom = None,
    published_to: PublishedTo = None,
    source: Sources = None,
    section: Sections = None,
    language: Languages = None,
    about_from: AboutFrom = None,
    about_to: AboutTo = None,
    said_by: SaidBy = None,
    as_of: AsOf = None,
    method: Annotated[
        Ranking, typer.Option(metavar="fused|dense|lexical", help="Rank by meaning, by words, or by both.")
    ] = Ranking.FUSED,
    every_passage: Annotated[
        bool, typer.Option("--every-passage", help="Every passage, not only the best of each family.")
    ] = False,
    copies: Annotated[
        bool,
        typer.Option(
            "--copies",
            help="The best passage of each article, its copies (its family) not collapsed to one result.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rank the passages that have to do with a question, the best one of each family (copies are one)."""
    with failing_clearly(as_json=as_json), open_engine(load_settings(index_folder)) as engine:
        from api.cli.answers import render_search
        from api.schemas import SearchResponse
        from search.retrieval import Method

        condition = build_filter(
            published_from, published_to, source, section, language, about_from, about_to, said_by
        )
        result = SearchResponse.of(
            engine.search(
                question,
                k,
                condition,
                as_of=day(as_of),
                method=Method(method.value),
                every_passage=every_passage,
                copies=copies,
            )
        )
        if as_json:
            print_shape(result)
        else:
            render_search(output(), result)


@app.command()
def timeline(
    subject: Annotated[str, typer.Argument(help="A subject in plain words.", show_default=False)],
    index_folder: IndexFolder = None,
    k: Annotated[int, typer.Option("-k", metavar="N", help="Most entries.", min=1)] = 30,
    published_from: PublishedFrom = None,
    published_to: PublishedTo = None,
    source: Sources = None,
    section: Sections = None,
    language: Languages = None,
    about_from: AboutFrom = None,
    about_to: AboutTo = None,
    said_by: SaidBy = None,
    as_of: AsOf = None,
    by: Annotated[
        GroupBy | None, typer.Option(metavar="day|month|year", help="Group by this unit; else by what fits.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put the evidence on a subject in the order of the time that it speaks of."""
    with failing_clearly(as_json=as_json), open_engine(load_settings(index_folder)) as engine:
        from api.cli.answers import render_timeline
        from api.schemas import TimelineResponse
        from search.timeline import Grouping

        condition = build_filter(
            published_from, published_to, source, section, language, about_from, about_to, said_by
        )
        grouping = Grouping(by.value) if by else None
        result = TimelineResponse.of(engine.timeline(subject, k, condition, as_of=day(as_of), grouping=grouping))
        if as_json:
            print_shape(result)
        else:
            render_timeline(output(), result)


@app.command()
def times(
    file: Annotated[Path, typer.Argument(help="A file of articles, in any format that is read.")],
    as_json: AsJson = False,
) -> None:
    """Print the time expressions of a file's articles with their values: the tool to debug them with."""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import plain, render_times
        from api.schemas import ArticleTimes
        from indexer.readers import InputFile, Skipped, find_files, read_file
        from indexer.tagging import tag_article
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


@app.command()
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
        from search.archive import Archive

        with Archive.open(load_settings(index_folder).index) as archive:
            response = ArticleResponse.load(archive, article_id)
        if as_json:
            print_shape(response)
        else:
            render_article(output(), response, _span(span, len(response.body)) if span else None)


app.command()(verifying.verify)
app.command()(verifying.cite)
for command in (caring.doctor, caring.backup, caring.restore, caring.tag, caring.rollback, caring.prune):
    app.command()(command)


@app.command()
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


@app.command()
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


app.command()(upgrading.upgrade)
app.command()(watching.watch)


@app.command()
def status(
    index_folder: IndexFolder = None,
    as_json: AsJson = False,
) -> None:
    """Say what the archive holds, what runs the models, and which of them cannot be used."""
    with failing_clearly(as_json=as_json):
        from api.cli.rendering import render_status
        from api.schemas import StatusResponse
        from search.archive import Archive

        settings = load_settings(index_folder)
        with Archive.open(settings.index) as archive:
            card, close_reader, faults = try_models(settings)
            response = StatusResponse.of(archive.status(), card, close_reader)
        if as_json:
            print_shape(response)
        else:
            render_status(output(), response)
        for fault in faults:
            tell(fault.problem, fault.remedy, as_json=as_json)
        if faults:
            raise typer.Exit(Exit.MODEL)


@app.command()
def serve(
    index_folder: IndexFolder = None,
    host: Annotated[
        str | None, typer.Option(metavar="HOST", help="Address to listen on (else 127.0.0.1).")
    ] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help="Port to listen on (else 8000).")] = None,
    writable: Annotated[
        bool,
        typer.Option(
            "--writable",
            help="Let articles be added, replaced and removed over HTTP (DATELINE_WRITE_TOKEN asks for a token).",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Serve the HTTP interface and the page."""
    with failing_clearly(as_json=as_json):
        from api.http.serving import serve as serve_http

        serve_http(load_http_settings(index_folder, host, port, writable=writable))


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


def _span(text: str, length: int) -> tuple[int, int]:
    from search.errors import QueryError

    start, _, end = text.partition(":")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end) <= length):
        raise QueryError(f"--span {text!r} is not a slice START:END of a body of {length} characters.")
    return int(start), int(end)
