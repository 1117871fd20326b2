"""Check an archive anew against everything that can be told from what is stored."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from unicodedata import is_normalized

import numpy as np

from search.archive.local.archive import LocalArchive
from search.archive.local.database import Database
from search.archive.local.files import DATABASE_FILE
from search.archive.local.terms import count_stored
from search.archive.scoring import TermCounts
from search.article import Article
from search.errors import ArchiveDamagedError

_MOST_NAMED = 3
_BATCH = 1_000
_LENGTH_TOLERANCE = 0.01
_ONE_SIDED = (
    "SELECT one FROM relations r WHERE NOT EXISTS (SELECT 1 FROM relations b WHERE b.one = r.other "
    "AND b.other = r.one) OR one NOT IN (SELECT key FROM texts)"
)


class Part(StrEnum):
    """What of an archive is looked at, in order."""

    DATABASE = "database"
    SCHEMA = "schema"
    ARTICLES = "articles"
    OFFSETS = "offsets"
    TERMS = "terms"
    VECTORS = "vectors"
    JOURNAL = "journal"
    FAMILIES = "families"
    LIVENESS = "liveness"
    FREQUENCIES = "frequencies"
    VIEWS = "views"
    TAGS = "tags"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not as it must be.

    Attributes:
        part: Of the archive.
        problem: What is wrong: one sentence with how many cases and the first of them.
    """

    part: Part
    problem: str


def check(archive: LocalArchive) -> tuple[Flaw, ...]:
    """Check an archive; nothing is changed. No flaws: all is well."""
    return check_database(archive.folder) or check_contents(archive)


def check_database(folder: Path) -> tuple[Flaw, ...]:
    """Check every page and index of the SQLite file, and every reference between its tables."""
    with closing(_reading(folder)) as connection:
        return tuple(_database(connection))


def check_contents(archive: LocalArchive, progress: Callable[[Part], None] = lambda _: None) -> tuple[Flaw, ...]:
    """Check what is stored in a database whose file is sound.

    The database is read as of one snapshot; the views as of that, or of a later one if another process commits
    meanwhile.
    """
    path = archive.folder / DATABASE_FILE
    found: list[Flaw] = []
    with closing(_reading(archive.folder)) as connection:
        connection.execute("BEGIN")
        looks: tuple[tuple[Part, Callable[[], Iterator[Flaw]]], ...] = (
            (Part.ARTICLES, lambda: _bodies(connection)),
            (Part.OFFSETS, lambda: _offsets(connection)),
            (Part.TERMS, lambda: _terms(connection)),
            (Part.VECTORS, lambda: _vectors(connection)),
            (Part.JOURNAL, lambda: _journal(connection)),
            (Part.FAMILIES, lambda: _families(connection)),
            (Part.LIVENESS, lambda: _contents(path)),
            (Part.FREQUENCIES, lambda: _frequencies(connection)),
            (Part.VIEWS, lambda: _views(archive)),
        )
        for part, look in looks:
            progress(part)
            found += look()
    return tuple(found)


def _reading(folder: Path) -> sqlite3.Connection:
    path = (folder / DATABASE_FILE).absolute()
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)


def _views(archive: LocalArchive) -> Iterator[Flaw]:
    try:
        for problem in archive.check_views().problems:
            yield Flaw(Part.VIEWS, problem)
    except ArchiveDamagedError as error:  # what they would be compared with
        yield Flaw(Part.VECTORS, error.problem)


def _database(connection: sqlite3.Connection) -> Iterator[Flaw]:
    try:
        rows = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        yield Flaw(Part.DATABASE, f"The database cannot be read: {error}.")
        return
    if rows != ["ok"]:
        yield Flaw(Part.DATABASE, f"SQLite finds the file damaged: {'; '.join(rows)}.")
    if broken:
        yield Flaw(Part.DATABASE, f"{len(broken)} rows belong to rows that are not there.")


def _bodies(connection: sqlite3.Connection) -> Iterator[Flaw]:
    bodies = connection.execute("SELECT id, body FROM articles")
    yield from _told(
        Part.ARTICLES, "is not in Unicode NFC", (id_ for id_, body in bodies if not is_normalized("NFC", body))
    )
    bare = connection.execute(
        "SELECT id FROM articles WHERE NOT EXISTS (SELECT 1 FROM passages WHERE passages.article = articles.key)"
    )
    yield from _told(Part.ARTICLES, "has no passages", (row[0] for row in bare))


def _contents(path: Path) -> Iterator[Flaw]:
    """Compare what is derived from whole articles: content hashes, and which articles are live."""
    with closing(Database(path)) as database, database.reading():
        keys = [key for id_ in database.ids() if (found := database.find(id_)) for key in found[:1]]
        wrong_hash, wrong_liveness, unreadable = list[str](), list[str](), list[str]()
        for begin in range(0, len(keys), _BATCH):
            for article in _read(database, keys[begin : begin + _BATCH], unreadable):
                if (database.find(article.id) or (0, ""))[1] != article.content_hash:
                    wrong_hash.append(article.id)
                if not _live_as_noted(database, article):
                    wrong_liveness.append(article.id)
    yield from _told(Part.ARTICLES, "cannot be what was stored", unreadable)
    yield from _told(Part.ARTICLES, "has another content than its hash says", wrong_hash)
    yield from _told(Part.LIVENESS, "is wrongly marked, or not marked, as superseded or withdrawn", wrong_liveness)


def _read(database: Database, keys: Sequence[int], unreadable: list[str]) -> Iterator[Article]:
    """Read articles by key; the ids of those that contradict themselves are added to `unreadable`."""
    try:
        yield from database.articles(keys).values()
    except ValueError:
        for key in keys:
            try:
                found = database.articles([key])
            except ValueError:
                unreadable.append(database.id_of(key))
            else:
                yield from found.values()


def _live_as_noted(database: Database, article: Article) -> bool:
    derived = (
        database.liveness.superseded_by(article) is not None,
        database.liveness.withdrawal_of(article) is not None,
    )
    return database.liveness.marks(article.id) == derived


def _offsets(connection: sqlite3.Connection) -> Iterator[Flaw]:
    for table, noun in (
        ("passages", "passage"),
        ("mentions", "time mention"),
        ("statements", "statement"),
        ("parts", "part"),
    ):
        rows = connection.execute(
            f"SELECT id, start, stop FROM {table} JOIN articles ON articles.key = {table}.article "
            "WHERE NOT (0 <= start AND start < stop AND stop <= length(body))"
        )
        yield from _told(
            Part.OFFSETS,
            f"has a {noun} outside its body",
            (f"{id_} [{start}, {stop})" for id_, start, stop in rows),
        )
    rows = connection.execute(
        "SELECT id, body, start, stop FROM passages JOIN articles ON articles.key = passages.article "
        "ORDER BY articles.key, start"
    )
    yield from _told(Part.OFFSETS, "is not covered by its passages, each once", _uncovered(rows))


def _uncovered(rows: Iterable[tuple[str, str, int, int]]) -> Iterator[str]:
    """Name the articles whose passages overlap, begin or end with white space, or leave text out."""
    at, last, place, whole = "", "", 0, True
    for id_, body, start, stop in rows:
        if id_ != at:
            if not whole or last[place:].strip():
                yield at
            at, last, place, whole = id_, body, 0, True
        passage = body[start:stop]
        whole = whole and start >= place and not body[place:start].strip() and passage == passage.strip()
        place = stop
    if not whole or last[place:].strip():
        yield at


def _terms(connection: sqlite3.Connection) -> Iterator[Flaw]:
    """Count the terms of every article and passage again."""
    wrong = []
    for key, id_, *stored in connection.execute("SELECT key, id, terms, counts FROM articles"):
        kept = connection.execute("SELECT key, terms, counts FROM passages WHERE article = ?", (key,))
        try:
            whole, parts = count_stored(connection, key)
        except ValueError:  # of such bodies and offsets the other checks tell
            continue
        if [whole.length, whole.packed()] != stored or {
            passage: (counts.length, counts.packed()) for passage, counts in parts.items()
        } != {passage: (length, packed) for passage, length, packed in kept}:
            wrong.append(id_)
    yield from _told(Part.TERMS, "has other terms than were counted of it", wrong)


def _frequencies(connection: sqlite3.Connection) -> Iterator[Flaw]:
    """Add up the terms of the articles that are counted, and of their passages."""
    marked = connection.execute("SELECT id FROM articles WHERE counted != live")
    yield from _told(
        Part.FREQUENCIES, "is counted and cannot be found, or the other way round", (row[0] for row in marked)
    )
    try:
        passages, of_passages = _added_up(
            connection,
            "SELECT p.terms, p.counts FROM passages p JOIN articles a ON a.key = p.article WHERE a.counted",
        )
        articles, of_articles = _added_up(connection, "SELECT terms, counts FROM articles WHERE counted")
    except ValueError as error:
        yield Flaw(Part.TERMS, f"Counts of terms cannot be read: {error}.")
        return
    expected = {term: (of_passages[term], of_articles[term]) for term in of_passages.keys() | of_articles.keys()}
    table = {
        term: counts
        for term, *counts in connection.execute("SELECT term, passages, articles FROM frequencies")
        if any(counts)
    }
    wrong = sum(
        tuple(table.get(term, (0, 0))) != expected.get(term, (0, 0)) for term in table.keys() | expected.keys()
    )
    if wrong:
        yield Flaw(Part.FREQUENCIES, f"{wrong} terms stand in other numbers of passages or articles than is kept.")
    totals = {"passages": passages, "articles": articles}
    manifest = dict(connection.execute("SELECT name, value FROM manifest"))
    for noun, (texts, length) in totals.items():
        kept = manifest.get(f"counted_{noun}", "0"), manifest.get(f"counted_{noun.removesuffix('s')}_terms", "0")
        if kept != (str(texts), str(length)):
            yield Flaw(
                Part.FREQUENCIES,
                f"{texts} {noun} of {length} terms can be found, and {kept[0]} of {kept[1]} are kept.",
            )


def _added_up(connection: sqlite3.Connection, query: str) -> tuple[tuple[int, int], Counter[int]]:
    """Of texts, given by a query: how many they are and how many terms they have, and in how many each term is.

    Raises:
        ValueError: If counts cannot be unpacked.
    """
    texts = length = 0
    found = Counter[int]()
    rows = connection.execute(query)
    while batch := rows.fetchmany(_BATCH):
        numbers = [TermCounts.unpacked(packed, terms).numbers for terms, packed in batch]
        distinct, counts = np.unique(np.concatenate(numbers), return_counts=True)
        for term, count in zip(distinct.tolist(), counts.tolist(), strict=True):
            found[term] += count
        texts += len(batch)
        length += sum(terms for terms, _ in batch)
    return (texts, length), found


def _vectors(connection: sqlite3.Connection) -> Iterator[Flaw]:
    dimension = int(connection.execute("SELECT value FROM manifest WHERE name = 'dimension'").fetchone()[0])
    missing = connection.execute("SELECT key FROM passages WHERE key NOT IN (SELECT passage FROM vectors)")
    yield from _told(Part.VECTORS, "has no vector", (f"passage {row[0]}" for row in missing))
    odd = connection.execute("SELECT passage FROM vectors WHERE length(vector) != ?", (2 * dimension,))
    yield from _told(
        Part.VECTORS, f"has a vector of other than {dimension} numbers", (f"passage {row[0]}" for row in odd)
    )
    wrong = []
    for passage, blob in connection.execute(
        "SELECT passage, vector FROM vectors WHERE length(vector) = ?", (2 * dimension,)
    ):
        length = float(np.linalg.norm(np.frombuffer(blob, dtype="<f2").astype(np.float32)))
        if not abs(length - 1) <= _LENGTH_TOLERANCE:  # not a number is wrong too
            wrong.append(f"passage {passage}")
    yield from _told(Part.VECTORS, "has a vector that is not of length 1", wrong)


def _journal(connection: sqlite3.Connection) -> Iterator[Flaw]:
    snapshot = int(connection.execute("SELECT value FROM manifest WHERE name = 'snapshot'").fetchone()[0])
    last = connection.execute("SELECT coalesce(max(snapshot), 0) FROM changes").fetchone()[0]
    if last > snapshot:
        yield Flaw(Part.JOURNAL, f"There are changes of snapshot {last}, and the last one is {snapshot}.")
    unknown = connection.execute("SELECT id FROM articles WHERE key NOT IN (SELECT article FROM changes)")
    yield from _told(Part.JOURNAL, "came with no snapshot", (row[0] for row in unknown))


def _families(connection: sqlite3.Connection) -> Iterator[Flaw]:
    queries: tuple[tuple[str, str], ...] = (
        (
            "is of no article",
            "SELECT key FROM texts WHERE key NOT IN (SELECT text FROM articles WHERE text NOT NULL)",
        ),
        (
            "is related to one that is not related to it, or not there",
            _ONE_SIDED,
        ),
        (
            "is in buckets without being there",
            "SELECT text FROM buckets WHERE text NOT IN (SELECT key FROM texts)",
        ),
    )
    for what, query in queries:
        yield from _told(Part.FAMILIES, what, (f"text {row[0]}" for row in connection.execute(query)))
    labels = dict(connection.execute("SELECT key, family FROM texts"))
    label = _components(labels, connection.execute("SELECT one, other FROM relations"))
    wrong = (f"text {key}" for key, family in labels.items() if label(key) != family)
    yield from _told(Part.FAMILIES, "is labelled with another family than its relations make", wrong)
    packed = {
        key: np.frombuffer(blob, dtype="<u4") for key, blob in connection.execute("SELECT key, buckets FROM texts")
    }
    counted = dict(connection.execute("SELECT text, count(*) FROM buckets GROUP BY text"))
    wrong = (f"text {key}" for key, buckets in packed.items() if counted.get(key, 0) != len(buckets))
    yield from _told(Part.FAMILIES, "is not in all of its buckets", wrong)


def _components(keys: Iterable[int], relations: Iterable[tuple[int, int]]) -> Callable[[int], int]:
    """Find the smallest key that each can reach (union-find)."""
    parent = {key: key for key in keys}

    def root(key: int) -> int:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for one, other in relations:
        if one in parent and other in parent:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return root


def _told(part: Part, what: str, names: Iterable[str]) -> Iterator[Flaw]:
    """Make one finding of all that have the same wrong with them."""
    listed = list(names)
    if listed:
        more = f" and {len(listed) - _MOST_NAMED} more" if len(listed) > _MOST_NAMED else ""
        yield Flaw(part, f"{', '.join(listed[:_MOST_NAMED])}{more}: {what}.")
