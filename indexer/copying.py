"""Copy an archive into another, whatever engines keep them, and hold the two against each other."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.families import likeness
from indexer.renewal import all_ids
from search.archive.protocol import Archive, Snapshot, Writer
from search.archive.records import ArchiveCard, Dossier, Query
from search.archive.scope import EVERYTHING
from search.archive.scoring import Scoring
from search.english.terms import content_terms
from search.errors import InputError
from search.filters import Filter
from search.models.embedding.embedder import ModelCard

OnProgress = Callable[[str, int, int], None]
"""Told what is being done, how many articles it is done with, and how many there are."""

_ARTICLES_A_READ = 250
_ARTICLES_A_COMMIT = 2_000
_QUESTIONS = 20
_CLOSEST = 10
_ALIKE = 1e-3


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy came to.

    Attributes:
        articles: How many articles are stored, those that cannot be found included.
        passages: How many passages can be found.
        questions: How many questions were put to both.
        agreement: Share of the ten passages closest to each question, and the ten best by words, that are as good
            in both.
        differences: What is not the same in both, in sentences; empty if the copy is one.
    """

    articles: int
    passages: int
    questions: int
    agreement: float
    differences: tuple[str, ...]


def model_of(card: ArchiveCard) -> ModelCard:
    """Describe the model of an archive as far as another archive needs it, without loading it."""
    return ModelCard(card.model, card.fingerprint, card.dimension, 0, "", "", 1.0, 0.0)


def copy(source: Archive, target: Archive, on_progress: OnProgress = lambda *_: None) -> Copied:
    """Copy all that an archive holds, as of one snapshot, and check that it is there.

    A copy that was cut off goes on where it was. Neither anything is read anew nor embedded.

    Args:
        source: What is copied; reading and writing go on.
        target: Of the same model, and empty but for what an earlier run brought.
        on_progress: Told how far it is.

    Raises:
        InputError: If the target holds other articles.
    """
    with source.snapshot(EVERYTHING) as snapshot:
        _refuse_strangers(snapshot, target)
        with target.write() as writer:
            _put_all(snapshot, writer, on_progress)
        with target.snapshot(EVERYTHING) as found:
            return _compared(snapshot, found, on_progress)


def _refuse_strangers(snapshot: Snapshot, target: Archive) -> None:
    with target.snapshot(EVERYTHING) as found:
        strangers = set(all_ids(found)) - set(all_ids(snapshot))
        if strangers:
            raise InputError(
                f"The archive in {found.card.place} holds {len(strangers)} articles that are not copied, "
                f"{min(strangers)!r} among them.",
                "Copy into a place where there is no archive yet.",
            )


def _put_all(snapshot: Snapshot, writer: Writer, on_progress: OnProgress) -> None:
    remembered = snapshot.remembered()
    holders = {id_: Path(path) for path, ids in sorted(remembered.holdings.items()) for id_ in ids}
    done, total = 0, sum(1 for _ in all_ids(snapshot))
    for dossiers in _dossiers(snapshot):
        vectors = snapshot.vectors(dossiers)
        for id_, dossier in dossiers.items():
            whole = replace(dossier, likeness=likeness(dossier.article))
            writer.put(whole, vectors[id_], holders.get(id_))
        done += len(dossiers)
        on_progress("copying", done, total)
        if done % _ARTICLES_A_COMMIT < len(dossiers):
            writer.commit()
    for withdrawal in remembered.withdrawals:
        writer.withdraw(withdrawal)
    for record in remembered.inputs:
        writer.finish_input(record, remembered.holdings.get(record.path, ()))
    if remembered.pruned_before:
        writer.prune(remembered.pruned_before)
    writer.commit()


def _compared(source: Snapshot, target: Snapshot, on_progress: OnProgress) -> Copied:
    differences = []
    for name in source.facts.__dataclass_fields__:
        one, other = getattr(source.facts, name), getattr(target.facts, name)
        if one != other:
            differences.append(f"The facts differ in {name}.")
    if _remembered(source) != _remembered(target):
        differences.append("What is remembered of files and withdrawals differs.")
    ids, done = list(all_ids(source)), 0
    if ids != list(all_ids(target)):
        differences.append("Not the same articles are stored.")
    for dossiers in _dossiers(source):
        there = target.read(dossiers)
        wrong = [id_ for id_, dossier in dossiers.items() if not _same(dossier, there.get(id_))]
        if wrong:
            differences.append(f"{len(wrong)} articles are not the same, {wrong[0]!r} among them.")
        done += len(dossiers)
        on_progress("comparing", done, len(ids))
    shares = [_agreement(source, target, query) for query in _questions(source)]
    agreement = sum(shares) / len(shares) if shares else 1.0
    least = min(source.card.recall, target.card.recall) - 0.1
    if agreement < least:
        differences.append(f"Of what is found for {len(shares)} questions only {agreement:.3f} is the same.")
    return Copied(len(ids), target.facts.passages, len(shares), round(agreement, 3), tuple(differences))


def _same(one: Dossier, other: Dossier | None) -> bool:
    """Tell whether two dossiers, of equal content, have the same passages, readings, standing and family."""
    if other is None or one.article.content_hash != other.article.content_hash:
        return False
    return replace(one, copies=()) == replace(other, copies=()) and one.family == other.family


def _remembered(snapshot: Snapshot) -> tuple[object, ...]:
    """What is remembered, in no order."""
    told = snapshot.remembered()
    return frozenset(told.withdrawals), frozenset(told.inputs), told.holdings, told.pruned_before


def _questions(snapshot: Snapshot) -> Iterator[Query]:
    """A sample of questions: the vectors of some articles' first passages, and the words of their headlines."""
    ids = list(all_ids(snapshot))
    chosen = ids[:: max(1, len(ids) // _QUESTIONS)]
    dossiers, vectors = snapshot.read(chosen), snapshot.vectors(chosen)
    for id_, dossier in dossiers.items():
        if len(vectors[id_]):
            terms = dict.fromkeys(content_terms(dossier.article.headline))
            yield Query(vectors[id_][0], tuple(terms))


def _agreement(one: Snapshot, other: Snapshot, query: Query) -> float:
    """Share of what is found first that is as close, or has as good a score by words, in both."""
    found, expected = (_measured(snapshot, query) for snapshot in (one, other))
    pairs = [
        pair for ours, theirs in zip(found, expected, strict=True) for pair in zip(ours, theirs, strict=False)
    ]
    longest = sum(max(len(ours), len(theirs)) for ours, theirs in zip(found, expected, strict=True))
    return sum(math.isclose(*pair, rel_tol=_ALIKE, abs_tol=_ALIKE) for pair in pairs) / max(1, longest)


def _measured(snapshot: Snapshot, query: Query) -> tuple[list[float], list[float]]:
    """Cosines of the passages that are closest, and scores of those that are best by words, best first."""
    scoring = Scoring(query.terms, snapshot.rarity(query.terms))
    passages = snapshot.candidates(query, _CLOSEST, Filter()).passages
    cosines = sorted((one.cosine for one in passages if one.near), reverse=True)
    scores = sorted((scoring.of_passage(one) for one in passages if one.has_words), reverse=True)
    return cosines, scores


def _dossiers(snapshot: Snapshot) -> Iterator[dict[str, Dossier]]:
    ids = list(all_ids(snapshot))
    for begin in range(0, len(ids), _ARTICLES_A_READ):
        yield snapshot.read(ids[begin : begin + _ARTICLES_A_READ])
