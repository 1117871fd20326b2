"""Responses to a question, with their receipts."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field

from api.schemas.base import ArticleId, End, ReadingOut, Shape, SpanOut, Start
from api.schemas.citations import CharLocation, CitationOut, PublicationOut, TrailOut
from api.schemas.searched import SearchedOut
from search.asking.citation import Citation
from search.asking.corroboration import Difference, Order
from search.asking.question import AnswerType
from search.asking.results import Answer, SearchResult, Timeline
from search.asking.retrieval import Method, Sorting
from search.asking.tier import Tier
from search.asking.timeline import Grouping
from search.quoting.alignment import CitationStatus


class BoundsOut(Shape):
    """The probabilities at which the tiers of answers begin."""

    answer: float = Field(description="Least probability of `answer`.", examples=[0.62])
    perhaps: float = Field(
        description="Least probability of `perhaps`; what is below it is `not_found`.", examples=[0.32]
    )


class FeaturesOut(Shape):
    """What was looked at in a sentence; `search.asking.evidence.features` says what each means."""

    retrieval: float = Field(description="The passage's score, less that of the best candidate.")
    passage: float = Field(description="Closeness of the passage, in units of its spread over the archive.")
    sentence: float = Field(description="Closeness of the sentence under its headline, in the same units.")
    coverage: float = Field(description="Share of the question's terms in the sentence, weighted by rarity.")
    context: float = Field(description="The same of its passage and headline.")
    names: float = Field(description="The same of the question's names and figures.")
    time: float = Field(description="Whether it bounds a time, if one is asked for.")
    figure: float = Field(description="Whether it has a figure of the kind asked for.")
    name: float = Field(description="Whether it has a name that the question does not have, if one is asked for.")
    speech: float = Field(description="Whether it reports speech, if a statement is asked for.")
    reason: float = Field(description="Whether it has a word of reason, if a reason is asked for.")
    length: float = Field(description="Natural logarithm of its number of words.")
    asks: float = Field(description="Whether it is a question itself.")
    first: float = Field(description="Whether its passage is the best candidate.")
    answers: float = Field(
        description="Log odds, by the close reader, that it answers rather than nothing in its passage."
    )


class CandidateLineOut(Shape):
    """A candidate as it was retrieved."""

    article_id: ArticleId
    trail: TrailOut = Field(description="Its offsets, ranks and scores.")


class EvidenceLineOut(Shape):
    """A piece of evidence as it was weighed."""

    article_id: ArticleId
    span: SpanOut = Field(description="The sentence, as offsets in the article's body.")
    features: FeaturesOut = Field(description="What was looked at.")
    contributions: dict[str, float] = Field(
        description="Each feature times its weight.",
        examples=[{"sentence": 3.2}],
    )
    weighed: float = Field(description="Their sum.", examples=[7.4])
    score: float = Field(
        description="What it is ranked by: their sum, or what the reranker gives.", examples=[7.4]
    )
    share: float = Field(description="Its share of the exponentials of all such sums.", examples=[0.62])
    probability_alone: float = Field(description="That it alone shows the answer, from 0 to 1.", examples=[0.71])


class ReceiptOut(Shape):
    """The whole trail of an answer."""

    reading: ReadingOut = Field(description="How the question was read.")
    expected: AnswerType = Field(description="The kind of answer it expects.", examples=[AnswerType.TIME])
    snapshot: int = Field(description="Number of the archive's last committed change.", examples=[3])
    archive_id: str = Field(description="The archive's own id.", examples=["6f1c2b8e0d6b4f7a9c3e5d2a1b0f4e6d"])
    models: dict[str, str] = Field(
        description="The models that took part, by what they did, with their fingerprints.",
        examples=[{"embedding": "all-MiniLM-L6-v2 0f3d6f1c0d9f4a52 (openvino bf16)"}],
    )
    parameters: dict[str, Any] = Field(description="Where the fitted weights come from.")
    unit: float = Field(description="How much cosine counts as one, for this question.", examples=[0.11])
    candidates: tuple[CandidateLineOut, ...] = Field(description="The passages that were read, best first.")
    evidence: tuple[EvidenceLineOut, ...] = Field(description="What was weighed, best first.")
    verified: dict[CitationStatus, int] = Field(
        description="Citations by the outcome of their verification; only exact and normalised ones are returned.",
        examples=[{CitationStatus.EXACT: 3}],
    )
    wanted_precision: float = Field(description="The setting.", examples=[0.5])
    bounds: BoundsOut = Field(description="What it comes to: the probabilities at which the tiers begin.")


Question = Annotated[
    str, Field(description="The question, white space collapsed.", examples=["When will missiles be used?"])
]


class HeldOut(Shape):
    """What came of holding phrases in quotation marks to the text of articles."""

    phrases: tuple[str, ...] = Field(
        description="The phrases, without their marks; every passage is of an article that has all of them.",
        examples=[["within weeks"]],
    )
    articles: int = Field(description="How many articles were found that have them.", examples=[3])
    complete: bool = Field(
        description="Whether these are all that do; if not, so many may that not all were looked at.",
        examples=[True],
    )


class SearchResponse(Shape):
    """Ranked passages for a question."""

    question: Question
    reading: ReadingOut = Field(description="What was read out of it.")
    method: Method = Field(description="How passages were ranked.", examples=[Method.FUSED])
    passages: tuple[CitationOut, ...] = Field(description="Each cited whole, in the order of `sorting`.")
    searched: SearchedOut = Field(description="What was searched.")
    sorting: Sorting = Field(description="The order of the passages found.", examples=[Sorting.RELEVANCE])
    reason: str = Field(description="Why there are no passages; empty where there are some.", examples=[""])
    held: HeldOut | None = Field(
        description="What came of phrases in quotation marks; null where the question has none."
    )

    @classmethod
    def of(cls, result: SearchResult) -> Self:
        """Shape a search result."""
        return cls.model_validate(result)


class DisagreementOut(Shape):
    """A witness that says otherwise."""

    difference: Difference = Field(
        description="What it differs in from the best citation.", examples=[Difference.NUMBER]
    )
    order: Order = Field(
        description="Whether it is of the same day as the best citation, which it then contradicts, or of an "
        "earlier or later one: by the days that both speak of, else by their publication.",
        examples=[Order.LATER],
    )
    citation: CitationOut = Field(description="What it says.")


class CorroborationOut(Shape):
    """Who else says so, and who says otherwise."""

    families: int = Field(
        description="How many families of articles, all of different sources and speakers as far as these are "
        "known, support the answer, the best citation's included.",
        examples=[2],
    )
    supporting: tuple[CitationOut, ...] = Field(
        description="The best citation of each other family that supports it, best first."
    )
    differing: tuple[DisagreementOut, ...] = Field(
        description="The best citation of each family with another figure, time or outcome, by date of "
        "publication."
    )


class ListedOut(Shape):
    """A thing of a list that was asked for."""

    quote: str = Field(description="Exactly `body[start:end]` of the article.", examples=["Torvik"])
    article_id: ArticleId
    start: Start
    end: End
    articles: tuple[str, ...] = Field(
        description="Ids of all cited articles that name it, the best first.",
        examples=[["reuters/2024-09-10/iran"]],
    )


class EarlierOut(Shape):
    """An older report of what has changed since."""

    words: str = Field(
        description="What it gave, with its bound; empty where no short answer could be told.",
        examples=["at least 12"],
    )
    published: PublicationOut = Field(description="When it was published.")
    citation: CitationOut = Field(description="The report.")


class FollowUpOut(Shape):
    """How a question was read with those before it."""

    asked: str = Field(description="As it was asked.", examples=["and when will he go there?"])
    text: str = Field(
        description="As it was read, whole in itself; as it was asked where that cannot be told.",
        examples=["When will Blinken go to Ukraine?"],
    )
    rules: tuple[str, ...] = Field(
        description="The rules by which it was read, in order.", examples=[["person", "place"]]
    )
    unclear: str = Field(
        description="The words of which it cannot be told what they stand for; empty when there are none.",
        examples=[""],
    )
    possible: tuple[str, ...] = Field(
        description="How it may be read, where that cannot be told: questions to choose from.", examples=[[]]
    )


class AnswerResponse(Shape):
    """What the archive says to a question, or that it says nothing."""

    question: Question
    reading: ReadingOut = Field(description="What was read out of it.")
    tier: Tier = Field(
        description="Whether the evidence answers (`answer`), may answer (`perhaps`), or does not (`not_found`).",
        examples=["answer"],
    )
    found: bool = Field(description="Whether it answers, if only perhaps.", examples=[True])
    probability: float = Field(
        description="That the first citation shows the answer, from 0 to 1; 0 when there is none.",
        examples=[0.71],
    )
    bounds: BoundsOut = Field(description="The probabilities at which the tiers begin.")
    citations: tuple[CitationOut, ...] = Field(description="The evidence, best first; empty when not found.")
    articles: tuple[str, ...] = Field(
        description="Ids of the cited articles, in the order in which they are first cited.",
        examples=[["reuters/2024-09-10/iran"]],
    )
    char_locations: tuple[CharLocation, ...] = Field(
        description="The same citations, one to one, in the `char_location` shape."
    )
    corroboration: CorroborationOut | None = Field(
        description="Who else says so, and who says otherwise; null when not found."
    )
    history: tuple[EarlierOut, ...] = Field(
        description="Where what was asked for has changed, the older reports of it, the newest of them first; the "
        "first citation is then the newest. Empty when it has not changed, or nothing was found."
    )
    reason: str = Field(
        description="Why nothing was found; empty when something was.", examples=["The archive is empty."]
    )
    nearest: CitationOut | None = Field(
        description="When nothing was found, what came nearest, which is not an answer; null when nothing "
        "came near at all."
    )
    searched: SearchedOut = Field(description="What was searched.")
    receipt: ReceiptOut | None = Field(
        description="The whole trail of the answer; null unless `explain` asks for it."
    )
    listed: tuple[ListedOut, ...] = Field(
        description="What the cited articles name, where the question asks for a list; empty otherwise."
    )
    parts: tuple["AnswerResponse", ...] = Field(
        description="The answer to each, where several questions were asked in one; empty otherwise."
    )
    follow_up: FollowUpOut | None = Field(
        description="How it was read with the questions before it, where it hangs on them; null otherwise. "
        "`question` is then as it was read.",
    )

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Shape an answer."""
        articles = tuple(dict.fromkeys(citation.article_id for citation in answer.citations))
        return cls(
            question=answer.question,
            reading=ReadingOut.model_validate(answer.reading),
            tier=answer.tier,
            found=answer.found,
            probability=answer.probability,
            bounds=BoundsOut.model_validate(answer.bounds),
            citations=tuple(CitationOut.model_validate(citation) for citation in answer.citations),
            articles=articles,
            char_locations=_char_locations(answer.citations, articles),
            corroboration=CorroborationOut.model_validate(answer.corroboration) if answer.corroboration else None,
            history=tuple(EarlierOut.model_validate(one) for one in answer.history),
            reason=answer.reason,
            nearest=CitationOut.model_validate(answer.nearest) if answer.nearest else None,
            searched=SearchedOut.model_validate(answer.searched),
            receipt=ReceiptOut.model_validate(answer.receipt) if answer.receipt else None,
            listed=tuple(ListedOut.model_validate(one) for one in answer.listed),
            parts=tuple(cls.of(part) for part in answer.parts),
            follow_up=FollowUpOut.model_validate(answer.follow_up) if answer.follow_up else None,
        )


def _char_locations(citations: Iterable[Citation], articles: Sequence[str]) -> tuple[CharLocation, ...]:
    return tuple(
        CharLocation(
            cited_text=citation.quote,
            document_index=articles.index(citation.article_id),
            document_title=citation.headline or None,
            start_char_index=citation.start,
            end_char_index=citation.end,
        )
        for citation in citations
    )


class TimelineEntryOut(Shape):
    """A citation and the days that it speaks of."""

    first: date = Field(description="First day.", examples=["2024-09-10"])
    last: date = Field(description="Last day.", examples=["2024-10-10"])
    citation: CitationOut = Field(description="The evidence; its `when` tells the words that were read.")


class TimelineGroupOut(Shape):
    """The entries that begin in one day, month or year."""

    begins: date = Field(description="First day of the unit.", examples=["2024-09-01"])
    entries: tuple[TimelineEntryOut, ...] = Field(description="In the order of the days they speak of.")


class TimelineResponse(Shape):
    """Evidence on a subject, in the order of the time that it speaks of."""

    question: Question
    reading: ReadingOut = Field(description="What was read out of it.")
    grouping: Grouping = Field(description="The unit that entries are grouped by.", examples=[Grouping.MONTH])
    groups: tuple[TimelineGroupOut, ...] = Field(description="In order; empty when nothing was found.")
    searched: SearchedOut = Field(description="What was searched.")

    @classmethod
    def of(cls, timeline: Timeline) -> Self:
        """Shape a timeline."""
        return cls.model_validate(timeline)
