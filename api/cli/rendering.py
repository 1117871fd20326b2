"""Results as people read them in a terminal.

Everything from articles is untrusted: it is printed as plain text, never as markup, without control characters.
"""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.measure import Measurement
from rich.style import Style
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from api.schemas import (
        ArchiveOut,
        PublicationOut,
    )
    from indexer.inspection import InspectedArticle, Inspection
    from indexer.progress import IndexReport
    from search.archive.records import Facts

_SHOWN_PARAGRAPHS = 3
_SHOWN_CHARS = 160
_SHOWN_SKIPPED = 20
_WIDEST = 10_000
_SHAPING = frozenset("\u200c\u200d")
"""Joiners, which Persian, Indic scripts and emoji are written with: a quote without them is another."""


def print_table(console: Console, table: Table, least_width: int | None = None) -> None:
    """Print a table whole: where it is wider than the terminal, row by row, a line for each value.

    Args:
        console: Where to.
        table: What.
        least_width: Of a terminal in which it may be folded instead; by default it may not.
    """
    whole = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
    if (whole if least_width is None else least_width) <= console.width:
        console.print(table)
        return
    names = [str(column.header) for column in table.columns]
    for row in zip(*(column.cells for column in table.columns), strict=True):
        lines = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        lines.add_column(style="dim", no_wrap=True)
        lines.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            if str(value):
                lines.add_row(name, value)
        console.print(lines)
        console.print()


def render_report(console: Console, report: "IndexReport", facts: "Facts") -> None:
    """Print the summary of an indexing run, and what the archive holds after it."""
    changes = ", ".join(
        f"{count} {name}"
        for name, count in (
            ("added", report.added),
            ("replaced", report.replaced),
            ("unchanged", report.unchanged),
            ("outdated", report.outdated),
            ("expired", report.expired),
            ("withdrawn", report.withdrawn),
            ("removed", report.removed),
        )
        if count or name == "added"
    )
    console.print(
        Text(f"{report.files} files, articles: {changes}; {report.passages} passages embedded")
        + Text(f" in {report.seconds:.1f} s ({report.passages_per_second:.0f} passages/s)", "dim")
    )
    console.print(Text(f"archive: {facts.articles} articles{told_not_found(facts)}, {facts.passages} passages"))
    if report.skipped:
        console.print(Text(f"{len(report.skipped)} skipped:", "yellow"))
        for skipped in report.skipped[:_SHOWN_SKIPPED]:
            console.print(Text(f"  {plain(skipped.origin)}: ", "default") + Text(plain(skipped.reason), "dim"))
        if len(report.skipped) > _SHOWN_SKIPPED:
            console.print(Text(f"  and {len(report.skipped) - _SHOWN_SKIPPED} more; --json lists them all", "dim"))
    if report.remarked:
        console.print(Text(f"{len(report.remarked)} remarked upon:", "default"))
        for remarked in report.remarked[:_SHOWN_SKIPPED]:
            console.print(Text(f"  {plain(remarked.origin)}: ", "default") + Text(plain(remarked.reason), "dim"))
        if len(report.remarked) > _SHOWN_SKIPPED:
            console.print(
                Text(f"  and {len(report.remarked) - _SHOWN_SKIPPED} more; --json lists them all", "dim")
            )


def render_inspection(console: Console, inspection: "Inspection") -> None:
    """Print what a file would become."""
    counted = f"{len(inspection.articles)} article{'s' if len(inspection.articles) != 1 else ''}"
    console.print(Text(f"{plain(inspection.path)}: read as {inspection.format or 'nothing'}, {counted} shown"))
    for one in inspection.articles:
        _render_inspected(console, one)
    for withdrawal in inspection.withdrawals:
        console.print(
            Text(
                f"withdraws {', '.join(map(plain, withdrawal.article_ids))}: {plain(withdrawal.reason)}", "yellow"
            )
        )
    for skipped in inspection.skipped[:_SHOWN_SKIPPED]:
        console.print(Text(f"{plain(skipped.origin)}: ", "yellow") + Text(plain(skipped.reason)))
    if inspection.suggested:
        options = " ".join(f"--field {ours}={plain(theirs)}" for ours, theirs in inspection.suggested.items())
        console.print(Text(f"This mapping may help: {options}", "bold"))


def _render_inspected(console: Console, one: "InspectedArticle") -> None:
    article = one.article
    published = article.published
    dated = f"{published.isoformat()} ({published.found_in})" if published else "unknown"
    if published and published.local_day:
        dated += f", {published.local_day.isoformat()} where it was written"
    rows = {
        "headline": article.headline or f"none; shown as its opening: {one.shown_as}",
        "label": article.label,
        "id": article.id,
        "published": dated,
        "byline": article.byline,
        "dateline": article.dateline,
        "source": article.source,
        "section": article.section,
        "language": article.language,
        "address": article.url,
        "embargo": article.embargo.isoformat() if article.embargo else None,
        "rights": article.rights,
        "parts": f"{len(article.parts)} with pages or times of their own" if article.parts else None,
        "body": f"{len(article.body):,} characters, {article.body.count(chr(10) * 2) + 1} paragraphs",
    }
    console.print()
    table = Table.grid(padding=(0, 2))
    for name, value in rows.items():
        if value:
            table.add_row(Text(name, "dim"), Text(plain(value)))
    console.print(table)
    for paragraph in article.body.split("\n\n")[:_SHOWN_PARAGRAPHS]:
        console.print(Text(f"  {plain(paragraph)}"))
    for remark in article.remarks:
        console.print(Text(f"  remark: {plain(remark)}", "yellow"))
    for left_out in one.left_out[:_SHOWN_SKIPPED]:
        console.print(
            Text(f"  left out, {left_out.reason}: ", "dim") + Text(plain(left_out.text)[:_SHOWN_CHARS], "dim")
        )


def render_stopped(console: Console, report: "IndexReport") -> None:
    """Say what a run that was stopped has stored, and how to go on."""
    stored = report.added + report.replaced
    console.print(
        Text(f"Stopped: {stored} articles of this run are stored, snapshot {report.snapshot}. ", "yellow")
        + Text("Run the same command again to go on from there.", "default")
    )


def provenance(source: str | None, published: "PublicationOut | None") -> Text:
    """Say who published something, and when."""
    date = published.value if published else "publication date unknown"
    return Text(", ".join(part for part in (plain(source or ""), date) if part))


def print_address(console: Console, address: str, indent: int = 0) -> None:
    """Print an address in one piece on a line of its own, however long it is.

    A terminal wraps it so that it can still be clicked and copied whole, which a line break inside would prevent.
    """
    shown = plain(address)
    target = shown if shown.startswith(("http://", "https://")) else None
    console.print(Text(" " * indent) + Text(shown, Style(color="blue", link=target)), soft_wrap=True)


def told_not_found(archive: "ArchiveOut | Facts") -> str:
    """Count the articles that are stored but not found."""
    counts = {"superseded": archive.superseded, "withdrawn": archive.withdrawn}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"; {told} (kept, but found by no question)" if told else ""


def plain(text: str) -> str:
    """Replace what could control the terminal."""
    return "".join(character if character.isprintable() or character in _SHAPING else " " for character in text)
