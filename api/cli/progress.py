"""Progress on standard error, where somebody is looking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from indexer.pipeline import Progress as IndexProgress


def reporter(console: Console) -> Callable[[str], None]:
    """Print what takes long, line by line."""
    return lambda message: console.print(message, style="dim", highlight=False)


@contextmanager
def progress_bar(console: Console, unit: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a bar with the rate and the time left.

    Yields:
        A function to call with what is being done, how many units are done, and of how many (None: unknown).
    """
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("starting", total=None, rate="")

        def show(description: str, done: int, total: int | None) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f} {unit}/s" if speed else ""
            bar.update(task, description=description, completed=done, total=total, rate=rate)

        yield show


@contextmanager
def indexing_bar(console: Console) -> Iterator[Callable[["IndexProgress"], None]]:
    """Show how far an indexing run is; yields what the pipeline reports to."""
    with progress_bar(console, "passages") as show:

        def show_indexing(progress: "IndexProgress") -> None:
            reading = f"reading file {progress.files + 1} of {progress.files_found}"
            description = "embedding" if progress.reading is None else reading
            show(description, progress.passages, progress.passages_expected or None)

        yield show_indexing
