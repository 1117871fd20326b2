"""`dateline ask`, `search` and `timeline`: what the archive has to say."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import (
    AboutFrom,
    AboutTo,
    AsJson,
    AsOf,
    Format,
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
from api.cli.parts import load_settings, load_writer, open_engine
from api.cli.streams import chosen_form, respond_to_batch, respond_to_each
from api.cli.terminal import failing_clearly

if TYPE_CHECKING:
    from collections.abc import Sequence


Question = Annotated[
    list[str],
    typer.Argument(
        metavar="QUESTION...",
        help="A question in plain words, quoted or not; - reads one a line from standard input.",
        show_default=False,
    ),
]


def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUESTION...]",
            help="A question in plain words, quoted or not; - reads one a line from standard input. Without one, "
            "questions are asked for one after another, and one may hang on those before it.",
            show_default=False,
        ),
    ] = None,
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
    after: Annotated[
        list[str] | None,
        typer.Option(
            "--after", metavar="QUESTION", help="The question before, on which this one hangs; may be repeated."
        ),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Ask the questions of a file: CSV with a column question, or one a line."
        ),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="With --batch: a new file for the answers, .csv or .jsonl."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the receipt, too: the whole trail of the answer.")
    ] = False,
    written: Annotated[
        bool,
        typer.Option(
            "--written",
            help="Below the quotes, what a model (DATELINE_WRITER_URL) makes of them, as far as they bear it out.",
        ),
    ] = False,
    form: Format = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question with the sentences that support the answer, or say that the archive does not have it."""
    with failing_clearly(as_json=as_json):
        form = chosen_form(form, as_json=as_json)
        _check_asking(question, batch, target, written=written)
        writer = load_writer() if written else None
        condition = build_filter(
            published_from, published_to, source, section, language, about_from, about_to, said_by
        )
        with open_engine(load_settings(index_folder), closely=True) as engine:
            from api.cli.answers import render_answer
            from api.cli.writing import Wording
            from api.schemas import AnswerResponse

            wording = Wording(writer) if writer and form is None and target is None else None
            render = wording.render if wording else render_answer

            def answer(text: str, previous: "Sequence[str]" = (), answered: str = "") -> AnswerResponse:
                found = engine.ask(
                    text,
                    k,
                    condition,
                    as_of=day(as_of),
                    explain=explain,
                    previous=previous or after or (),
                    answered=answered,
                )
                if wording is not None:
                    return wording.respond(found)
                if writer is None:
                    return AnswerResponse.of(found)
                from api.schemas.writing import WrittenAnswerResponse

                return WrittenAnswerResponse.of_both(found, writer.written(found))

            if batch is not None:
                respond_to_batch(batch, target, answer, render, form)
            elif question:
                respond_to_each(question, answer, render, form)
            else:
                from api.cli.conversation import converse

                converse(engine, answer)


def _check_asking(question: list[str] | None, batch: Path | None, target: Path | None, *, written: bool) -> None:
    """Refuse what cannot be meant.

    Raises:
        QueryError: If there is no question, or several places of them, or answers are to go nowhere.
    """
    from search.errors import QueryError

    if question and batch:
        raise QueryError("A question and --batch were both given.", "Give one of them.")
    if written and not question and not batch:
        raise QueryError("--written goes with a question or --batch.", "dateline ask --written who won the tour")
    if target and not batch:
        raise QueryError(
            "--output is for the questions of --batch.", "To keep one answer: dateline ask ... > FILE"
        )
    if not question and not batch and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise QueryError("There is no question.", "dateline ask who won the tour; dateline ask --help shows more.")


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
    form: Format = None,
    as_json: AsJson = False,
) -> None:
    """Rank the passages that have to do with a question, the best one of each family (copies are one)."""
    with failing_clearly(as_json=as_json), ExitStack() as stack:
        settings = load_settings(index_folder)
        engine = stack.enter_context(open_engine(settings, closely=settings.search_reads > 0))
        form = chosen_form(form, as_json=as_json)
        from api.cli.answers import render_search
        from api.schemas import SearchResponse
        from search.asking.retrieval import Method

        condition = build_filter(
            published_from, published_to, source, section, language, about_from, about_to, said_by
        )

        def rank(text: str) -> SearchResponse:
            result = engine.search(
                text,
                k,
                condition,
                as_of=day(as_of),
                method=Method(method.value),
                every_passage=every_passage,
                copies=copies,
            )
            return SearchResponse.of(result)

        respond_to_each(question, rank, render_search, form)


def timeline(
    subject: Annotated[
        list[str],
        typer.Argument(
            metavar="SUBJECT...",
            help="A subject in plain words, quoted or not; - reads one a line from standard input.",
            show_default=False,
        ),
    ],
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
    form: Format = None,
    as_json: AsJson = False,
) -> None:
    """Put the evidence on a subject in the order of the time that it speaks of."""
    with failing_clearly(as_json=as_json), open_engine(load_settings(index_folder)) as engine:
        form = chosen_form(form, as_json=as_json)
        from api.cli.answers import render_timeline
        from api.schemas import TimelineResponse
        from search.asking.timeline import Grouping

        condition = build_filter(
            published_from, published_to, source, section, language, about_from, about_to, said_by
        )
        grouping = Grouping(by.value) if by else None

        def order(text: str) -> TimelineResponse:
            return TimelineResponse.of(engine.timeline(text, k, condition, as_of=day(as_of), grouping=grouping))

        respond_to_each(subject, order, render_timeline, form)
