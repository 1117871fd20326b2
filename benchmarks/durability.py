"""What the crash, disk and soak benchmarks share: processes that write and ask, and how their archive is judged.

The processes are forked from a server that has the modules loaded, so that a round costs no start of an
interpreter. They tell what they did by appending lines to files, each in one system call: what they told before
they were killed stays told.
"""

import itertools
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from io import RawIOBase
from pathlib import Path
from typing import Any

from indexer.pipeline import index
from indexer.progress import Committed, Pace
from indexer.readers import InputFile, ReadOptions, find_files, read_file
from indexer.renewal import all_ids, articles_of
from search.archive import LocalArchive
from search.archive.care.checks import check
from search.archive.local.vectors import Regime
from search.archive.records import Dossier, Passage, Query
from search.article import Article
from search.asking.engine import Engine
from search.filters import Filter
from search.models.embedding import Embedder, load_embedder
from search.settings import Settings
from tests.fakes import HashEmbedder

HASH = "hash"
"""The embedder that needs no model: deterministic, and close only for texts that share words."""

REAL = "real"
"""The configured model."""

THREADS = 8
"""That ask one archive at once."""

REGIME = Regime(
    exact_limit=120,
    probes=1 << 16,
    merged_at_once=60,
    joined_below=8,
    columns_saved=40,
    recall_wanted=0,
    recall_needed=0,
)
"""That small archives are merged and have lists, columns and many segments; all lists are looked at."""

_DIMENSION = 64
_TITLES_ASKED = 25
_RESULTS = 20
_CLOSE = {HASH: 1e-3, REAL: 2e-2}

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["durability"])


@dataclass(frozen=True, slots=True)
class Work:
    """What a writer is to do.

    Attributes:
        folder: Of the archive.
        inputs: What to index.
        told: File to which a line is appended for each commit: `[snapshot, [article ids]]`.
        embedder: `HASH` or `REAL`.
        passages: Of a round: many commits make many moments to be killed at.
    """

    folder: Path
    inputs: Path
    told: Path
    embedder: str = HASH
    passages: int = 32


@lru_cache(maxsize=1)
def embedder_named(name: str) -> Embedder:
    """Load an embedder."""
    return HashEmbedder(dimension=_DIMENSION) if name == HASH else load_embedder(Settings.load())


def write(work: Work) -> None:
    """Index until done, asked to stop, or killed; the last line told is `["done", snapshot]`."""
    embedder = embedder_named(work.embedder)
    with (
        work.told.open("ab", buffering=0) as told,
        LocalArchive.create(work.folder, embedder.card, REGIME) as archive,
    ):

        def tell(commit: Committed) -> None:
            told.write(json.dumps([commit.snapshot, commit.article_ids]).encode() + b"\n")

        told.write(b'["began", 0]\n')
        report = index(
            [work.inputs], archive, embedder, ReadOptions(), on_commit=tell, pace=Pace(lambda: 0.0, work.passages)
        )
        told.write(json.dumps(["done", report.snapshot]).encode() + b"\n")


def told_in(path: Path) -> list[Any]:
    """Read the lines that were told whole."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a reader is to do.

    Attributes:
        folder: Of the archive.
        questions: To ask in turn, until killed or `until` is there.
        told: File to which a line is appended for each question; see `ask`.
        until: File whose appearance ends the asking.
        embedder: `HASH` or `REAL`.
        an_opening: How many questions each thread asks before the archive is closed and opened again; None: never.
        threads: How many ask at once, of one archive.
    """

    folder: Path
    questions: tuple[str, ...]
    told: Path
    until: Path
    embedder: str = HASH
    an_opening: int | None = None
    threads: int = 1


def ask(asking: Asking) -> None:
    """Ask over and over, and see each time that all that is read is of one snapshot.

    Each line told is `{"at": time, "held": files and threads, "snapshot": number}`, or has an `error`; `at` is
    `time.monotonic()` when the question began.
    """
    embedder = embedder_named(asking.embedder)
    askers = [_Asker(itertools.cycle(asking.questions)) for _ in range(asking.threads)]
    with asking.told.open("ab", buffering=0) as told, ThreadPoolExecutor(asking.threads) as threads:
        while not asking.until.exists():
            with LocalArchive.open(asking.folder, REGIME) as archive:
                engine = Engine(archive, embedder, Settings.load())
                list(threads.map(partial(_ask_on, asking, engine, embedder, told), askers))


@dataclass(slots=True)
class _Asker:
    """A thread that asks: what, and the snapshot that it was last answered from."""

    questions: Iterator[str]
    last: int = 0


def _ask_on(asking: Asking, engine: Engine, embedder: Embedder, told: RawIOBase, asker: _Asker) -> None:
    for question in itertools.islice(asker.questions, asking.an_opening):
        if asking.until.exists():
            return
        line: dict[str, object] = {"at": time.monotonic(), "held": held()}
        try:
            line["snapshot"] = asker.last = _ask_once(engine, embedder, question, asker.last)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            line["error"] = f"{type(error).__name__}: {error}"
        told.write(json.dumps(line).encode() + b"\n")


def held() -> int:
    """Count the open files and the threads of this process."""
    return sum(len(list(Path("/proc/self", what).iterdir())) for what in ("fd", "task"))


def _ask_once(engine: Engine, embedder: Embedder, question: str, last: int) -> int:
    with engine.archive.snapshot() as snapshot:
        number, facts = snapshot.number, snapshot.facts
        query = Query(embedder.embed_question(question), (), by_words=False)
        nearest = snapshot.candidates(query, facts.passages + 1, Filter()).passages
        if len(nearest) != facts.passages:
            raise AssertionError(f"snapshot {number} has {facts.passages} passages, the view {len(nearest)}")
        ids = {found.passage.article_id for found in nearest}
        if len(ids) != facts.articles:
            raise AssertionError(f"snapshot {number} has articles of which the view has nothing")
        stored = {Passage(id_, *span) for id_, dossier in snapshot.read(ids).items() for span in _spans(dossier)}
        if stored != {found.passage for found in nearest}:
            raise AssertionError(f"snapshot {number} and its view have different passages")
    if facts.articles:
        engine.search(question)
        engine.ask(question)
    if number < last:
        raise AssertionError(f"snapshot {number} after {last}")
    return number


def _spans(dossier: Dossier) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in dossier.passages]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Real articles laid out as files to index.

    Attributes:
        inputs: The folder.
        articles: What it holds, by id, as the readers read it.
        questions: Headlines, to ask with.
        files: What the files held at first.
    """

    inputs: Path
    articles: dict[str, Article]
    questions: tuple[str, ...]
    files: dict[Path, str]


def lay_out(news: Path, inputs: Path, articles: int, articles_a_file: int = 25) -> Corpus:
    """Put the first `articles` articles of a file or folder into JSON Lines files."""
    records = []
    for article in _articles_of(news):
        published = article.published.isoformat() if article.published else None
        records.append(
            {"id": article.id, "title": article.headline, "text": article.body, "published_at": published}
            | {"source": article.source, "language": article.language}
        )
        if len(records) == articles:
            break
    inputs.mkdir(parents=True, exist_ok=True)
    for begin in range(0, len(records), articles_a_file):
        lines = (json.dumps(record) + "\n" for record in records[begin : begin + articles_a_file])
        (inputs / f"{begin:06}.jsonl").write_text("".join(lines), encoding="utf-8")
    read = _read(inputs)
    titles = list(dict.fromkeys(article.headline for article in read.values() if article.headline))
    questions = tuple(title[:200] for title in titles[:: max(1, len(titles) // _TITLES_ASKED)])
    return Corpus(inputs, read, questions, {path: path.read_text(encoding="utf-8") for path in inputs.iterdir()})


def change(corpus: Corpus, number: int) -> Corpus:
    """Change every fourth file, as files that are fed from do: of each one article goes, and every third grows."""
    for path in sorted(corpus.files)[number % 4 :: 4]:
        records = [json.loads(line) for line in corpus.files[path].splitlines()]
        del records[number % len(records)]
        for record in records[number % 3 :: 3]:
            record["text"] += f"\n\nUpdate {number + 1} of this report changed nothing else."
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return read_again(corpus)


def read_again(corpus: Corpus) -> Corpus:
    """The corpus as its files are now."""
    return replace(corpus, articles=_read(corpus.inputs))


def _read(inputs: Path) -> dict[str, Article]:
    return {article.id: article for article in _articles_of(inputs)}


def _articles_of(path: Path) -> Iterator[Article]:
    for found in find_files([path]):
        for read in read_file(found, ReadOptions()) if isinstance(found, InputFile) else []:
            if isinstance(read, Article):
                yield read


def faults(folder: Path, corpora: Sequence[Corpus], told: Sequence[Any]) -> list[str]:
    """Judge an archive: sound, with every article that was told to be stored, each as one of the corpora has it.

    Opening it lets the views catch up, as it does for any reader.
    """
    with LocalArchive.open(folder, REGIME) as archive:
        with archive.snapshot() as held:
            stored, snapshot = list(all_ids(held)), held.number
            bodies = {article.id: article.body for article in articles_of(held, stored)}
        found = [f"{finding.part}: {finding.problem}" for finding in check(archive)]
        behind = archive.check_views().behind
    if behind:
        found.append(f"the views are {behind} snapshots behind after they were opened")
    if len(set(stored)) != len(stored):
        found.append("an article is stored twice")
    commits = [line for line in told if isinstance(line[0], int)]
    lost = {id_ for _, ids in commits for id_ in ids} - set(stored) - _gone(corpora)
    if lost:
        found.append(f"{len(lost)} articles that were told to be stored are not, {min(lost)!r} among them")
    if commits and max(number for number, _ in commits) > snapshot:
        found.append(f"snapshot {max(number for number, _ in commits)} was told, and the last one is {snapshot}")
    for id_, body in bodies.items():
        if all(id_ not in corpus.articles or corpus.articles[id_].body != body for corpus in corpora):
            found.append(f"{id_} has a body that it never had")
    return found


def _gone(corpora: Sequence[Corpus]) -> set[str]:
    """The articles that an earlier corpus has and the last one has not."""
    return {id_ for corpus in corpora for id_ in corpus.articles} - set(corpora[-1].articles)


Place = tuple[str, int, int]
"""Of a passage or a quote: article id, start, end."""

Answered = tuple[dict[Place, float], list[tuple[Place, str]]]
"""Results of a search with their scores, and citations in their order with their quotes."""


def answers(folder: Path, questions: Sequence[str], embedder: Embedder) -> list[Answered]:
    """Ask an archive questions."""
    with LocalArchive.open(folder, REGIME) as archive:
        engine = Engine(archive, embedder, Settings.load())
        told = []
        for question in questions:
            found = engine.search(question, _RESULTS).passages
            cited = engine.ask(question).citations
            told.append(
                (
                    {(result.article_id, result.start, result.end): result.score for result in found},
                    [((citation.article_id, citation.start, citation.end), citation.quote) for citation in cited],
                )
            )
        return told


def differences(one: Answered, other: Answered, embedder: str = HASH) -> list[str]:
    """Tell how two answers to one question differ, beyond what adding floats in another order does.

    BM25 sums in the order of the index's segments, which depends on when it was committed; a model in bfloat16
    rounds with the batch, which depends on where a run was cut. So scores may differ a little, and results
    that are so close may change places: the last one with one outside, the best passage of an article with its
    second best. Citations must be the same.
    """
    close = _CLOSE[embedder]
    (ours, cited), (theirs, cited_there) = one, other
    found = [
        f"{place} scores {ours[place]} instead of {theirs[place]}"
        for place in ours.keys() & theirs.keys()
        if abs(ours[place] - theirs[place]) > close
    ]
    for having, lacking in ((ours, theirs), (theirs, ours)):
        last = min(lacking.values(), default=0.0) if len(lacking) == _RESULTS else -float("inf")
        for place, score in having.items():
            rivals = [last, *(other for there, other in lacking.items() if there[0] == place[0])]
            if place not in lacking and min(abs(score - rival) for rival in rivals) > close:
                found.append(f"only one has {place}")
    if cited != cited_there:
        found.append(f"cited is {cited} instead of {cited_there}")
    return found


def kill(process: Any) -> None:
    """End a process as losing it does: it can do nothing about it."""
    if process.is_alive():
        process.kill()  # unlike os.kill, it bears that the process ends meanwhile
    process.join()


def start(target: Callable[[Any], None], argument: object) -> Any:
    """Start a process of its own, which ends with this one."""
    process = processes.Process(target=target, args=(argument,), daemon=True)
    process.start()
    return process
