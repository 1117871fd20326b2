"""`dateline eval`: measure retrieval and answers on judged questions."""

from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_model, load_settings, print_json
from api.cli.terminal import aside, failing_clearly, output, progress_bar, reporter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.evaluation import Trial


class Half(StrEnum):
    """Which lines of a gold file."""

    ODD = "odd"
    EVEN = "even"


app = typer.Typer(help="Measure retrieval and answers on judged questions.", no_args_is_help=True)

Articles = Annotated[
    Path | None, typer.Option(metavar="PATH", help="Index these articles and ask them, instead of an archive.")
]
Cache = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Keep what is indexed here, for the next run.")]
Limit = Annotated[
    int | None, typer.Option(metavar="N", min=1, help="Ask at most so many questions, evenly spaced.")
]
OneHalf = Annotated[Half | None, typer.Option(metavar="odd|even", help="Only these lines, the first being 1.")]


@app.command(epilog="Example: dateline eval retrieval beir/scifact")
def retrieval(
    folder: Annotated[Path, typer.Argument(help="A collection in BEIR form; files may be gzipped.")],
    cache: Cache = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Measure dense, lexical and fused retrieval: nDCG@10, recall and MRR, with bootstrap intervals."""
    with failing_clearly(as_json=as_json), _trial(folder, cache=cache, limit=limit) as (trial, on_progress):
        from api.evaluation import measure_retrieval

        report = measure_retrieval(trial, on_progress)
        if as_json:
            print_json(report.as_dict())
        else:
            report.render(output())


@app.command(epilog="Example: dateline eval qa questions.jsonl --articles news/")
def qa(
    questions: Annotated[Path, typer.Argument(help="A question file, or a BEIR collection with answers.")],
    index_folder: IndexFolder = None,
    articles: Articles = None,
    cache: Cache = None,
    limit: Limit = None,
    reliability: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the probability given against the share right, as SVG."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure answers, and retrieval: evidence found, answers quoted, refusals, times, with bootstrap intervals.

    So are short answers (exact match, token F1), tiers with their precision, and calibration.
    Asks the archive of --index, or indexes --articles, or the collection's own articles.
    """
    with (
        failing_clearly(as_json=as_json),
        _trial(
            questions, closely=True, index_folder=index_folder, articles=articles, cache=cache, limit=limit
        ) as (
            trial,
            on_progress,
        ),
    ):
        from api.evaluation import measure_answers, measure_retrieval

        retrieved = measure_retrieval(trial, on_progress)
        answered = measure_answers(trial, on_progress)
        if as_json:
            print_json({"retrieval": retrieved.as_dict(), "answers": answered.as_dict()})
        else:
            retrieved.render(output())
            answered.render(output())
        if reliability:
            from api.evaluation.confidence import picture

            reliability.write_text(picture(answered.overall.reliability), encoding="utf-8")


@app.command(epilog="Example: dateline eval times texts.jsonl")
def times(
    file: Annotated[Path, typer.Argument(help="Texts with gold TIMEX3 expressions, JSON Lines.")],
    half: OneHalf = None,
    as_json: AsJson = False,
) -> None:
    """Measure the reading of time expressions as TempEval-3 does: strict and relaxed detection, type, value."""
    with failing_clearly(as_json=as_json):
        from api.evaluation import measure_times

        report = measure_times(file, half.value if half else None)
        if as_json:
            print_json(report.as_dict())
        else:
            report.render(output())


@app.command(epilog="Example: dateline eval speakers texts.jsonl")
def speakers(
    file: Annotated[Path, typer.Argument(help="Texts with marked attributions, JSON Lines.")],
    half: OneHalf = None,
    as_json: AsJson = False,
) -> None:
    """Measure who is read as the speaker of what: precision, recall, and what nobody is marked to have said."""
    with failing_clearly(as_json=as_json):
        from api.evaluation import measure_speakers

        report = measure_speakers(file, half.value if half else None)
        if as_json:
            print_json(report.as_dict())
        else:
            report.render(output())


@contextmanager
def _trial(
    path: Path,
    *,
    closely: bool = False,
    index_folder: str | None = None,
    articles: Path | None = None,
    cache: Path | None = None,
    limit: int | None = None,
) -> "Iterator[tuple[Trial, Callable[[str, int, int], None]]]":
    from api.evaluation import open_trial
    from search.models import Models, load_models

    settings = load_settings(index_folder)
    embedder = load_model(settings)
    models = load_models(settings, reporter(aside())) if closely else Models()
    with (
        progress_bar(aside(), "steps") as show,
        open_trial(
            path,
            embedder,
            settings,
            models=models,
            index_folder=index_folder,
            articles=articles,
            cache=cache,
            limit=limit,
            on_progress=show,
        ) as trial,
    ):
        yield trial, show
