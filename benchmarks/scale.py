"""Make a large archive of a small one, and measure what a question, an opening and a commit cost at its size.

    python benchmarks/scale.py make ARCHIVE TARGET --passages 10000 --measured
    python benchmarks/scale.py make ARCHIVE TARGET --passages 100000 --measured
    python benchmarks/scale.py make ARCHIVE TARGET --passages 1000000 --measured
    python benchmarks/scale.py measure TARGET

ARCHIVE and TARGET are folders or addresses (`lance://FOLDER`, `s3://BUCKET/PREFIX`).
Each makes what TARGET yet lacks: one that was interrupted goes on from its last commit, and a larger archive can
be made of a smaller one. A hundred thousand passages take some 430 MB of disk and 3.6 minutes of the processor.

No newswire of a million passages can be had here, so one is made. Each article of an archive of real news is
stored as often as needed. In every copy but the first about a third of the distinct words, the same ones in all
copies of one number, are exchanged for coined words of equal length, so that the vocabulary grows with the archive
as it does with real text; names of speakers and expressions of time stay, and so all offsets and readings are
right. A copy is published some weeks later than its original, and what its time mentions mean is moved along; it
is told to be of one of forty sources, nine sections and three languages. Its vectors are those of the original
with noise of three quarters of their length added, of unit length again, for a million passages cannot be embedded
in reasonable time. Copies are not compared with one another (no families).

So speed, sizes and memory can be measured with it, and recall against exact search. What answers are worth cannot.
"""

import argparse
import json
import random
import re
import resource
import statistics
import string
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt
from conditions import filters_of

from indexer.renewal import all_ids
from search.archive import Archive, Snapshot, create_archive, open_archive
from search.archive.records import Dossier, Query
from search.english.terms import terms
from search.filters import Filter
from search.models.embedding.embedder import ModelCard, Vectors
from search.times import TimeMention

_EXCHANGED = 0.33
_NOISE = 0.75
_SOURCES, _SECTIONS, _LANGUAGES = 40, 9, ("en", "de", "fr")
_PASSAGES_A_COMMIT = 50_000
_ONE_MORE = "one more "
_QUESTIONS = 40
_ARTICLES_A_READ = 1_000
_DEPTH = 100
_WORD = re.compile(r"[a-z]{4,}")


def make(source: str, target: str, passages: int, a_commit: int) -> None:
    """Make an archive of at least so many passages, or go on with it; tells what that took."""
    with open_archive(source) as archive, archive.snapshot() as snapshot:
        ids = list(all_ids(snapshot))
        read = (snapshot.read(ids[at : at + _ARTICLES_A_READ]) for at in range(0, len(ids), _ARTICLES_A_READ))
        dossiers = [dossier for some in read for dossier in some.values()]
        card = snapshot.card
        vectors = dict(stored_vectors(snapshot, ids))
    model = ModelCard(card.model, card.fingerprint, card.dimension, 256, "none", "float32", 1.0, 0.06)
    spent = {"put": 0.0, "commit": 0.0, "copying": 0.0}
    began = time.perf_counter()
    with create_archive(target, model) as archive:
        with archive.snapshot() as snapshot:
            stored = sum(not id_.startswith(_ONE_MORE) for id_ in all_ids(snapshot))
            made = found = snapshot.facts.passages
        with archive.write() as writer:
            uncommitted = 0
            while made < passages:
                number, place = divmod(stored, len(dossiers))
                at = time.perf_counter()
                given = vectors[dossiers[place].article.id]
                if number:
                    given = perturbed(given, np.random.default_rng((number, place)))
                copy = _copy(dossiers[place], number)
                put_at = time.perf_counter()
                writer.put(copy, given)
                spent["copying"] += put_at - at
                spent["put"] += time.perf_counter() - put_at
                made, uncommitted, stored = made + len(given), uncommitted + len(given), stored + 1
                if uncommitted >= a_commit or made >= passages:
                    at = time.perf_counter()
                    writer.commit()
                    spent["commit"] += time.perf_counter() - at
                    uncommitted = 0
    spent["all"] = time.perf_counter() - began
    told = {"passages": made, "found": found, **{name: round(seconds, 1) for name, seconds in spent.items()}}
    print(json.dumps(told))


def measure(address: str) -> None:
    """Measure opening, questions without and with each filter, and the commit of one article."""
    before = _memory()
    at, worked = time.perf_counter(), time.process_time()
    archive = open_archive(address)
    with archive, archive.snapshot() as snapshot:
        opened, worked = time.perf_counter() - at, time.process_time() - worked
        facts = snapshot.facts
        told = time.perf_counter() - at
        questions = questions_of(snapshot)
        print(f"{facts.passages:,} passages, {facts.articles:,} articles; {archive.bytes_on_disk / 1e6:,.0f} MB")
        print(
            f"opening {opened * 1e3:,.0f} ms, {worked * 1e3:,.0f} ms of the processor; facts {told * 1e3:,.0f} ms"
        )
        snapshot.candidates(questions[0], _DEPTH, Filter())
        print(f"first answer after {(time.perf_counter() - at) * 1e3:,.0f} ms")
        for name, condition in filters_of(snapshot).items():
            calls = [partial(snapshot.candidates, one, _DEPTH, condition) for one in questions]
            passing = calls[0]().passing
            print(f"candidates, {name:14s} {timed(calls)} ({passing:,} pass)")
        print(f"rarity {timed([partial(snapshot.rarity, one.terms) for one in questions])}")
        found = [snapshot.candidates(one, 12, Filter()).passages for one in questions]
        ids = [[one.passage.article_id for one in passages] for passages in found]
        print(f"read (some twenty articles) {timed([partial(snapshot.read, some) for some in ids])}")
        print(f"facets {timed([partial(snapshot.facets, Filter())] * 3)}")
    print(f"memory of its own: {_memory() - before:,.0f} MB")
    with open_archive(address) as archive:
        with archive.snapshot() as snapshot:
            snapshot.candidates(questions[0], _DEPTH, Filter())
            id_ = snapshot.find(most=1).ids[0]
            dossier = snapshot.read([id_])[id_]
        for _ in range(3):
            one = replace(dossier.article, id=f"{_ONE_MORE}{time.time_ns()}")
            _commit_one("adds", archive, replace(dossier, article=one), questions[0])
            later = replace(one, headline=f"{one.headline}, corrected", version=(one.version or 1) + 1)
            _commit_one("replaces", archive, replace(dossier, article=later), questions[0])
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"highest memory, mapped files among it: {highest:,.0f} MB")


def _commit_one(what: str, archive: Archive, dossier: Dossier, question: Query) -> None:
    vectors = np.zeros((len(dossier.passages), archive.card.dimension), dtype=np.float32)
    vectors[:, 0] = 1
    at, worked = time.perf_counter(), time.process_time()
    with archive.write() as writer:
        began = time.perf_counter()
        writer.put(dossier, vectors)
        put = time.perf_counter()
        writer.commit()
        committed = time.perf_counter()
    with archive.snapshot() as snapshot:
        snapshot.candidates(question, _DEPTH, Filter())
        asked = time.perf_counter()
        _ = snapshot.facts
    steps = {
        "begin": began - at,
        "put": put - began,
        "commit": committed - put,
        "first answer": asked - committed,
        "facts": time.perf_counter() - asked,
    }
    told = ", ".join(f"{name} {seconds * 1e3:,.0f} ms" for name, seconds in steps.items())
    processor = (time.process_time() - worked) * 1e3
    print(f"a commit that {what} an article: {told}; {processor:,.0f} ms of the processor")


def _copy(dossier: Dossier, number: int) -> Dossier:
    """The copy of a dossier with this number; 0 is the dossier itself."""
    seed = random.Random(f"{dossier.article.id} {number}")  # noqa: S311 - no secret
    article = dossier.article
    body = article.body if number == 0 else _exchanged(dossier, number)
    weeks = timedelta(weeks=number * 3)
    published = article.published
    return Dossier(
        article=replace(
            article,
            id=f"{article.id}~{number}",
            headline=_coined_text(article.headline, number) if number else article.headline,
            body=body,
            published=replace(
                published,
                moment=published.moment + weeks,
                local_day=published.local_day + weeks if published.local_day else None,
            )
            if published
            else None,
            source=f"Agency {seed.randrange(_SOURCES)}",
            section=f"section {seed.randrange(_SECTIONS)}",
            language=seed.choice(_LANGUAGES),
            supersedes=None,
        ),
        passages=dossier.passages,
        mentions=tuple(_moved(mention, weeks) for mention in dossier.mentions),
        statements=dossier.statements,
        readings=dossier.readings,
    )


def _moved(mention: TimeMention, by: timedelta) -> TimeMention:
    interval = mention.interval
    if interval is None:
        return mention
    start = interval.start + by if interval.start else None
    return replace(
        mention, interval=replace(interval, start=start, end=interval.end + by if interval.end else None)
    )


def _exchanged(dossier: Dossier, number: int) -> str:
    """The body with words exchanged for others of equal length, but where readings have words of their own."""
    body = dossier.article.body
    kept = sorted(
        [(one.start, one.end) for one in dossier.mentions]
        + [
            (who.start, who.end)
            for one in dossier.statements
            for said in (one, *one.parts)
            for who in (said.speaker, said.reporter)
            if who
        ]
    )
    parts, behind = [], 0
    for start, end in kept:
        parts += [_coined_text(body[behind:start], number), body[max(start, behind) : end]]
        behind = max(behind, end)
    return "".join([*parts, _coined_text(body[behind:], number)])


def _coined_text(text: str, number: int) -> str:
    return _WORD.sub(lambda found: _coined(found.group(), number), text)


@cache
def _drawn(word: str) -> bytes:
    return blake2b(word.encode(), digest_size=32).digest()


@cache
def _shifts(number: int) -> tuple[int, bytes]:
    digest = blake2b(str(number).encode(), digest_size=33).digest()
    return digest[0], digest[1:]


def _coined(word: str, number: int) -> str:
    """The word, or a coined one of equal length, the same wherever it stands in copies of one number."""
    which, shifts = _shifts(number)
    drawn = _drawn(word)
    if drawn[which % 32] >= 256 * _EXCHANGED:
        return word
    letters = string.ascii_lowercase
    return "".join(letters[(letters.index(letter) + shifts[place % 32]) % 26] for place, letter in enumerate(word))


def stored_vectors(snapshot: Snapshot, ids: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
    """Read the vectors of articles, some at a time."""
    for begin in range(0, len(ids), _ARTICLES_A_READ):
        yield from snapshot.vectors(ids[begin : begin + _ARTICLES_A_READ]).items()


def perturbed(vectors: Vectors, generator: np.random.Generator) -> Vectors:
    """Move unit vectors as far as a question is from what answers it."""
    noise = generator.standard_normal(vectors.shape, dtype=np.float32)
    noise *= _NOISE / np.sqrt(vectors.shape[1])
    moved: npt.NDArray[np.float32] = vectors + noise
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return moved


def questions_of(snapshot: Snapshot, most: int = _QUESTIONS) -> list[Query]:
    """Headlines of articles, with a vector near that of one of its passages."""
    ids = list(all_ids(snapshot))
    chosen = ids[:: max(1, len(ids) // most)]
    dossiers, vectors = snapshot.read(chosen), snapshot.vectors(chosen)
    generator = np.random.default_rng(2)
    return [
        Query(
            perturbed(vectors[id_][:1], generator)[0],
            tuple(dict.fromkeys(terms(dossiers[id_].article.headline)))[:8],
        )
        for id_ in chosen
        if len(vectors[id_])
    ]


def timed(calls: Sequence[Callable[[], object]]) -> str:
    """Median time of calls by the clock, and of the processor, which other processes do not lengthen as much."""
    taken, worked = [], []
    for call in calls:
        at, processor = time.perf_counter(), time.process_time()
        call()
        taken.append((time.perf_counter() - at) * 1e3)
        worked.append((time.process_time() - processor) * 1e3)
    return f"{statistics.median(taken):8.1f} ms, {statistics.median(worked):.1f} ms of the processor"


def _memory() -> float:
    """Anonymous memory of this process, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 1e3 for line in lines if line.startswith("RssAnon"))


def main() -> None:
    """Make or measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    actions = parser.add_subparsers(dest="action", required=True)
    making = actions.add_parser("make")
    making.add_argument("source")
    making.add_argument("target")
    making.add_argument("--passages", type=int, default=1_000_000)
    making.add_argument("--a-commit", type=int, default=_PASSAGES_A_COMMIT, help="passages between two commits")
    making.add_argument("--measured", action="store_true", help="measure it when it is made")
    measuring = actions.add_parser("measure")
    measuring.add_argument("target")
    asked = parser.parse_args()
    if asked.action == "make":
        make(asked.source, asked.target, asked.passages, asked.a_commit)
    if asked.action == "measure" or asked.measured:
        measure(asked.target)


if __name__ == "__main__":
    main()
