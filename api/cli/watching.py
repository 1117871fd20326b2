"""`dateline watch`, which follows folders and feeds."""

import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from api.cli.ingestion import indexing
from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_read_settings, print_line
from api.cli.rendering import plain
from api.cli.terminal import Exit, aside, failing_clearly, output

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.feeds import FeedReport
    from indexer.progress import IndexReport
    from indexer.readers import Skipped

_LOOK_SECONDS = 0.2


def watch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|FEED", help="Files, folders, and addresses of RSS or Atom feeds.", show_default=False
        ),
    ],
    index_folder: IndexFolder = None,
    every: Annotated[float, typer.Option(metavar="SECONDS", help="How often to look at folders.", min=1)] = 10.0,
    feeds_every: Annotated[
        float, typer.Option(metavar="SECONDS", help="How often to ask a feed, at most.", min=10)
    ] = 900.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, then end: for a scheduler.")] = False,
    as_json: AsJson = False,
) -> None:
    """Follow folders and feeds, and index what is new, until stopped; with --json a line for each change."""
    with failing_clearly(as_json=as_json):
        from indexer.feeds import Feeds, is_address
        from indexer.pipeline import index

        settings = load_read_settings(index_folder)
        options = settings.read_options()
        paths = [Path(source) for source in sources if not is_address(source)]
        addresses = [source for source in sources if is_address(source)]
        _refuse_missing(paths)
        with indexing(settings) as (archive, embedder, read, stop):
            feeds = Feeds(addresses, archive, embedder, read, options, every=feeds_every)

            def look() -> "IndexReport":
                now = datetime.now(UTC)  # what is watched for days is not read as on the first
                return index(paths, archive, embedder, replace(options, now=now), read=read, stopping=stop)

            files = _Files(look)
            while True:
                faulty = files.look(insist=once, as_json=as_json) if paths else False
                for answer in feeds.ask(stop) if addresses else ():
                    faulty = faulty or bool(answer.skipped or answer.problem)
                    _tell_of_feed(answer, as_json=as_json)
                waits = [every] if paths else []
                waits += [wait] if (wait := feeds.wait()) is not None else []
                if once or stop() or not waits:
                    break
                _sleep(min(waits), stop)
        if stop():
            raise typer.Exit(stop.exit_code)
        if once and faulty:
            raise typer.Exit(Exit.SKIPPED)


class _Files:
    """The files and folders that are followed; what could not be read is told once."""

    def __init__(self, index: "Callable[[], IndexReport]") -> None:
        self._index = index
        self._told: set[Skipped] = set()

    def look(self, *, insist: bool, as_json: bool) -> bool:
        """Index what is new; tells whether anything could not be read.

        Raises:
            ArchiveBusyError: If another process is writing, and nobody will look again (`insist`).
        """
        from search.errors import ArchiveBusyError

        try:
            report = self._index()
        except ArchiveBusyError as error:
            if insist:
                raise
            aside().print(_now() + Text(plain(error.problem), "yellow"))
            return False
        faulty = bool(report.skipped)
        report.skipped = [one for one in report.skipped if one not in self._told]
        self._told.update(report.skipped)
        _tell_of_files(report, as_json=as_json)
        return faulty


def _sleep(seconds: float, stop: "Callable[[], bool]") -> None:
    until = time.monotonic() + seconds
    while not stop() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _LOOK_SECONDS))


def _refuse_missing(paths: list[Path]) -> None:
    from search.errors import InputError

    for path in paths:
        if not path.exists():
            raise InputError(f"There is no file or folder {path}.", "Give an existing path, or a feed's address.")


def _tell_of_files(report: "IndexReport", *, as_json: bool) -> None:
    counts = {
        name: getattr(report, name)
        for name in ("added", "replaced", "outdated", "expired", "withdrawn", "removed")
    }
    if not any(counts.values()) and not report.skipped:
        return
    if as_json:
        skipped = [asdict(one) for one in report.skipped]
        print_line({"source": "files", **counts, "skipped": skipped, "snapshot": report.snapshot})
        return
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    output().print(_now() + Text(f"files: {told or 'nothing new'}"))
    for skipped_one in report.skipped:
        aside().print(Text(f"  {plain(skipped_one.origin)}: {plain(skipped_one.reason)}", "yellow"))


def _tell_of_feed(report: "FeedReport", *, as_json: bool) -> None:
    if as_json:
        print_line({"source": report.url} | {k: v for k, v in asdict(report).items() if k != "url"})
        return
    if report.problem:
        wait = f" Next try in {report.wait:.0f} s." if report.wait is not None else ""
        aside().print(_now() + Text(f"{plain(report.problem)}{wait}", "yellow"))
    elif report.added or report.replaced:
        output().print(_now() + Text(f"{plain(report.url)}: {report.added} added, {report.replaced} replaced"))
    for skipped_one in report.skipped:
        aside().print(Text(f"  {plain(skipped_one.origin)}: {plain(skipped_one.reason)}", "yellow"))


def _now() -> Text:
    return Text(f"{time.strftime('%H:%M:%S')} ", "dim")
