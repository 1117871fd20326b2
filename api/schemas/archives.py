"""Responses about the archive and its articles."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Protocol, Self

from pydantic import BeforeValidator, Field

from api.schemas.base import ArticleId, Byline, Headline, Language, Section, Shape, Source, TimeOut, Url
from api.schemas.citations import FamilyOut, PublicationOut, Published, StatementOut
from search.archive.protocol import Snapshot, dossier_of
from search.archive.records import Dossier
from search.article import Article, NoticeKind, Span, Withdrawal
from search.family import Family
from search.models.close_reading import CloseReaderCard
from search.models.embedding import ModelCard
from search.quoting.alignment import CitationStatus
from search.times import TimeMention


class NoticeOut(Shape):
    """What an article says of an earlier version."""

    kind: NoticeKind = Field(description="That it corrects it.", examples=[NoticeKind.CORRECTION])
    text: str = Field(
        description="In its own words.", examples=["This version corrects the day of the next round."]
    )


class WithdrawalOut(Shape):
    """A publisher's notice that an article must not be used any more."""

    reason: str = Field(
        description="Why, in the publisher's words.", examples=["cancelled by its publisher (status 'canceled')."]
    )
    published: Annotated[
        PublicationOut | None, Field(description="When it was issued; null when it does not say.")
    ]
    origin: str = Field(
        description="The file it was read from, with the record's place in it after `#`.",
        examples=["wire/2024-09-10.jsonl#17"],
    )


class ArticleResponse(Shape):
    """A stored article, whole."""

    id: ArticleId
    headline: Headline
    standfirst: str | None = Field(description="The summary under the headline.", examples=["Sanctions follow."])
    byline: Byline
    dateline: str | None = Field(
        description="Where (and when) it was filed, as printed.", examples=["LONDON, Sept 10"]
    )
    published: Published
    source: Source
    url: Url
    section: Section
    language: Language
    version: int | None = Field(
        description="Number of this version, where its publisher counts them; null otherwise.", examples=[2]
    )
    supersedes: str | None = Field(description="Id of the article in whose place it is.", examples=[None])
    notice: NoticeOut | None = Field(description="That it corrects an earlier version; null if it says nothing.")
    superseded_by: str | None = Field(
        description="Id of the article in whose favour this one is not found any more.", examples=[None]
    )
    withdrawn: WithdrawalOut | None = Field(
        description="The notice that withdrew it, so that it is not found any more; null if none did."
    )
    family: FamilyOut | None = Field(description="The articles that it is one witness with, itself among them.")
    origin: str = Field(
        description="The file it was read from, with the record's place in it after `#`.",
        examples=["corpus/json/five-articles-2023-2024.jsonl#2"],
    )
    content_hash: str = Field(
        description="SHA-256 (hex) over everything but id and origin: equal content, equal hash.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    body: str = Field(
        description="Plain text in Unicode NFC, paragraphs parted by a blank line; what all offsets count in.",
        examples=["The talks lasted two hours.\n\nNo date was set for the next round."],
    )
    passages: tuple[tuple[int, int], ...] = Field(
        description="Where its passages stand in the body, each `[start, end)` in code points, in order.",
        examples=[[[0, 27], [29, 64]]],
    )

    @classmethod
    def of(
        cls,
        article: Article,
        passages: Iterable[Span],
        *,
        superseded_by: str | None = None,
        withdrawn: Withdrawal | None = None,
        family: Family | None = None,
    ) -> Self:
        """Shape an article, its passages, and what became of it."""
        others = {
            "passages": [(span.start, span.end) for span in passages],
            "superseded_by": superseded_by,
            "withdrawn": withdrawn,
            "family": family,
        }
        mirrored = {name: getattr(article, name) for name in cls.model_fields if name not in others}
        return cls.model_validate({**mirrored, **others})

    @classmethod
    def load(cls, snapshot: Snapshot, article_id: str) -> Self:
        """Load an article with what became of it.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        dossier = dossier_of(snapshot, article_id)
        return cls.of(
            dossier.article,
            dossier.passages,
            superseded_by=dossier.superseded_by,
            withdrawn=dossier.withdrawal,
            family=dossier.family,
        )


class ArticleTimes(Shape):
    """The time expressions of an article."""

    article_id: ArticleId
    headline: Headline
    published: Published
    times: tuple[TimeOut, ...] = Field(description="In the order of the text.")

    @classmethod
    def of(cls, article: Article, mentions: Iterable[TimeMention]) -> Self:
        """Shape the time mentions of an article."""
        return cls(
            article_id=article.id,
            headline=article.headline,
            published=PublicationOut.model_validate(article.published) if article.published else None,
            times=tuple(TimeOut.model_validate(mention) for mention in mentions),
        )


class ReadingsResponse(Shape):
    """What was read into a stored article."""

    article_id: ArticleId
    content_hash: str = Field(
        description="The article's, so that offsets are not taken for those of another text.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    times: tuple[TimeOut, ...] = Field(description="Its time expressions, in the order of the text.")
    statements: tuple[StatementOut, ...] = Field(
        description="Its sentences that are not plainly asserted by the article itself, in the order of the text."
    )

    @classmethod
    def load(cls, snapshot: Snapshot, article_id: str) -> Self:
        """Load what was read into an article.

        Raises:
            ArticleNotFoundError: If there is none of this id.
        """
        return cls.of(dossier_of(snapshot, article_id))

    @classmethod
    def of(cls, dossier: Dossier) -> Self:
        """Shape what was read into an article."""
        return cls(
            article_id=dossier.article.id,
            content_hash=dossier.article.content_hash,
            times=tuple(TimeOut.model_validate(mention) for mention in dossier.mentions),
            statements=tuple(StatementOut.model_validate(statement) for statement in dossier.statements),
        )


class Held(Protocol):
    """An archive as far as it is told of."""

    @property
    def bytes_on_disk(self) -> int | None:
        """Size of its folder; None where that is not to be told."""
        ...

    @property
    def written(self) -> datetime | None:
        """When its database was last written to; None where that is not to be told."""
        ...

    @property
    def being_written(self) -> bool:
        """Whether articles are being stored in it now."""
        ...

    def stored(self) -> AbstractContextManager[Snapshot]:
        """Hold the last committed state without its indexes."""
        ...


class ArchiveOut(Shape):
    """What an archive holds."""

    folder: Annotated[str, BeforeValidator(str)] = Field(
        description="Where it is on the machine that answers.", examples=[".dateline"]
    )
    archive_id: str = Field(
        description="Its own id, made when it was.", examples=["6f1c2b8e0d6b4f7a9c3e5d2a1b0f4e6d"]
    )
    snapshot: int = Field(description="Number of its last committed change.", examples=[3])
    schema_version: int = Field(description="Version of its database's schema.", examples=[1])
    model: str = Field(description="Name of the model that its vectors are from.", examples=["all-MiniLM-L6-v2"])
    fingerprint: str = Field(description="SHA-256 (hex) that identifies that model.", examples=["53aa51172d14"])
    dimension: int = Field(description="Length of a vector.", examples=[384])
    articles: int = Field(description="How many articles can be found.", examples=[40])
    passages: int = Field(description="How many passages can be found.", examples=[172])
    superseded: int = Field(
        description="How many articles more are stored in whose place another is.", examples=[2]
    )
    withdrawn: int = Field(
        description="How many more are stored that were withdrawn (some may be superseded too).", examples=[1]
    )
    families: int = Field(
        description="How many families of more than one article there are among those that can be found.",
        examples=[5],
    )
    first_published: date | None = Field(
        description="First day on which an article was published; null when none says.", examples=["2022-05-18"]
    )
    last_published: date | None = Field(description="Last such day.", examples=["2025-09-23"])
    undated: int = Field(description="How many articles do not say when they were published.", examples=[1])
    sources: dict[str, int] = Field(
        description="Articles by source, the most frequent first.", examples=[{"AFP": 12}]
    )
    sections: dict[str, int] = Field(
        description="Articles by section, the most frequent first.", examples=[{"World": 20}]
    )
    languages: dict[str, int] = Field(
        description="Articles by language, the most frequent first.", examples=[{"en": 39, "fr": 1}]
    )
    years: dict[int, int] = Field(
        description="Articles by year of publication, in order; an article whose year is not known is not among "
        "them.",
        examples=[{"2024": 28, "2025": 11}],
    )
    written: datetime | None = Field(
        description="When its database was last written to, in UTC; null where that is not known.",
        examples=["2025-09-24T06:00:12Z"],
    )
    being_written: bool = Field(
        description="Whether articles are being stored in it now; false for a key that reaches some sources only.",
        examples=[False],
    )
    bytes_on_disk: int | None = Field(
        description="Size of its folder; null for a key that reaches some sources only.", examples=[2_097_152]
    )
    verified: bool = Field(
        description="Whether its indexes are known to be as they were saved; after they were copied they are read "
        "behind the first answers.",
        examples=[True],
    )
    recall: float = Field(
        description="Share of the ten passages closest in meaning that are found, as it was measured when the "
        "index was made; 1 where every passage is compared.",
        examples=[1.0],
    )
    outdated_readings: int = Field(
        description="How many stored articles were read for times and statements by other rules than today's; "
        "`dateline rebuild --readings` reads them anew.",
        examples=[0],
    )

    @classmethod
    def of(
        cls,
        snapshot: Snapshot,
        bytes_on_disk: int | None,
        readings: str,
        *,
        written: datetime | None = None,
        being_written: bool = False,
    ) -> Self:
        """Shape what a snapshot holds.

        Args:
            snapshot: Of the archive.
            bytes_on_disk: Size of its folder; None where that is not to be told.
            readings: Fingerprint of today's rules.
            written: When its database was last written to.
            being_written: Whether articles are being stored in it now.
        """
        card, facts = snapshot.card, snapshot.facts
        outdated = sum(count for fingerprint, count in facts.readings.items() if fingerprint != readings)
        counted = {name: getattr(facts, name) for name in cls.model_fields if hasattr(facts, name)}
        stated = {name: getattr(card, name) for name in cls.model_fields if hasattr(card, name)}
        return cls(
            folder=card.place,
            years=facts.days.by_year,
            written=written,
            being_written=being_written,
            snapshot=snapshot.number,
            bytes_on_disk=bytes_on_disk,
            outdated_readings=outdated,
            **stated,
            **counted,
        )

    @classmethod
    def load(cls, archive: Held, readings: str) -> Self:
        """Shape what an archive holds now; `readings` is the fingerprint of today's rules."""
        with archive.stored() as snapshot:
            return cls.of(
                snapshot,
                archive.bytes_on_disk,
                readings,
                written=archive.written,
                being_written=archive.being_written,
            )


class ModelOut(Shape):
    """The embedding model as it is being run."""

    name: str = Field(description="The setting it was chosen by.", examples=["all-MiniLM-L6-v2"])
    fingerprint: str = Field(
        description="SHA-256 (hex) over weights, tokenizer and module configuration.", examples=["53aa51172d14"]
    )
    dimension: int = Field(description="Length of a vector.", examples=[384])
    window: int = Field(description="Most tokens that it reads of one text.", examples=[256])
    backend: str = Field(description="What runs it: `openvino` or `torch`.", examples=["openvino"])
    precision: str = Field(description="What it computes in: `bf16` or `f32`.", examples=["bf16"])
    agreement: float = Field(
        description="Smallest cosine with torch in fp32 over the probe texts; 1 for torch itself.",
        examples=[0.99994],
    )
    spread: float = Field(
        description="Standard deviation of the cosine between texts that have nothing to do with one another.",
        examples=[0.07],
    )
    note: str = Field(
        description="Why this backend runs it, when it is not the preferred one; empty otherwise.", examples=[""]
    )


class CloseReaderOut(Shape):
    """The model that reads passages together with the question, as it is being run."""

    name: str = Field(description="What it is.", examples=["adapted all-MiniLM-L6-v2"])
    fingerprint: str = Field(description="SHA-256 (hex) over its weights.", examples=["7d1a03c55e9b"])
    backend: str = Field(description="What runs it: `openvino` or `torch`.", examples=["openvino"])
    precision: str = Field(description="What it computes in: `bf16` or `f32`.", examples=["bf16"])
    note: str = Field(
        description="Why this backend runs it, when it is not the preferred one; empty otherwise.", examples=[""]
    )
    second: "CloseReaderOut | None" = Field(
        description="What reads evidence once more, so that both mark the answer in it; null where nothing does."
    )


class StatusResponse(Shape):
    """The archive, and the model that reads questions for it."""

    archive: ArchiveOut = Field(description="What the archive holds.")
    model: ModelOut | None = Field(description="The model as it is being run; null when it was not loaded.")
    close_reader: CloseReaderOut | None = Field(
        description="What reads passages together with the question; null when it was not loaded."
    )
    verified: dict[CitationStatus, int] = Field(
        description="Citations by the outcome of their verification since the server began; what is not `exact` "
        "or `normalised` were dropped. Empty on the command line.",
        examples=[{CitationStatus.EXACT: 412}],
    )

    @classmethod
    def of(
        cls,
        archive: ArchiveOut,
        card: ModelCard | None,
        close_reader: CloseReaderCard | None = None,
        verified: Mapping[CitationStatus, int] = MappingProxyType({}),
    ) -> Self:
        """Shape what an archive holds, the cards of the loaded models, and how citations were verified so far."""
        return cls(
            archive=archive,
            model=ModelOut.model_validate(card) if card else None,
            close_reader=CloseReaderOut.model_validate(close_reader) if close_reader else None,
            verified=dict(verified),
        )
