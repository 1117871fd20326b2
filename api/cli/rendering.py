"""Results as people read them in a terminal.

Everything from articles is untrusted: it is printed as plain text, never as markup, without control characters.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from api.schemas import (
        AnswerResponse,
        ArchiveOut,
        ArticleResponse,
        ArticleTimes,
        CitationOut,
        PublicationOut,
        ReadingOut,
        SearchedOut,
        SearchResponse,
        StatusResponse,
        TimelineResponse,
    )
    from indexer.pipeline import IndexReport
    from search.timeline import Grouping

_SHOWN_SKIPPED = 20


def render_answer(console: Console, answer: "AnswerResponse") -> None:
    """Print an answer: citations, or why there is none and what came nearest."""
    _say_constraint(console, answer.reading, answer.searched)
    if answer.found:
        for number, citation in enumerate(answer.citations, start=1):
            console.print(_citation(number, citation, emphasised=number == 1))
        return
    console.print(Text("Not found. ", "bold yellow") + Text(plain(answer.reason)))
    if answer.nearest:
        console.print(Text("Nearest, but no answer:", "dim"))
        console.print(_citation(None, answer.nearest, emphasised=False))
    console.print(_coverage(answer.searched))


def render_search(console: Console, result: "SearchResponse") -> None:
    """Print ranked passages."""
    _say_constraint(console, result.reading, result.searched)
    if not result.passages:
        console.print(Text("No passage matches. ", "bold yellow"))
        console.print(_coverage(result.searched))
    for number, citation in enumerate(result.passages, start=1):
        console.print(_citation(number, citation, emphasised=False))


def render_timeline(console: Console, timeline: "TimelineResponse") -> None:
    """Print a timeline, group by group."""
    if not timeline.groups:
        console.print(Text("Nothing on this speaks of a time. ", "bold yellow"))
        console.print(_coverage(timeline.searched))
    for group in timeline.groups:
        console.print(Text(_group_name(group.begins, timeline.grouping), "bold cyan"))
        for entry in group.entries:
            citation = entry.citation
            days = str(entry.first) if entry.first == entry.last else f"{entry.first} to {entry.last}"
            words = f'  "{plain(citation.when.words)}"' if citation.when else ""
            console.print(Padding(Text(days, "bold") + Text(words, "dim"), (0, 0, 0, 2)))
            console.print(Padding(Text(plain(citation.quote)), (0, 0, 0, 4)))
            console.print(Padding(_provenance(citation.source, citation.published, None), (0, 0, 1, 4)))


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
    console.print(table)


def render_article(console: Console, article: "ArticleResponse", highlighted: tuple[int, int] | None) -> None:
    """Print an article, with a slice of its body highlighted."""
    console.print(Text(plain(article.headline) or "(no headline)", "bold"))
    for line in (article.standfirst, article.byline):
        if line:
            console.print(Text(plain(line), "italic"))
    console.print(_provenance(article.source, article.published, article.url))
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
            lines.append(plain(f"Same text: {copy.article_id} ({copy.source or 'source unknown'}{published})"))
    return lines


def render_status(console: Console, status: "StatusResponse") -> None:
    """Print what an archive holds and what model reads for it."""
    archive, model = status.archive, status.model
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    dates = f"{archive.first_published} to {archive.last_published}" if archive.first_published else "unknown"
    if archive.undated:
        dates += f", {archive.undated} undated"
    rows = {
        "archive": f"{archive.folder} (snapshot {archive.snapshot}, {archive.bytes_on_disk / 1e6:.1f} MB)",
        "articles": f"{archive.articles}, published {dates}{_not_found(archive)}",
        "families": f"{archive.families} of more than one article",
        "passages": str(archive.passages),
        "sources": _counts(archive.sources),
        "sections": _counts(archive.sections),
        "languages": _counts(archive.languages),
        "model": f"{archive.model} ({archive.fingerprint[:12]}, {archive.dimension} dimensions)",
    }
    if model:
        rows["run by"] = f"{model.backend} {model.precision}, agreement with torch fp32 {model.agreement:.5f}"
        if model.note:
            rows["note"] = f"torch runs the model: {model.note}"
    for name, value in rows.items():
        table.add_row(name, Text(plain(value)))
    console.print(table)


def render_report(console: Console, report: "IndexReport") -> None:
    """Print the summary of an indexing run."""
    changes = ", ".join(
        f"{count} {name}"
        for name, count in (
            ("added", report.added),
            ("replaced", report.replaced),
            ("unchanged", report.unchanged),
            ("outdated", report.outdated),
            ("withdrawn", report.withdrawn),
            ("removed", report.removed),
        )
        if count or name == "added"
    )
    console.print(
        Text(f"{report.files} files, articles: {changes}; {report.passages} passages embedded")
        + Text(f" in {report.seconds:.1f} s ({report.passages_per_second:.0f} passages/s)", "dim")
    )
    if report.skipped:
        console.print(Text(f"{len(report.skipped)} skipped:", "yellow"))
        for skipped in report.skipped[:_SHOWN_SKIPPED]:
            console.print(Text(f"  {plain(skipped.origin)}: ", "default") + Text(plain(skipped.reason), "dim"))
        if len(report.skipped) > _SHOWN_SKIPPED:
            console.print(Text(f"  and {len(report.skipped) - _SHOWN_SKIPPED} more; --json lists them all", "dim"))


def _citation(number: int | None, citation: "CitationOut", *, emphasised: bool) -> Group:
    mark = Text(f"{number}. " if number else "   ", "bold cyan")
    quote = Text(plain(citation.quote), "bold" if emphasised else "default")
    place = f"[{citation.start}:{citation.end}] of {plain(citation.article_id)}, score {citation.score:.2f}"
    return Group(
        mark + quote,
        *([Padding(_when(citation), (0, 0, 0, 3))] if citation.when else []),
        Padding(Text(plain(citation.headline) or "(no headline)", "cyan"), (0, 0, 0, 3)),
        Padding(_provenance(citation.source, citation.published, citation.link or citation.url), (0, 0, 0, 3)),
        Padding(Text(place, "dim"), (0, 0, 1, 3)),
    )


def _when(citation: "CitationOut") -> Text:
    """Say what the time expression that answers means: what was said, on which day, and what that comes to."""
    when = citation.when
    if when is None:
        return Text()
    start, end = when.interval.start, when.interval.end
    first = start.date() if isinstance(start, datetime) else start
    last = (
        (end - timedelta(microseconds=1)).date() if isinstance(end, datetime) else end and end - timedelta(days=1)
    )
    if first and last:
        days = str(first) if first == last else f"{first} to {last}"
    else:
        days = f"from {first}" if first else f"until {last}"
    day = citation.published.value[:10] if citation.published else ""
    said = f", said on {day}" if day and when.anchor.startswith(day) else ""
    return (
        Text(f'"{plain(when.words)}"{said}: ') + Text(days, "bold green") + Text(f" ({when.interval.granularity})")
    )


def _group_name(begins: date, grouping: "Grouping") -> str:
    return {"day": f"{begins:%-d %B %Y}", "month": f"{begins:%B %Y}", "year": f"{begins:%Y}"}[grouping.value]


def _provenance(source: str | None, published: "PublicationOut | None", url: str | None) -> Text:
    date = published.value if published else "publication date unknown"
    text = Text(", ".join(part for part in (plain(source or ""), date) if part))
    if url:
        text += Text(f"  {plain(url)}", "blue")
    return text


def _say_constraint(console: Console, reading: "ReadingOut", searched: "SearchedOut") -> None:
    """Say which time in the question was applied."""
    if reading.constraint is None:
        return
    words, period = plain(reading.constraint.words), reading.constraint.period
    days = f"{period.first or '...'} to {period.last or '...'}"
    if searched.filter.from_or_about:
        console.print(Text(f'Only what was published in, or speaks of, "{words}": {days}\n', "dim"))
    elif reading.constraint.relative and not (searched.filter.published_from or searched.filter.published_to):
        console.print(Text(f'"{words}" was not applied: {days}, as said today; --as-of asks as of a day\n', "dim"))


def _coverage(searched: "SearchedOut") -> Text:
    if not searched.articles:
        return Text("The archive is empty.", "dim")
    dates = (
        f", published {searched.first_published} to {searched.last_published}" if searched.first_published else ""
    )
    return Text(f"The archive holds {searched.articles} articles{dates}.", "dim")


def _not_found(archive: "ArchiveOut") -> str:
    """Count the articles that are stored but not found."""
    counts = {"superseded": archive.superseded, "withdrawn": archive.withdrawn}
    return "".join(f"; {count} {name}" for name, count in counts.items() if count)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none stated"


def plain(text: str) -> str:
    """Replace what could control the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
