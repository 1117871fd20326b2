"""A long random life of an archive, compared at every step with a dictionary that is searched by brute force.

Each step adds, updates, withdraws or removes articles, drops what was not committed, makes the views anew or opens
the archive again; two more handles stay open, one of which only reads. After each step the archives have to
agree with the dictionary in ids, counts, what filters let through, nearest passages with their cosines, and which
passages have a word. Both ways of searching vectors are lived through: in some lives inverted lists are used
beyond 16 passages.

    HYPOTHESIS_PROFILE=long pytest tests/search/archive/local/test_congruence.py

lives 40 lives of up to 50 steps in each of four regimes instead of a few short ones; a seed is set with
`--hypothesis-seed`.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from search.archive import Archive, Outcome
from search.archive.care.backups import roll_back, tag
from search.archive.local.regime import Regime
from search.article import Article, Span, Withdrawal
from search.english.terms import content_terms, terms
from search.filters import Filter
from search.versions import is_older, last_of, stands, takes_the_place
from tests.fakes import HashEmbedder, make_article
from tests.search.archive.local.brute_force import (
    DAYS,
    LANGUAGES,
    SOURCES,
    WORDS,
    Stored,
    closest,
    filters,
    passes,
)

IDS = tuple(f"a{number}" for number in range(24))
DIMENSION = 16
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as the oracle keeps it: its passages, and their vectors as half-precision numbers."""

    article: Article
    spans: tuple[Span, ...]
    vectors: np.ndarray


@st.composite
def articles(draw: st.DrawFn) -> Article:
    paragraphs = draw(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), min_size=1, max_size=4))
    return make_article(
        draw(st.sampled_from(IDS)),
        "\n\n".join(" ".join(words) for words in paragraphs),
        draw(st.sampled_from(("", *WORDS))),
        draw(st.sampled_from(DAYS)),
        source=draw(st.sampled_from(SOURCES)),
        section=draw(st.sampled_from((None, "desk 0", "desk 1"))),
        language=draw(st.sampled_from(LANGUAGES)),
        supersedes=draw(st.sampled_from(IDS)) if draw(st.integers(0, 4)) == 0 else None,
    )


def spans_of(article: Article) -> tuple[Span, ...]:
    """One passage a paragraph."""
    spans, begin = [], 0
    for paragraph in article.body.split("\n\n"):
        spans.append(Span(begin, begin + len(paragraph)))
        begin += len(paragraph) + 2
    return tuple(spans)


def unit_vectors(count: int, seed: int) -> np.ndarray:
    """Random directions: shape (count, DIMENSION), float32."""
    points = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


class Life(RuleBasedStateMachine):
    """An archive and its oracle; see the module."""

    regime = Regime()
    approximate = False
    founders = 0

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-life-"))
        self.card = HashEmbedder("life", DIMENSION).card
        self.kept: dict[str, Kept] = {}
        self.withdrawn: dict[str, Withdrawal] = {}
        self.named: dict[str, tuple[dict[str, Kept], dict[str, Withdrawal]]] = {}
        self.archive = Archive.create(self.folder, self.card, self.regime)
        self.reader = Archive.open(self.folder, self.regime)
        if self.founders:
            choose = Random(seed)  # noqa: S311 - nothing is secret
            bodies = ["\n\n".join(choose.choices(WORDS, k=2)) for _ in range(self.founders)]
            articles = [make_article(id_, body) for id_, body in zip(IDS, bodies, strict=False)]
            self._put(articles, seed, whole=True)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.archive.close()
            self.reader.close()
            shutil.rmtree(self.folder)

    # Changes

    @rule(stored=st.lists(articles(), min_size=1, max_size=6), seed=st.integers(0, 2**32), whole=st.booleans())
    def put(self, stored: list[Article], seed: int, *, whole: bool) -> None:
        """Store articles, as one snapshot or as one each."""
        self._put(stored, seed, whole=whole)

    def _put(self, stored: list[Article], seed: int, *, whole: bool) -> None:
        with self.archive.write() as writer:
            for number, article in enumerate(stored):
                spans = spans_of(article)
                vectors = unit_vectors(len(spans), seed + number)
                outcome = writer.put(article, spans, vectors)
                assert outcome is self._expected(article)
                if outcome in {Outcome.ADDED, Outcome.REPLACED}:
                    as_stored = vectors.astype("<f2").astype(np.float32)
                    self.kept[article.id] = Kept(article, spans, as_stored)
                if not whole:
                    writer.commit()
            writer.commit()

    def _expected(self, article: Article) -> Outcome:
        known = self.kept.get(article.id)
        if known is None:
            return Outcome.ADDED
        if known.article.content_hash == article.content_hash:
            return Outcome.UNCHANGED
        return Outcome.OLDER if is_older(article, known.article) else Outcome.REPLACED

    @precondition(lambda self: self.kept)
    @rule(choose=st.randoms(use_true_random=False), count=st.integers(1, 6))
    def remove(self, choose: Random, count: int) -> None:
        chosen = choose.sample(sorted(self.kept), min(count, len(self.kept)))
        with self.archive.write() as writer:
            for id_ in chosen:
                writer.remove(id_)
                del self.kept[id_]
            writer.commit()

    @rule(id_=st.sampled_from(IDS))
    def withdraw(self, id_: str) -> None:
        notice = Withdrawal((id_,), "killed", None, None, None, "the test")
        with self.archive.write() as writer:
            writer.withdraw(notice)
            writer.commit()
        self.withdrawn.setdefault(id_, notice)

    @precondition(lambda self: any(id_ not in self.kept for id_ in self.withdrawn))
    @rule(choose=st.randoms(use_true_random=False))
    def take_a_withdrawal_back(self, choose: Random) -> None:
        gone = sorted(id_ for id_ in self.withdrawn if id_ not in self.kept)
        id_ = choose.choice(gone)
        with self.archive.write() as writer:
            writer.remove(id_)
            writer.commit()
        del self.withdrawn[id_]

    @rule(stored=st.lists(articles(), min_size=1, max_size=3), remove=st.booleans(), fail=st.booleans())
    def begin_and_drop(self, stored: list[Article], *, remove: bool, fail: bool) -> None:
        """Change things and do not commit them, or fail before."""

        def change() -> None:
            with self.archive.write() as writer:
                for article in stored:
                    spans = spans_of(article)
                    writer.put(article, spans, unit_vectors(len(spans), 0))
                for id_ in sorted(self.kept) if remove else ():
                    writer.remove(id_)
                if fail:
                    raise InterruptedError

        if fail:
            with pytest.raises(InterruptedError):
                change()
        else:
            change()

    @rule()
    def name_this_state(self) -> None:
        name = f"state-{len(self.named)}"
        tag(self.folder, name)
        self.named[name] = (dict(self.kept), dict(self.withdrawn))

    @precondition(lambda self: self.named)
    @rule(choose=st.randoms(use_true_random=False))
    def return_to_a_named_state(self, choose: Random) -> None:
        name = choose.choice(sorted(self.named))
        roll_back(self.folder, name)
        kept, withdrawn = self.named[name]
        self.kept, self.withdrawn = dict(kept), dict(withdrawn)

    # What should change nothing

    @rule()
    def rebuild(self) -> None:
        self.archive.rebuild()

    @rule()
    def open_again(self) -> None:
        self._open_again()

    def _open_again(self) -> None:
        self.archive.close()
        self.archive = Archive.open(self.folder, self.regime)

    @rule()
    def open_the_reader_again(self) -> None:
        self.reader.close()
        self.reader = Archive.open(self.folder, self.regime)

    @rule()
    def lose_the_views(self) -> None:
        shutil.rmtree(self.folder / "views", ignore_errors=True)

    @precondition(lambda self: (self.folder / "views").exists())
    @rule(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2), seed=st.integers(0, 2**32))
    def return_to_older_views(self, words: list[str], seed: int) -> None:
        """Write while the saved views stay what they were, as when a machine is lost before they are saved."""
        old = self.folder.with_name(self.folder.name + "-old")
        shutil.copytree(self.folder / "views", old / "views")
        shutil.copy(self.folder / "views.json", old)
        self._put([make_article(IDS[0], " ".join(words))], seed, whole=True)
        shutil.rmtree(self.folder / "views", ignore_errors=True)
        shutil.copytree(old / "views", self.folder / "views")
        shutil.copy(old / "views.json", self.folder)
        shutil.rmtree(old)
        self._open_again()

    # What has to agree

    @rule(condition=filters(), k=st.integers(1, 60), seed=st.integers(0, 2**32))
    def nearest_passages(self, condition: Filter, k: int, seed: int) -> None:
        question = unit_vectors(1, seed)[0]
        for archive in (self.archive, self.reader):
            stored = self._stored(archive)
            expected = closest(stored, question, condition)
            found = archive.dense(question, k, archive.resolve(condition))
            assert len({key for key, _ in found}) == len(found) == min(k, len(expected))
            cosines = dict(expected)
            if not self.approximate:
                assert [score for _, score in found] == pytest.approx([s for _, s in expected[:k]], abs=1e-5)
            assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
            assert [score for _, score in found] == pytest.approx([cosines[key] for key, _ in found], abs=1e-5)

    @rule(
        condition=filters(), k=st.integers(1, 60), words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)
    )
    def passages_by_words(self, condition: Filter, k: int, words: list[str]) -> None:
        asked = content_terms(" ".join(words))
        for archive in (self.archive, self.reader):
            stored = self._stored(archive)
            holders = {key for key, (_, text, _) in stored.items() if set(asked) & set(terms(text))}
            expected = {key for key in holders if passes(stored[key][0], condition)}
            found = archive.lexical(asked, k, archive.resolve(condition))
            assert len(set(found)) == len(found) == min(k, len(expected))
            assert set(found) <= expected
            scores = archive.lexical_scores(asked, self._articles_of(archive, stored))
            # A passage without the words may still have a share of its article's score.
            assert all(scores[key] > 0 for key in holders)

    @rule(seed=st.integers(0, 2**32))
    def spread(self, seed: int) -> None:
        question = unit_vectors(1, seed)[0]
        for archive in (self.archive, self.reader):
            cosines = [float(vector @ question) for _, _, vector in self._stored(archive).values()]
            deviation, size = archive.spread(question)
            assert size == len(cosines)
            assert deviation == pytest.approx(float(np.std(cosines)) if cosines else 0.0, abs=1e-5)

    @invariant()
    def ids_and_counts(self) -> None:
        if not hasattr(self, "folder"):
            return
        live = self._live()
        for archive in (self.archive, self.reader):
            assert archive.ids() == sorted(self.kept)
            assert archive.counts() == (len(live), sum(len(kept.spans) for kept in live.values()))
            assert archive.sources() == _counted(live, lambda article: article.source)
            for id_, kept in self.kept.items():
                assert replace(archive.article(id_), origin="") == replace(kept.article, origin="")
                assert tuple(archive.passages_of(id_)) == kept.spans

    @rule()
    def views_agree_with_the_database(self) -> None:
        self._open_again()  # or views that were lost from under it are still missing
        self.archive.dense(unit_vectors(1, 0)[0], 1, Filter())
        report = self.archive.check_views()
        assert (report.problems, report.behind, report.snapshot) == ((), 0, self.archive.snapshot)
        assert report.vectors == self.archive.counts()[1]

    # The oracle

    def _live(self) -> dict[str, Kept]:
        return {
            id_: kept
            for id_, kept in self.kept.items()
            if not self._is_superseded(kept.article) and not self._is_withdrawn(kept.article)
        }

    def _is_withdrawn(self, article: Article) -> bool:
        return article.id in self.withdrawn and stands(self.withdrawn[article.id], article)

    def _is_superseded(self, article: Article) -> bool:
        """Whether another is in its place; of a circle the last that is not withdrawn is in no other's."""
        circle, one = [article], article
        while (named := self.kept.get(one.supersedes or "")) and takes_the_place(one, named.article):
            one = named.article
            if one in circle:
                break
            circle.append(one)
        else:
            circle = []
        if not circle or one is not article:
            circle = [article]
        standing = [each for each in circle if not self._is_withdrawn(each)]
        if len(circle) > 1 and last_of(standing or circle) is not article:
            return True
        inside = {each.id for each in circle}
        return any(
            takes_the_place(other.article, each)
            for each in circle
            for other in self.kept.values()
            if other.article.id not in inside
        )

    def _stored(self, archive: Archive) -> Stored:
        """The oracle's passages under the keys that the archive has for them."""
        live = self._live()
        stored: Stored = {}
        for id_, kept in live.items():
            passages = archive._database.passages_of(archive._key(id_))
            for passage, span, vector in zip(passages, kept.spans, kept.vectors, strict=True):
                assert passage.span == span
                text = f"{kept.article.headline}\n{span.of(kept.article.body)}"
                stored[passage.key] = (kept.article, text, vector)
        return stored

    def _articles_of(self, archive: Archive, stored: Stored) -> dict[int, int]:
        return {key: archive._key(article.id) for key, (article, _, _) in stored.items()}


def _counted(live: dict[str, Kept], name: Callable[[Article], str | None]) -> dict[str, int]:
    names = [value for kept in live.values() if (value := name(kept.article))]
    return {value: names.count(value) for value in names}


class LifeInInvertedLists(Life):
    """Beyond 16 passages: all lists are looked at, and few passages under a filter are compared one by one.

    Words of what went are deleted from their view, as in a large archive.
    """

    regime = Regime(exact_limit=16, scanned_exactly=3, words_anew=0)
    founders = 12


class LifeInOneOfTheLists(Life):
    """Only the nearest list is looked at, unless it has too few: the nearest passages may be missed, never `k`."""

    regime = Regime(exact_limit=16, scanned_exactly=0, probes=1, rescored=1)
    approximate = True
    founders = 20


class LifeWithoutScanning(Life):
    """Filters are obeyed by the index alone, however few pass; the words' view changes its ways while it grows."""

    regime = Regime(scanned_exactly=0, words_anew=12)


LIVES = settings(max_examples=40 if LONG else 6, stateful_step_count=50 if LONG else 20, deadline=None)
TestLife = Life.TestCase
TestLife.settings = LIVES
TestLifeInInvertedLists = LifeInInvertedLists.TestCase
TestLifeInInvertedLists.settings = LIVES
TestLifeInOneOfTheLists = LifeInOneOfTheLists.TestCase
TestLifeInOneOfTheLists.settings = LIVES
TestLifeWithoutScanning = LifeWithoutScanning.TestCase
TestLifeWithoutScanning.settings = LIVES
