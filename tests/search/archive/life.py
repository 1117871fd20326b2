"""A long random life of two archives at once, one of them in memory, which have to answer alike all along.

A step is one block of a writer: a list of changes, some of them committed on the way, and at its end a commit,
nothing or an error. Each change has to have the same outcome on both sides, and after each block the two
snapshots, and those that have been held since earlier, have to agree in everything that a snapshot tells.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from search.archive import InputRecord, LocalArchive, MemoryArchive, Snapshot, Writer
from search.archive.care.checks import check
from search.archive.local.vectors import Regime
from search.archive.records import Dossier
from search.article import Article, Part, Span, Withdrawal
from search.errors import ArticleNotFoundError
from search.family import Likeness
from search.models.embedding import ModelCard
from search.statements import Speaker, Standing, Statement
from search.times import Interval, Relation, TimeMention, TimexType, Unit
from tests.fakes import HashEmbedder, make_article, published
from tests.lengths import examples
from tests.search.archive.comparison import (
    ASKED,
    DIMENSION,
    IDS,
    SEED,
    SOME_WORDS,
    WORDS,
    Asked,
    check_same,
    unit_vectors,
)

DAYS = (None, "2023", "2024", "2024-01", "2024-02", "2024-02-01", "2024-02-29T23:59", "2024-03-05", "2025-01-01")
SOURCES = (None, "Wire", "WIRE", "Ledger", "Süddeutsche Zeitung")
SECTIONS = (None, "desk 0", "desk 1")
LANGUAGES = (None, "en", "de")
SPEAKERS = ("Ana Souza", "Zoë Müller", "the mayor")
TIMES = (
    (date(2024, 2, 1), date(2024, 2, 2), Unit.DAY),
    (date(2024, 1, 1), date(2025, 1, 1), Unit.YEAR),
    (date(1990, 1, 1), date(2000, 1, 1), Unit.DECADE),
    (date(2024, 3, 5), None, Unit.DAY),
    (None, date(2024, 1, 1), Unit.MONTH),
)
PATHS = tuple(Path(name).absolute() for name in ("one.jsonl", "two.jsonl"))
MOST_HELD = 2

THREE_IDS = st.lists(st.sampled_from(IDS), min_size=3, max_size=3, unique=True)


@dataclass(frozen=True, slots=True)
class Change:
    """Something done to a writer.

    Attributes:
        told: What, for people who read a failing life.
        do: Does it; what it returns has to be the same for both.
    """

    told: str
    do: Callable[[Writer], object]

    def __repr__(self) -> str:
        return self.told


# What is stored


def spans_of(article: Article) -> tuple[Span, ...]:
    """One passage a paragraph, the third of them in none."""
    spans, begin = [], 0
    for place, paragraph in enumerate(article.body.split("\n\n")):
        if place != 2:
            spans.append(Span(begin, begin + len(paragraph)))
        begin += len(paragraph) + 2
    return tuple(spans)


def likeness_of(article: Article) -> Likeness:
    """Texts are alike that have most of their words in common; a word is a bucket."""
    words = frozenset(article.body.split())

    def same(body: str) -> bool:
        others = frozenset(body.split())
        return len(words & others) * 2 > len(words | others)

    return Likeness(" ".join(sorted(words)).encode(), tuple(sorted(map(WORDS.index, words))), same)


def neighbours(place: int) -> tuple[str, str, str]:
    """Two texts that are not alike, and one that is like both."""
    return tuple(  # type: ignore[return-value]
        "\n\n".join(" ".join(WORDS[(first + word) % len(WORDS)] for word in words) for words in ((0, 1), (2, 3)))
        for first in (place, place + 2, place + 1)
    )


def readings_of(article: Article, seed: int) -> tuple[tuple[TimeMention, ...], tuple[Statement, ...]]:
    """Some mentions, each of a word, and some statements, each of a paragraph or of two."""
    choose, body = Random(seed), article.body  # noqa: S311 - nothing is secret
    mentions = []
    for start in sorted(choose.sample(range(len(body) - 2), min(2, len(body) - 2))):
        first, behind, unit = choose.choice(TIMES)
        interval = Interval(first, behind, unit) if choose.random() < 0.8 else None
        mentions.append(
            TimeMention(
                start,
                start + 2,
                body[start : start + 2],
                TimexType.DATE,
                "2024",
                None,
                Relation.IN,
                interval,
                "",
                "r",
            )
        )
    statements, begin = [], 0
    for paragraph in body.split("\n\n"):
        end = begin + len(paragraph)
        name, role = choose.choice(SPEAKERS), choose.choice((None, "harbour master"))
        speaker = Speaker(name, role, body[begin:end], begin, end) if choose.random() < 0.5 else None
        last = min(len(body), end + 4) if choose.random() < 0.2 else end
        statements.append(Statement(choose.choice(list(Standing)), speaker, begin, last))
        begin = end + 2
    return tuple(mentions), tuple(statements)


def dossier_of(article: Article, seed: int) -> tuple[Dossier, np.ndarray]:
    """A dossier as an indexer would make it, but by chance; and its vectors."""
    spans = spans_of(article) if seed % 17 else ()
    mentions, statements = readings_of(article, seed)
    likeness = likeness_of(article) if seed % 4 else None
    made = Dossier(article, spans, mentions, statements, f"rules {seed % 2}", likeness)
    return made, unit_vectors(len(spans), seed)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    first = draw(st.integers(0, 2 * len(WORDS)))
    if first < len(WORDS):  # a text that is like the one before and the one after, which are not alike
        one, two, *rest = (WORDS[(first + place) % len(WORDS)] for place in range(4))
        paragraphs = [[one, two], rest]
    else:
        paragraphs = draw(
            st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=1, max_size=4)
        )
    made = make_article(
        draw(st.sampled_from(IDS)),
        "\n\n".join(" ".join(words) for words in paragraphs),
        draw(st.sampled_from(("", *WORDS))),
        draw(st.sampled_from(DAYS)),
        source=draw(st.sampled_from((None, None, "Wire", *SOURCES))),
        section=draw(st.sampled_from(SECTIONS)),
        language=draw(st.sampled_from(LANGUAGES)),
        supersedes=draw(st.sampled_from(IDS)) if draw(st.booleans()) else None,
        origin=f"file#{draw(st.integers(0, 3))}",
    )
    return replace(
        made,
        version=draw(st.sampled_from((None, None, 1, 2))),
        label=draw(st.sampled_from((None, "URGENT"))),
        rights=draw(st.sampled_from((None, "For editorial use."))),
        parts=draw(st.sampled_from(((), (Part(0, 3, page=1), Part(3, 4, made.published, heading="rate"))))),
        remarks=draw(st.sampled_from(((), ("Its end was left out.",)))),
    )


# What is done

PUT_SO_FAR: dict[str, dict[str, Article]] = {}
"""By content hash and id, so that readings can be made of whatever text is stored."""


def change(name: str, do: Callable[..., object], *arguments: object) -> Change:
    return Change(f"{name}{arguments!r}", lambda writer: do(writer, *arguments))


def put(writer: Writer, article: Article, seed: int, path: Path | None) -> object:
    anew = seed % 11 == 0
    if anew:  # what is stored, with other passages, vectors and readings
        article = PUT_SO_FAR.get(writer.content_hash(article.id) or "", {}).get(article.id, article)
    dossier, vectors = dossier_of(article, seed)
    PUT_SO_FAR.setdefault(article.content_hash, {})[article.id] = article
    return writer.put(dossier, vectors, path, anew=anew)


def keep(writer: Writer, article: Article, path: Path | None) -> object:
    return writer.keep(article, path)


def put_readings(writer: Writer, article: Article, seed: int) -> object:
    stored = PUT_SO_FAR.get(writer.content_hash(article.id) or "", {}).get(article.id, article)
    read = stored if seed % 5 else article  # what was read into another text is refused
    return writer.put_readings(article.id, *readings_of(read, seed), f"rules {seed % 3}")


def withdraw(writer: Writer, notice: Withdrawal) -> object:
    return writer.withdraw(notice)


def remove(writer: Writer, id_: str) -> object:
    return writer.remove(id_)


def prune(writer: Writer, before: date) -> object:
    return writer.prune(before)


def finish(writer: Writer, path: Path, ids: Sequence[str]) -> object:
    gone = writer.gone(path, ids)
    record = InputRecord(str(path), len(ids), 5, "ab" * 32, len(ids), ((f"{path}#2", "It is no JSON."),))
    return writer.input(path), sorted(gone), writer.finish_input(record, ids, gone), writer.input(path)


def commit(writer: Writer) -> object:
    return writer.commit()


PATH = st.none() | st.sampled_from(PATHS)
PUT = st.builds(partial(change, "put", put), articles(), SEED, PATH)
CHANGES = st.one_of(
    PUT,
    PUT,
    st.builds(partial(change, "keep", keep), articles(), PATH),
    st.builds(partial(change, "put_readings", put_readings), articles(), SEED),
    st.builds(
        partial(change, "withdraw", withdraw),
        st.builds(
            Withdrawal,
            st.lists(st.sampled_from(IDS), min_size=1, max_size=2).map(tuple),
            st.sampled_from(("killed", "killed again")),
            st.sampled_from(DAYS).map(lambda day: published(day) if day else None),
            st.sampled_from((None, 1, 2)),
            st.sampled_from(SOURCES),
        ),
    ),
    st.builds(partial(change, "remove", remove), st.sampled_from(IDS)),
    st.builds(partial(change, "prune", prune), st.sampled_from([date(2023, 6, 1), date(2024, 2, 1)])),
    st.builds(
        partial(change, "finish", finish), st.sampled_from(PATHS), st.lists(st.sampled_from(IDS), unique=True)
    ),
    st.just(Change("commit()", commit)),
)


def outcome(writer: Writer, one: Change) -> object:
    """What a change gives, or how it is refused."""
    try:
        return one.do(writer)
    except (ArticleNotFoundError, ValueError) as error:
        return type(error), str(error)


class _Failure(Exception):  # noqa: N818 - nothing went wrong
    """Ends a block before what it changed is committed."""


class Life(RuleBasedStateMachine):
    """The two archives; see the module."""

    regime: Any = Regime()
    approximate = False
    founders = 0

    @initialize(seed=SEED)
    def begin(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-life-"))
        card = HashEmbedder("life", DIMENSION).card
        self.local = self.create(card)
        self.memory = MemoryArchive.create(card)
        self.held: list[tuple[ExitStack, Snapshot, Snapshot, Asked]] = []
        choose = Random(seed)  # noqa: S311 - nothing is secret
        bodies = ["\n\n".join(choose.choices(WORDS, k=2)) for _ in range(self.founders)]
        founders = [make_article(f"b{number}", body) for number, body in enumerate(bodies)]
        self._write([change("put", put, article, seed + 1, None) for article in founders], "commit")

    def create(self, card: ModelCard) -> Any:
        """Make the archive that is held against the one in memory."""
        return LocalArchive.create(self.folder, card, self.regime)

    def flaws(self) -> list[str]:
        """What is wrong with it at the end of its life."""
        # That passages cover their article is the indexer's affair, and here they do not.
        # Nor has anybody asked since views were lost, who would have had them made anew.
        flaws = [flaw.problem for flaw in check(self.local)]
        return [flaw for flaw in flaws if not ("passages" in flaw or flaw.endswith("is missing."))]

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.let_all_go()
            assert self.flaws() == []
            self.local.close()
            shutil.rmtree(self.folder)

    @rule(
        changes=st.lists(CHANGES, min_size=4, max_size=12),
        end=st.sampled_from(("commit", "commit", "commit", "commit", "nothing", "fail")),
        questions=st.lists(ASKED, min_size=1, max_size=3),
        holding=st.sampled_from(("", "", "", "hold", "let go")),
    )
    def write(self, changes: list[Change], end: str, questions: list[Asked], holding: str) -> None:
        if holding == "hold" and len(self.held) < MOST_HELD:
            self._hold(questions[0])
        if holding == "let go" and self.held:
            self.held.pop(0)[0].close()
        self._write(changes, end)
        self._check(questions)

    @rule(place=st.integers(0, len(WORDS) - 1), ids=THREE_IDS)
    def join_two_texts_and_part_them(self, place: int, ids: list[str]) -> None:
        """A text that is like two others comes and goes: these change their family and nothing else."""
        one, other, between = (make_article(id_, text) for id_, text in zip(ids, neighbours(place), strict=True))
        self._write([change("put", put, one, 1, None), change("put", put, other, 2, None)], "commit")
        self._check([])
        self._write([change("put", put, between, 3, None)], "commit")
        self._check([])
        self._write([change("remove", remove, between.id)], "commit")
        self._check([])

    @rule(body=SOME_WORDS.filter(bool).map(" ".join), ids=THREE_IDS)
    def put_another_in_the_place_of_one(self, body: str, ids: list[str]) -> None:
        """As of a day between the two, the former is found."""
        former = make_article(ids[0], body, day="2024-02-01")
        later = replace(make_article(ids[1], body, day="2025-01-01"), supersedes=former.id)
        self._write([change("put", put, former, 1, None)], "commit")
        self._write([change("put", put, later, 2, None)], "commit")
        self._check([])

    def _write(self, changes: Iterable[Change], end: str) -> None:
        with suppress(_Failure), self.local.write() as local, self.memory.write() as memory:
            for one in changes:
                assert outcome(local, one) == outcome(memory, one), one
            if end == "commit":
                assert local.commit() == memory.commit()
            if end == "fail":
                raise _Failure

    def _hold(self, asked: Asked) -> None:
        """Keep the snapshot of this moment, to be asked again while others commit."""
        stack = ExitStack()
        local, memory = (stack.enter_context(archive.snapshot()) for archive in (self.local, self.memory))
        self.held.append((stack, local, memory, asked))

    def let_all_go(self) -> None:
        """Give the snapshots back that are held."""
        while self.held:
            self.held.pop()[0].close()

    def _check(self, questions: Sequence[Asked]) -> None:
        with self.local.snapshot() as local, self.memory.snapshot() as memory:
            check_same(local, memory, questions, approximate=self.approximate)
        for _, held, expected, asked in self.held:
            check_same(held, expected, [asked], approximate=self.approximate)


LIVES = settings(max_examples=examples(10, 15, 200), stateful_step_count=examples(10, 10, 30), deadline=None)
