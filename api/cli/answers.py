"""Answers, search results and timelines as people read them in a terminal."""

from datetime import datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.cli.receipt import print_receipt
from api.cli.rendering import plain, print_address, print_table, provenance
from search.asking.not_found import shown_apart
from search.asking.tier import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from api.schemas import (
        AnswerResponse,
        CitationOut,
        CorroborationOut,
        DisagreementOut,
        EarlierOut,
        FollowUpOut,
        IntervalOut,
        ListedOut,
        ReadingOut,
        SearchedOut,
        SearchResponse,
        StatementOut,
        TimelineResponse,
    )
    from search.asking.timeline import Grouping

_INDENT = (0, 0, 0, 3)
_SHOWN_COPIES = 5
_SHOWN_SOURCES = 8
_LEAST_SIDE_BY_SIDE = 72
_WEAKER = 0.5
_OPENING_WORDS = 6
_WHOLE_DAY = len("2024-09-10")
_MARKS = '"“”„«»'
_STANDING_STYLES = {
    "predicted": "yellow",
    "threatened": "red",
    "denied": "red",
    "conditional": "yellow",
    "asked": "yellow",
    "asserted": "dim",
}


def render_answer(console: Console, answer: "AnswerResponse") -> None:
    """Print an answer: citations, or why there is none and what came nearest; of several questions each."""
    if answer.follow_up:
        _say_follow_up(console, answer.follow_up)
    for part in answer.parts:
        console.print(Text(plain(part.question), "bold cyan"))
        render_answer(console, part)
    if answer.parts or (answer.follow_up and answer.follow_up.possible):
        return
    _say_constraint(console, answer.reading, answer.searched)
    if answer.found:
        _print_found(console, answer)
    else:
        _print_not_found(console, answer)
    if answer.receipt:
        print_receipt(console, answer, answer.receipt)


def _print_found(console: Console, answer: "AnswerResponse") -> None:
    perhaps = answer.tier is Tier.PERHAPS
    marked = answer.citations[0].answer
    if marked and not perhaps:
        console.print(Text(f"{plain(marked.words)}\n", "bold green"))
    if perhaps:
        console.print(Text("Perhaps. ", "bold yellow") + Text("This may not answer:\n", "dim"))
    for number, citation in enumerate(answer.citations, start=1):
        if number == 1 + _as_strong(answer.citations):
            console.print(Text("Weaker evidence:\n", "dim"))
        sureness = f"{answer.probability:.0%}" if number == 1 else ""
        _print_citation(console, number, citation, emphasised=number == 1 and not perhaps, sureness=sureness)
    _say_listed(console, answer.listed)
    _say_history(console, answer.history)
    if answer.corroboration:
        _say_corroboration(console, answer.citations[0], answer.corroboration)


def _print_not_found(console: Console, answer: "AnswerResponse") -> None:
    console.print(Text("Not found. ", "bold yellow") + Text(plain(answer.reason)))
    if answer.nearest:
        console.print(Text("Nearest, but no answer:", "dim"))
        sureness, _ = shown_apart(answer.probability, answer.bounds.perhaps)  # as the reason has it
        _print_citation(console, None, answer.nearest, emphasised=False, sureness=sureness)
    console.print(_coverage(answer.searched))


def _say_follow_up(console: Console, follow_up: "FollowUpOut") -> None:
    """Say how a question was read with those before it, or which readings it has."""
    if not follow_up.possible:
        console.print(Text("read as: ", "dim") + Text(f"{plain(follow_up.text)}\n", "cyan"))
        return
    console.print(Text(f'What is meant by "{plain(follow_up.unclear)}"?', "bold yellow"))
    for number, reading in enumerate(follow_up.possible, start=1):
        console.print(Padding(Text(f"{number}. ", "bold cyan") + Text(plain(reading)), _INDENT))


def _say_listed(console: Console, listed: "Sequence[ListedOut]") -> None:
    if listed:
        names = ", ".join(f"{plain(one.quote)} ({len(one.articles)})" for one in listed)
        console.print(Text("Named, by articles: ", "dim") + Text(names) + Text("\n"))


def render_search(console: Console, result: "SearchResponse") -> None:
    """Print ranked passages."""
    _say_constraint(console, result.reading, result.searched)
    if result.passages and result.held and not result.held.complete:
        console.print(Text(f"{result.held.articles} articles with these words; there may be more.\n", "dim"))
    if not result.passages:
        console.print(Text("No passage matches. ", "bold yellow") + Text(plain(result.reason)))
        console.print(_coverage(result.searched))
    for number, citation in enumerate(result.passages, start=1):
        _print_citation(console, number, citation, emphasised=False)


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
            for said in _said(citation):
                console.print(Padding(said, (0, 0, 0, 4)))
            console.print(Padding(provenance(citation.source, citation.published), (0, 0, 1, 4)))


def _print_citation(
    console: Console, number: int | None, citation: "CitationOut", *, emphasised: bool, sureness: str = ""
) -> None:
    """Print a citation; the one that an answer rests on with the probability of that answer."""
    mark = Text(f"{number}. " if number else "   ", "bold cyan")
    console.print(mark + _quote(citation, "bold" if emphasised else "default"))
    for line in (
        _when(citation),
        *_said(citation),
        Text(plain(citation.headline) or "(no headline)", "cyan"),
        provenance(citation.source, citation.published),
    ):
        if line:
            console.print(Padding(line, _INDENT))
    if address := citation.link or citation.url:
        print_address(console, address, indent=_INDENT[-1])
    if copies := _copies(citation):
        console.print(Padding(copies, _INDENT))
    place = f"[{citation.start}:{citation.end}] of {plain(citation.article_id)}, score {citation.score:.2f}"
    if sureness:
        place += f", {sureness} probable"
    console.print(Padding(Text(place, "dim"), _INDENT))
    console.print()


def _quote(citation: "CitationOut", style: str) -> Text:
    """The quote, with the words that answer underlined."""
    answer = citation.answer
    if answer is None or not citation.start <= answer.start < answer.end <= citation.end:
        return Text(_lines(citation.quote), style)
    start, end = answer.start - citation.start, answer.end - citation.start
    return (
        Text(_lines(citation.quote[:start]), style)
        + Text(_lines(citation.quote[start:end]), f"{style} underline green")
        + Text(_lines(citation.quote[end:]), style)
    )


def _lines(text: str) -> str:
    """Plain text, each paragraph on a line of its own."""
    return "\n".join(plain(paragraph) for paragraph in text.split("\n\n"))


def _as_strong(citations: "Sequence[CitationOut]") -> int:
    """How many of the first citations are about as strong, each by itself, as the first."""
    first, *others = (citation.probability_alone or 0.0 for citation in citations)
    return 1 + sum(1 for _ in takewhile(lambda alone: alone >= _WEAKER * first, others))


def _said(citation: "CitationOut") -> list[Text]:
    """How what is quoted is put forward, and by whom: one line if its sentences agree, else a line for each.

    A passage cited whole gets one line that sums them up. None when the article itself asserts it all.
    """
    labels = [_label(statement) for statement in citation.statements]
    if not any(label.plain != "asserted" for label in labels):
        return []
    distinct = {label.plain: label for label in labels}
    if citation.standing is None:
        return [Text("in it: ", "dim") + Text("; ").join(distinct.values())]
    if len(distinct) == 1:
        return labels[:1]
    openings = (_opening(citation, statement) for statement in citation.statements)
    return [Text(f'"{opening}" ', "dim") + label for opening, label in zip(openings, labels, strict=True)]


def _label(statement: "StatementOut") -> Text:
    standing, speaker = statement.standing.value, statement.speaker
    if speaker is None:
        return Text(standing, _STANDING_STYLES[standing])
    role = f" ({plain(speaker.role)})" if speaker.role else ""
    said = "said" if standing == "asserted" else standing
    return Text(said, _STANDING_STYLES[standing]) + Text(f", by {plain(speaker.name)}{role}", "default")


def _opening(citation: "CitationOut", statement: "StatementOut") -> str:
    """The first words of one of the sentences of a quote."""
    words = citation.quote[statement.start - citation.start : statement.end - citation.start].split()
    opening = plain(" ".join(words[:_OPENING_WORDS])).strip(_MARKS)  # it is put between such marks itself
    return opening + ("..." if len(words) > _OPENING_WORDS else "")


def _copies(citation: "CitationOut") -> Text | None:
    """The other articles of the same family: those that have the quote too, and other versions of the story."""
    if citation.family is None:
        return None
    family = citation.family
    others = [copy for copy in (family.origin, *family.copies) if copy.article_id != citation.article_id]
    parts = []
    for title, copies in (
        ("also in", [copy for copy in others if copy.has_quote is not False]),
        ("other versions", [copy for copy in others if copy.has_quote is False]),
    ):
        named = [
            plain(copy.source or copy.article_id)
            + (" (first)" if copy is family.origin and family.first_is_known else "")
            for copy in copies[:_SHOWN_COPIES]
        ]
        more = f" and {len(copies) - _SHOWN_COPIES} more" if len(copies) > _SHOWN_COPIES else ""
        if named:
            parts.append(f"{title}: {', '.join(named)}{more}")
    return Text("; ".join(parts), "dim")


def _say_history(console: Console, history: "Sequence[EarlierOut]") -> None:
    """Tell what was reported before, the newest first: "earlier: 2,000 (6 February 2023)"."""
    for one in history:
        day = _day_in_words(one.published.value)
        if one.words:
            told = Text("earlier: ", "dim") + Text(plain(one.words), "yellow") + Text(f" ({day})")
            console.print(Padding(told, _INDENT))
        else:
            console.print(Padding(Text(f"earlier ({day}): ", "dim") + _quote(one.citation, "default"), _INDENT))
    if history:
        console.print()


def _day_in_words(published: str) -> str:
    """A day of publication as people write it: "6 February 2023"; a month or a year as it is."""
    return f"{datetime.fromisoformat(published):%-d %B %Y}" if len(published) >= _WHOLE_DAY else published


def _say_corroboration(console: Console, answer: "CitationOut", found: "CorroborationOut") -> None:
    if found.families > 1:
        others = ", ".join(
            f"{plain(citation.source or citation.article_id)} {_day(citation)}" for citation in found.supporting
        )
        console.print(
            Text(f"{found.families} reports say so, none a copy of another or of the same known source", "green")
            + Text(f": also {others}", "dim")
        )
    contradicting = [one for one in found.differing if one.order.value == "same day"]
    other_days = [one for one in found.differing if one.order.value != "same day"]
    for title, differing in (
        ("Reports of the same day differ:", contradicting),
        ("Reports of other days say otherwise:", other_days),
    ):
        if differing:
            console.print(Text(title, "bold yellow"))
            print_table(console, _side_by_side(answer, differing), least_width=_LEAST_SIDE_BY_SIDE)


def _side_by_side(answer: "CitationOut", differing: "Sequence[DisagreementOut]") -> Table:
    """The answer and what differs from it, each with its publication and the time that it speaks of."""
    table = Table(box=None, padding=(0, 2, 0, 3))
    for name in ("published", "speaks of", "source", "difference", "words"):
        table.add_column(name, style="dim" if name in {"published", "difference"} else "")
    for difference, citation in (
        ("this answer", answer),
        *((f"another {one.difference.value}, {one.order.value}", one.citation) for one in differing),
    ):
        source = Text(plain(citation.source or citation.article_id))
        table.add_row(_day(citation), Text(_time_meant(citation)), source, difference, _quote(citation, "default"))
    return table


def _time_meant(citation: "CitationOut") -> str:
    """The days of the time that answers, or else of the first that the quote bounds."""
    times = [citation.when] if citation.when else citation.times
    return next((_days(time.interval) for time in times if time.interval), "")


def _when(citation: "CitationOut") -> Text | None:
    """Say what the time expression that answers means: what was said, on which day, and what that comes to."""
    when = citation.when
    if when is None:
        return None
    days = _days(when.interval)
    day = _day(citation)
    said = f", said on {day}" if day and when.anchor.startswith(day) else ""
    return (
        Text(f'"{plain(when.words)}"{said}: ') + Text(days, "bold green") + Text(f" ({when.interval.precision})")
    )


def _days(interval: "IntervalOut") -> str:
    start, end = interval.start, interval.end
    first = start.date() if isinstance(start, datetime) else start
    last = (
        (end - timedelta(microseconds=1)).date() if isinstance(end, datetime) else end and end - timedelta(days=1)
    )
    if first and last:
        return str(first) if first == last else f"{first} to {last}"
    return f"from {first}" if first else f"until {last}"


def _day(citation: "CitationOut") -> str:
    return citation.published.value[:10] if citation.published else ""


def _group_name(begins: "date", grouping: "Grouping") -> str:
    return {"day": f"{begins:%-d %B %Y}", "month": f"{begins:%B %Y}", "year": f"{begins:%Y}"}[grouping.value]


def _say_constraint(console: Console, reading: "ReadingOut", searched: "SearchedOut") -> None:
    """Say which words of the question were read otherwise, and which time in it was applied."""
    for word, other in reading.respelt:
        console.print(Text(f'"{plain(word)}" was read as "{plain(other)}".\n', "dim"))
    if reading.constraint is None:
        return
    words, period = plain(reading.constraint.words), reading.constraint.period
    days = f"{period.first or '...'} to {period.last or '...'}"
    if searched.filter.from_or_about:
        console.print(Text(f'Only what was published in, or speaks of, "{words}": {days}\n', "dim"))
    elif reading.constraint.relative and not (
        searched.filter.published_from or searched.filter.published_to or searched.filter.about
    ):
        console.print(Text(f'"{words}" was not applied: {days}, as said today; --as-of asks as of a day\n', "dim"))


def _coverage(searched: "SearchedOut") -> Text:
    """Say what the archive covers: how many articles, from when to when, of which sources."""
    if not searched.articles:
        return Text("The archive is empty.", "dim")
    dates = (
        f", published {searched.first_published} to {searched.last_published}" if searched.first_published else ""
    )
    names = [plain(source) for source in list(searched.sources)[:_SHOWN_SOURCES]]
    more = len(searched.sources) - len(names)
    sources = f", by {', '.join(names)}{f' and {more} more' if more else ''}" if names else ""
    yet = "" if searched.verified else " Its indexes are not verified yet."
    return Text(f"The archive holds {searched.articles} articles{dates}{sources}.{yet}", "dim")
