"""A long random life of two archives at once, one of each engine, which have to answer alike all along.

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

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from search.archive import InputRecord, LocalArchive, MemoryArchive, Snapshot, Writer
from search.archive.care.checks import check
from search.archive.local.vectors import Regime
from search.archive.records import Candidates, Dossier, Query
from search.article import Article, Part, Span, Withdrawal
from search.english.terms import content_terms
from search.errors import ArticleNotFoundError
from search.family import Likeness
from search.filters import Filter, Period, resolved
from search.statements import Speaker, Standing, Statement
from search.times import Interval, Relation, TimeMention, TimexType, Unit
from tests.fakes import HashEmbedder, make_article, published
from tests.lengths import examples

IDS = tuple(f"a{number}" for number in range(8))
WORDS = ("bridge", "missile", "rate", "harbour", "rooster", "tulip", "senate", "treaty")
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
DIMENSION = 16
EVERYTHING = 1_000
MOST_HELD = 2

SOME_DAY = st.dates(date(2022, 12, 1), date(2025, 2, 1)) | st.sampled_from(
    [date(1995, 5, 5), date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 4), date(2024, 12, 31)]
)
SOME_WORDS = st.lists(st.sampled_from(WORDS), max_size=3, unique=True)


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


def unit_vectors(count: int, seed: int) -> np.ndarray:
    """Random directions: shape (count, DIMENSION), float32."""
    points = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def likeness_of(article: Article) -> Likeness:
    """Texts are alike that have most of their words in common; a word is a bucket."""
    words = frozenset(article.body.split())

    def same(body: str) -> bool:
        others = frozenset(body.split())
        return len(words & others) * 2 > len(words | others)

    return Likeness(" ".join(sorted(words)).encode(), tuple(sorted(map(WORDS.index, words))), same)


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
SEED = st.integers(0, 2**32)
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


# What is asked


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    def period() -> tuple[date | None, date | None]:
        return tuple(sorted((draw(SOME_DAY), draw(SOME_DAY))))  # type: ignore[return-value]

    kinds = ("all", "days", "names", "about", "either", "said", "as of", "as of", "many")
    kind = draw(st.sampled_from(kinds))
    condition = Filter()
    if kind in {"days", "many"}:
        first, last = period()
        condition = replace(condition, published_from=draw(st.sampled_from((None, first))), published_to=last)
    if kind in {"names", "many"}:
        condition = replace(
            condition,
            sources=draw(st.sampled_from(((), ("wire",), ("Ledger", "nobody")))),
            sections=draw(st.sampled_from(((), ("DESK 1",)))),
            languages=draw(st.sampled_from(((), ("en",)))),
        )
    if kind in {"about", "many"}:
        condition = replace(condition, about=Period(*period()))
    if kind in {"either", "many"}:
        condition = replace(condition, from_or_about=Period(*period()))
    if kind in {"said", "many"}:
        condition = replace(condition, said_by=(draw(st.sampled_from(("souza", "master", "mayor of", "zoe"))),))
    if kind in {"as of", "many"}:
        day = draw(SOME_DAY)
        begun = condition.published_from is None or condition.published_from <= day
        condition = condition.until(day) if begun and draw(st.booleans()) else replace(condition, as_of=day)
    return condition


@dataclass(frozen=True, slots=True)
class Asked:
    """What both are asked after a block.

    Attributes:
        words: Of the question.
        seed: Of its vector; None for a question without one.
        near: As in `Query`.
        by_words: As in `Query`.
        few: A number of passages that may be cut off.
        condition: Which passages count.
    """

    words: tuple[str, ...]
    seed: int | None
    near: bool
    by_words: bool
    few: int
    condition: Filter

    @property
    def query(self) -> Query:
        vector = None if self.seed is None else unit_vectors(1, self.seed)[0]
        return Query(vector, tuple(content_terms(" ".join(self.words))), self.near, self.by_words)


ASKED = st.builds(
    Asked,
    SOME_WORDS.map(tuple),
    st.none() | SEED,
    st.booleans() | st.just(True),
    st.booleans() | st.just(True),
    st.integers(1, 6),
    filters(),
)


SWEEP = tuple(
    Asked(WORDS, 7, near=True, by_words=True, few=2, condition=Filter() if day is None else Filter().until(day))
    for day in (None, date(2024, 1, 15), date(2024, 2, 10), date(2024, 3, 10))
)
"""Asked after every block, so that no passage, family or earlier state goes unseen for long."""


def families_of(found: Candidates) -> dict[str, set[str]]:
    """The ids of the articles of each family, by each of them."""
    families: dict[str, set[str]] = {}
    for one in found.passages:
        families.setdefault(one.family, set()).add(one.passage.article_id)
    return {id_: ids for ids in families.values() for id_ in ids}


def check_dossiers(one: Snapshot, other: Snapshot, as_of: date | None) -> None:
    found, expected = (snapshot.read([*IDS, "nobody"], as_of) for snapshot in (one, other))
    assert found.keys() == expected.keys()
    for id_, dossier in found.items():
        wanted = expected[id_]
        assert replace(dossier, copies=()) == replace(wanted, copies=())
        assert dossier.article.origin == wanted.article.origin
        assert dossier.article.remarks == wanted.article.remarks
        assert dossier.family == wanted.family
        assert {copy.id for copy in dossier.copies} == {copy.id for copy in wanted.copies}


def check_candidates(one: Snapshot, other: Snapshot, asked: Asked) -> None:
    condition = resolved(asked.condition, other.facts)
    assert condition == resolved(asked.condition, one.facts)
    found, expected = (snapshot.candidates(asked.query, EVERYTHING, condition) for snapshot in (one, other))
    assert found.passing == expected.passing
    assert families_of(found) == families_of(expected)
    by_passage = {each.passage: each for each in found.passages}
    assert len(by_passage) == len(found.passages)
    assert by_passage.keys() == {each.passage for each in expected.passages}
    for each in expected.passages:
        near = by_passage[each.passage]
        assert near.cosine == pytest.approx(each.cosine, abs=1e-3)
        assert replace(near, cosine=0.0, family="") == replace(each, cosine=0.0, family="")


def check_few(one: Snapshot, other: Snapshot, asked: Asked, *, approximate: bool) -> None:
    """Of more than `k` that pass, `k` come back; which is as good as told where nothing is approximate."""
    condition = resolved(asked.condition, other.facts)
    query = asked.query
    found, expected = (snapshot.candidates(query, asked.few, condition) for snapshot in (one, other))
    cosines, wanted = (sorted(each.cosine for each in few.passages if each.near) for few in (found, expected))
    assert len(cosines) == len(wanted)
    if not approximate:
        assert cosines == pytest.approx(wanted, abs=1e-3)
    worded = [[each for each in few.passages if each.has_words] for few in (found, expected)]
    assert len(worded[0]) == len(worded[1])


def check_same(one: Snapshot, other: Snapshot, questions: Iterable[Asked], *, approximate: bool = False) -> None:
    """Check that two snapshots tell the same."""
    assert one.number == other.number
    assert one.facts == other.facts
    assert np.array_equal(one.sample, other.sample)
    assert one.find() == other.find()
    pages, after = [], None
    while not pages or pages[-1].more:
        pages.append(one.find(after=after, most=3))
        assert pages[-1] == other.find(after=after, most=3)
        after = pages[-1].ids[-1] if pages[-1].ids else None
    assert tuple(id_ for page in pages for id_ in page.ids) == one.find().ids
    for since in range(max(0, one.number - 3), one.number + 1):
        assert one.changes(since) == other.changes(since)
    terms = content_terms(" ".join(WORDS))
    assert one.rarity(terms) == other.rarity(terms)
    check_dossiers(one, other, None)
    for asked in (*SWEEP, *questions):
        condition = resolved(asked.condition, one.facts)
        assert one.find(condition, most=4) == other.find(condition, most=4)
        assert one.facets(condition) == other.facets(condition)
        check_dossiers(one, other, condition.as_of)
        check_candidates(one, other, asked)
        check_few(one, other, asked, approximate=approximate)


class _Failure(Exception):  # noqa: N818 - nothing went wrong
    """Ends a block before what it changed is committed."""


class Life(RuleBasedStateMachine):
    """The two archives; see the module."""

    regime = Regime()
    approximate = False
    founders = 0

    @initialize(seed=SEED)
    def begin(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-life-"))
        card = HashEmbedder("life", DIMENSION).card
        self.local = LocalArchive.create(self.folder, card, self.regime)
        self.memory = MemoryArchive.create(card)
        self.held: list[tuple[ExitStack, Snapshot, Snapshot, Asked]] = []
        choose = Random(seed)  # noqa: S311 - nothing is secret
        bodies = ["\n\n".join(choose.choices(WORDS, k=2)) for _ in range(self.founders)]
        founders = [make_article(f"b{number}", body) for number, body in enumerate(bodies)]
        self._write([change("put", put, article, seed + 1, None) for article in founders], "commit")

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            while self.held:
                self.held.pop()[0].close()
            # That passages cover their article is the indexer's affair, and here they do not.
            assert [flaw for flaw in check(self.local) if "passages" not in flaw.problem] == []
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

    def _check(self, questions: Sequence[Asked]) -> None:
        with self.local.snapshot() as local, self.memory.snapshot() as memory:
            check_same(local, memory, questions, approximate=self.approximate)
        for _, held, expected, asked in self.held:
            check_same(held, expected, [asked], approximate=self.approximate)


LIVES = settings(max_examples=examples(10, 15, 200), stateful_step_count=examples(10, 10, 30), deadline=None)
