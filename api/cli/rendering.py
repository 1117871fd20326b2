"""Results as people read them in a terminal.

Everything from articles is untrusted: it is printed as plain text, never as markup, without control characters.
"""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from api.schemas import (
        ArchiveOut,
        ArticleResponse,
        ArticleTimes,
        CitedQuoteResponse,
        PlaceOut,
        PublicationOut,
        StatusResponse,
        VerificationOut,
        VerificationResponse,
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
        "articles": f"{archive.articles}, published {dates}{_not_found(archive)}",
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
    for name, value in rows.items():
        table.add_row(name, Text(plain(value)))
    console.print(table)


def _index(archive: "ArchiveOut") -> str:
    """What there is to say of its indexes."""
    found = "" if archive.recall == 1 else f", {archive.recall:.1%} of the ten closest in meaning are found"
    return found if archive.verified else f"{found}; its indexes are not verified yet"


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
    console.print(Text(f"archive: {facts.articles} articles{_not_found(facts)}, {facts.passages} passages"))
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


def _not_found(archive: "ArchiveOut | Facts") -> str:
    """Count the articles that are stored but not found."""
    counts = {"superseded": archive.superseded, "withdrawn": archive.withdrawn}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f"; {told} (kept, but found by no question)" if told else ""


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none stated"


def plain(text: str) -> str:
    """Replace what could control the terminal."""
    return "".join(character if character.isprintable() or character in _SHAPING else " " for character in text)


_STYLES = {
    "exact": "bold green",
    "normalised": "green",
    "misattributed": "bold yellow",
    "stitched": "bold magenta",
    "absent": "bold red",
    "refused": "bold red",
}
_INDENT = (0, 0, 0, 3)
_AROUND = 160


def render_verification(console: Console, response: "VerificationResponse") -> None:
    """Print each claim with its status and its real place, then what was refused, then the counts."""
    for result in response.results:
        _render_result(console, result)
    for refused in response.refused:
        console.print(Text("refused ", _STYLES["refused"]) + Text(f" {plain(refused.where)}", "dim"))
        console.print(Padding(Text(plain(refused.reason)), (0, 0, 1, 3)))
    console.print(_summary(response))


def render_cited_quote(console: Console, cited: "CitedQuoteResponse", body: str) -> None:
    """Print a quote with a little of what stands around it, and where it is from."""
    start, end = max(0, cited.start - _AROUND), min(len(body), cited.end + _AROUND)
    console.print(
        Text(("… " if start else "") + plain(body[start : cited.start]), "dim")
        + Text(plain(cited.quote), "bold")
        + Text(plain(body[cited.end : end]) + (" …" if end < len(body) else ""), "dim")
    )
    console.print()
    _print_place(console, cited)
    if cited.moved:
        console.print(
            Text("The article has changed since it was cited; the quote stands elsewhere in it now.", "yellow")
        )


def _render_result(console: Console, result: "VerificationOut") -> None:
    status = result.status.value
    moved = Text(" (moved)", "yellow") if result.moved else Text()
    withdrawn = Text(" (withdrawn)", "bold red") if result.found and result.found.withdrawn else Text()
    superseded = Text(" (superseded)", "yellow") if result.found and result.found.superseded_by else Text()
    where = Text(f"  {plain(result.where)}", "dim")
    console.print(Text(status, _STYLES[status]) + moved + withdrawn + superseded + where)
    if result.claim.quote is not None:
        console.print(Padding(Text(plain(result.claim.quote)), _INDENT))
    if status != "exact" or result.moved:
        console.print(Padding(Text(plain(result.reason), "dim"), _INDENT))
    place = result.found or result.closest
    if place:
        if place.quote != result.claim.quote:
            label = "there: " if result.found else "closest: "
            console.print(Padding(Text(label, "dim") + Text(plain(place.quote), "italic"), _INDENT))
        _print_place(console, place, _INDENT[-1])
    console.print()


def _print_place(console: Console, place: "PlaceOut", indent: int = 0) -> None:
    """Print where a quote stands."""
    padding = (0, 0, 0, indent)
    console.print(Padding(Text(plain(place.headline) or "(no headline)", "cyan"), padding))
    console.print(Padding(provenance(place.source, place.published), padding))
    for line in _what_became_of_citation(place):
        console.print(Padding(line, padding))
    if place.link:
        print_address(console, place.link, indent)
    console.print(Padding(Text(f"[{place.start}:{place.end}] of {plain(place.article_id)}", "dim"), padding))
    console.print(Padding(Text(f"citation {plain(place.id)}", "dim"), padding))


def _what_became_of_citation(place: "PlaceOut") -> list[Text]:
    """Say that an article does not count any more as it was published."""
    lines = []
    if withdrawn := place.withdrawn:
        when = f" on {withdrawn.published.value}" if withdrawn.published else ""
        lines.append(Text(plain(f"Withdrawn{when}, not to be quoted: {withdrawn.reason}"), "bold red"))
    if place.superseded_by:
        lines.append(Text(plain(f"Superseded by {place.superseded_by}, which may say otherwise"), "bold yellow"))
    return lines


def _summary(response: "VerificationResponse") -> Text:
    if response.nothing_to_check:
        text = Text("Nothing to check. ", "bold yellow") + Text("There was no quote in it.")
    else:
        counts = response.counts.model_dump() | {
            "from withdrawn articles": response.withdrawn,
            "from superseded articles": response.superseded,
        }
        told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        verdict = Text("Verified. ", "bold green") if response.verified else Text("Not verified. ", "bold red")
        text = verdict + Text(f"{told}.")
    if response.unchecked_words:
        text += Text(f" {response.unchecked_words} words outside quotations were not checked.", "dim")
    return text
