"""What tools give back: a few fields, and the same in words.

Those of `search` and `fetch` have the shape that connectors expect (ChatGPT's, those of deep research).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Self

from pydantic import Field

from api.schemas import (
    AnswerResponse,
    ArticleResponse,
    CitationOut,
    SearchedOut,
    Shape,
    StatusResponse,
    TimelineResponse,
    WhenOut,
)
from search.asking.tier import Tier
from search.statements import Standing

MOST_DIFFERING = 3
_MOST_SOURCES = 20

_TIERS = {
    Tier.ANSWER: "Answer",
    Tier.PERHAPS: "Perhaps: weak evidence, which is not to be told as established",
    Tier.NOT_FOUND: "Not found in the archive",
}

MOST_CHARS = 200_000
"""The most code points of an article that are given at once."""


class Quoted(Shape):
    """A verbatim quote with who says it, when, and where it stands."""

    citation_id: str = Field(description="Names the quote; the tool `cite` finds it again.")
    quote: str = Field(description="Verbatim: the article's text from `start` to `end`.")
    speaker: str | None = Field(description="Who says it, with their role; null when the article itself does.")
    standing: Standing | None = Field(description="How it is put forward; a prediction is no fact.")
    time: str | None = Field(description="The words of time that answer, and the days they mean; null if none.")
    day: str | None = Field(description="When the article was published, as precisely as it says.")
    source: str | None = Field(description="Publisher or agency.")
    headline: str = Field(description="Of the article; empty when it has none.")
    url: str = Field(description="Link to the quote on the web; empty when no address is known.")
    article_id: str = Field(description="Names the article; the tool `fetch` reads it.")
    start: int = Field(description="First code point of the quote in the article's body, 0-based.")
    end: int = Field(description="One past its last.")
    probability: float | None = Field(description="That it alone shows the answer, from 0 to 1.")

    @classmethod
    def of(cls, citation: CitationOut) -> Self:
        """Shape a citation."""
        speaker = citation.speaker
        role = f", {speaker.role}" if speaker and speaker.role else ""
        return cls(
            citation_id=citation.id,
            quote=citation.quote,
            speaker=f"{speaker.name}{role}" if speaker else None,
            standing=citation.standing,
            time=_time(citation.when) if citation.when else None,
            day=citation.published.value if citation.published else None,
            source=citation.source,
            headline=citation.headline,
            url=citation.link or web_address(citation.url),
            article_id=citation.article_id,
            start=citation.start,
            end=citation.end,
            probability=citation.probability_alone,
        )

    def in_words(self) -> str:
        """The same in words, on a line and its continuation."""
        said = self.speaker or ""
        if self.standing and self.standing is not Standing.ASSERTED:
            said = f"{said} ({self.standing.value})" if said else self.standing.value
        where = ", ".join(part for part in (self.source, self.day or "day unknown", self.headline) if part)
        parts = [f'"{self.quote}"', f" - {said}" if said else "", f"\n   {where}"]
        if self.time:
            parts.append(f"\n   time meant: {self.time}")
        if self.url:
            parts.append(f"\n   {self.url}")
        parts.append(f"\n   citation {self.citation_id}")
        return "".join(parts)


class Differing(Shape):
    """Another report that says otherwise."""

    difference: str = Field(description="What it differs in: number, time or outcome.")
    order: str = Field(
        description="Whether it is of the same day as the first quote, or of an earlier or later one."
    )
    quoted: Quoted = Field(description="What it says.")


class Earlier(Shape):
    """An older report of what has changed since."""

    words: str = Field(description="What it gave; empty where only the whole quote tells.")
    quoted: Quoted = Field(description="The report, with its day.")


class Named(Shape):
    """A thing of a list that was asked for."""

    name: str = Field(description="As the articles have it.")
    article_ids: tuple[str, ...] = Field(description="The cited articles that name it.")


class OneAnswer(Shape):
    """What the archive says to one question, or that it says nothing, which is no failure."""

    question: str = Field(description="The question that this is about.")
    read_as: tuple[str, ...] = Field(description="Its misspelt words, each with the word that it was read as.")
    found: bool = Field(description="Whether the archive answers, if only perhaps.")
    tier: Tier = Field(description="`answer`, `perhaps` (weak: not to be told as established) or `not_found`.")
    probability: float = Field(description="That the first quote shows the answer, from 0 to 1.")
    quotes: tuple[Quoted, ...] = Field(description="The evidence, best first; empty when not found.")
    supporting: int = Field(description="How many independent reports support the first quote, itself among them.")
    differing: tuple[Differing, ...] = Field(description="Reports that say otherwise.")
    reason: str = Field(description="Why nothing was found; empty when something was.")
    nearest: Quoted | None = Field(description="When nothing was found, what came nearest: not an answer.")
    searched: str = Field(description="What the archive holds.")
    earlier: tuple[Earlier, ...] = Field(
        description="Older reports of what has changed, the newest first; the first quote is newer."
    )
    listed: tuple[Named, ...] = Field(description="What the quoted articles name, where a list was asked for.")

    @classmethod
    def of(cls, answer: AnswerResponse) -> Self:
        """Shape an answer."""
        others = answer.corroboration.differing[:MOST_DIFFERING] if answer.corroboration else ()
        return cls(
            question=answer.question,
            read_as=tuple(f'"{word}" was read as "{other}"' for word, other in answer.reading.respelt),
            found=answer.found,
            tier=answer.tier,
            probability=answer.probability,
            quotes=tuple(Quoted.of(citation) for citation in answer.citations),
            supporting=answer.corroboration.families if answer.corroboration else 0,
            differing=tuple(
                Differing(
                    difference=other.difference.value, order=other.order.value, quoted=Quoted.of(other.citation)
                )
                for other in others
            ),
            reason=answer.reason,
            nearest=Quoted.of(answer.nearest) if answer.nearest else None,
            searched=_searched(answer.searched),
            earlier=tuple(Earlier(words=one.words, quoted=Quoted.of(one.citation)) for one in answer.history),
            listed=tuple(Named(name=one.quote, article_ids=one.articles) for one in answer.listed),
        )

    def in_words(self) -> str:
        """The same in words."""
        read = [f"{words}." for words in self.read_as]
        if not self.found:
            nearest = f"\n\nNearest, which is not an answer:\n   {self.nearest.in_words()}" if self.nearest else ""
            return "\n".join((f"{_TIERS[Tier.NOT_FOUND]}. {self.reason} {self.searched}", *read)) + nearest
        lines = [f"{_TIERS[self.tier]} (probability {self.probability:.2f}).", *read, *_numbered(self.quotes)]
        if self.listed:
            names = ", ".join(f"{one.name} ({', '.join(one.article_ids)})" for one in self.listed)
            lines.append(f"Named, with the articles that do: {names}")
        lines += [f"Earlier, and changed since: {one.words} {one.quoted.in_words()}" for one in self.earlier]
        if self.supporting > 1:
            lines.append(f"{self.supporting} independent reports support the first quote.")
        lines += [f"Differs in {one.difference} ({one.order}): {one.quoted.in_words()}" for one in self.differing]
        return "\n".join(lines)


class AskResult(OneAnswer):
    """What the archive says to a question, or to each of several that were asked in one."""

    parts: tuple[OneAnswer, ...] = Field(
        (), description="The answer to each, where several questions were asked in one; empty otherwise."
    )

    @classmethod
    def of(cls, answer: AnswerResponse) -> Self:
        """Shape an answer."""
        parts = tuple(OneAnswer.of(part) for part in answer.parts)
        return super().of(answer).model_copy(update={"parts": parts})

    def in_words(self) -> str:
        """The same in words; of several questions each answer under its own."""
        if not self.parts:
            return super().in_words()
        return "\n\n".join(f"{part.question}\n{part.in_words()}" for part in self.parts)


class TimelineEntry(Shape):
    """A quote and the days that it speaks of."""

    first: date = Field(description="First day.")
    last: date = Field(description="Last day.")
    quoted: Quoted = Field(description="The evidence.")


class TimelineResult(Shape):
    """Evidence on a subject in the order of the time that it speaks of."""

    found: bool = Field(description="Whether there is any.")
    entries: tuple[TimelineEntry, ...] = Field(description="In the order of their days; empty when there is none.")
    searched: str = Field(description="What the archive holds.")

    @classmethod
    def of(cls, timeline: TimelineResponse) -> Self:
        """Shape a timeline."""
        entries = tuple(
            TimelineEntry(first=entry.first, last=entry.last, quoted=Quoted.of(entry.citation))
            for group in timeline.groups
            for entry in group.entries
        )
        return cls(found=bool(entries), entries=entries, searched=_searched(timeline.searched))

    def in_words(self) -> str:
        """The same in words."""
        if not self.entries:
            return f"The archive has nothing dated on this subject. {self.searched}"
        return "\n".join(f"{_days(one.first, one.last)}: {one.quoted.in_words()}" for one in self.entries)


class StatusResult(Shape):
    """What the archive holds."""

    articles: int = Field(description="How many articles can be found.")
    first_published: date | None = Field(description="First day of publication among them.")
    last_published: date | None = Field(description="Last such day.")
    sources: dict[str, int] = Field(description="Articles by source, the most frequent first, at most 20 of them.")
    languages: dict[str, int] = Field(description="Articles by language.")
    snapshot: int = Field(description="Number of the last change; the same number, the same answers.")

    @classmethod
    def of(cls, status: StatusResponse) -> Self:
        """Shape what an archive holds."""
        held = status.archive
        return cls(
            articles=held.articles,
            first_published=held.first_published,
            last_published=held.last_published,
            sources=dict(list(held.sources.items())[:_MOST_SOURCES]),
            languages=held.languages,
            snapshot=held.snapshot,
        )

    def in_words(self) -> str:
        """The same in words."""
        held = _held(self.articles, self.first_published, self.last_published)
        sources = ", ".join(f"{name} {count}" for name, count in self.sources.items()) or "none stated"
        languages = ", ".join(f"{name} {count}" for name, count in self.languages.items()) or "none stated"
        return f"{held} Sources: {sources}. Languages: {languages}. Snapshot {self.snapshot}."


def web_address(url: str | None) -> str:
    """The address of an article if it is one of the web; else nothing."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""


def _numbered(quotes: Iterable[Quoted]) -> list[str]:
    return [f"{number}. {quoted.in_words()}" for number, quoted in enumerate(quotes, start=1)]


def _time(when: WhenOut) -> str:
    start, end = when.interval.start, when.interval.end
    first = _day(start) if start else None
    last = None
    if end:
        # The end of an interval is the day, or the instant, after its last.
        last = _day(end - (timedelta(microseconds=1) if isinstance(end, datetime) else timedelta(days=1)))
    if first and last:
        return f'"{when.words}" = {_days(first, last)}'
    return f'"{when.words}" = {f"from {first}" if first else f"until {last}"}'


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _days(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _searched(searched: SearchedOut) -> str:
    return _held(searched.articles, searched.first_published, searched.last_published)


def _held(articles: int, first: date | None, last: date | None) -> str:
    days = f", published {_days(first, last)}" if first and last else ""
    return f"The archive holds {articles:,} articles{days}."


class SearchHit(Shape):
    """An article that has to do with a query, in the shape that connectors expect."""

    id: str = Field(description="Names the article; the tool `fetch` reads it.")
    title: str = Field(description="Its headline, source and day.")
    url: str = Field(description="Its address on the web; empty when none is known.")
    text: str = Field(description="The passage of it that has most to do with the query, verbatim.")


class SearchHits(Shape):
    """Articles that have to do with a query, best first; empty when there are none."""

    results: tuple[SearchHit, ...] = Field(description="Best first.")

    @classmethod
    def of(cls, passages: Iterable[CitationOut]) -> Self:
        """Shape ranked passages."""
        return cls(
            results=tuple(
                SearchHit(
                    id=passage.article_id,
                    title=title_of(
                        passage.headline, passage.source, passage.published.value if passage.published else None
                    ),
                    url=passage.link or web_address(passage.url),
                    text=passage.quote,
                )
                for passage in passages
            )
        )

    def in_words(self) -> str:
        """The same as JSON, as connectors read it."""
        return self.to_json()


class FetchedArticle(Shape):
    """An article in the shape that connectors expect, or that there is none, which is no failure."""

    id: str = Field(description="As asked for.")
    title: str = Field(description="Headline, source and day; empty when there is no such article.")
    text: str = Field(description="The article's body; empty when there is no such article.")
    url: str = Field(description="Its address on the web; empty when none is known.")
    metadata: dict[str, str] = Field(
        description="Published, source, byline and the like; `found` is `false` when there is no such article, "
        "and `next_id` fetches what follows when the text is longer than what is given at once."
    )

    @classmethod
    def of(cls, asked: str, article: ArticleResponse, start: int = 0) -> Self:
        """Shape an article, its body from this code point on."""
        end = min(start + MOST_CHARS, len(article.body))
        stated = {
            "published": article.published.value if article.published else None,
            "source": article.source,
            "byline": article.byline,
            "dateline": article.dateline,
            "section": article.section,
            "language": article.language,
            "withdrawn": article.withdrawn.reason if article.withdrawn else None,
            "superseded_by": article.superseded_by,
            "start": str(start) if start else None,
            "next_id": f"{article.id}#char={end}" if end < len(article.body) else None,
        }
        return cls(
            id=asked,
            title=title_of(article.headline, article.source, stated["published"]),
            text=article.body[start:end],
            url=web_address(article.url),
            metadata={name: value for name, value in stated.items() if value},
        )

    @classmethod
    def missing(cls, asked: str, reason: str) -> Self:
        """Say that there is none."""
        return cls(id=asked, title="", text="", url="", metadata={"found": "false", "reason": reason})

    def in_words(self) -> str:
        """The same as JSON, as connectors read it."""
        return self.to_json()


def title_of(headline: str, source: str | None, day: str | None) -> str:
    """Name an article: its headline, and in parentheses who published it when."""
    where = ", ".join(part for part in (source, day[:10] if day else None) if part)
    return f"{headline or '(no headline)'} ({where})" if where else headline or "(no headline)"
