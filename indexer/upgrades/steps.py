"""The steps from one schema to the next: to 4 statements, families and withdrawals, to 5 term counts and parts.

Each makes tables anew under another name and lets them take the old ones' places. Statements and families are
found from the stored texts, as the indexer finds them; terms are counted in them, as the writer counts them. Times
and statements that were there stay as they were read, and it is not known by which rules: `dateline rebuild
--readings` reads them anew.

Versions, corrections, withdrawals, parts, embargoes and rights stand only in the files, so these are forgotten as
read: indexing them again reads them, and embeds only those articles of which they say more than was kept.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from indexer.dossier import read_article_statements
from indexer.families import likeness
from search.archive.liveness import is_stored
from search.archive.local.relations import Kinship
from search.archive.local.terms import FrequencyTable, count_stored
from search.archive.rows import statements_to_rows
from search.article import Article, Precision, Publication
from search.errors import ArchiveDamagedError

_KEPT_OF_3 = (
    "key, id, headline, body, published, precision, found_in, first_day, last_day, standfirst, byline, dateline, "
    "source, url, language, section, origin, input, content_hash"
)
# As they were in schema 4, whatever became of them since; statements are parted at semicolons.
_TABLES_OF_4 = """
CREATE TABLE statements (
    article     INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start       INTEGER NOT NULL,
    stop        INTEGER NOT NULL,
    standing    TEXT NOT NULL,
    speaker     TEXT,
    role        TEXT,
    words_start INTEGER,
    words_stop  INTEGER,
    folded      TEXT,
    PRIMARY KEY (article, start, stop)
) STRICT, WITHOUT ROWID;
CREATE TABLE texts (
    key     INTEGER PRIMARY KEY AUTOINCREMENT,
    digest  BLOB NOT NULL UNIQUE,
    family  INTEGER NOT NULL,
    buckets BLOB NOT NULL
) STRICT;
CREATE INDEX texts_by_family ON texts (family);
CREATE TABLE buckets (
    bucket INTEGER NOT NULL,
    text   INTEGER NOT NULL,
    PRIMARY KEY (bucket, text)
) STRICT, WITHOUT ROWID;
CREATE TABLE relations (
    one   INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE TABLE withdrawals (
    id        TEXT PRIMARY KEY,
    reason    TEXT NOT NULL,
    published TEXT,
    precision TEXT,
    found_in  TEXT,
    version   INTEGER,
    source    TEXT,
    origin    TEXT NOT NULL
) STRICT;
CREATE TABLE new_articles (
    key          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    headline     TEXT NOT NULL,
    body         TEXT NOT NULL,
    published    TEXT,
    precision    TEXT,
    found_in     TEXT,
    first_day    INTEGER,
    last_day     INTEGER,
    standfirst   TEXT,
    byline       TEXT,
    dateline     TEXT,
    source       TEXT,
    url          TEXT,
    language     TEXT,
    section      TEXT,
    origin       TEXT NOT NULL,
    input        TEXT,
    content_hash TEXT NOT NULL,
    version      INTEGER,
    supersedes   TEXT,
    notice       TEXT,
    notice_text  TEXT,
    superseded   INTEGER NOT NULL,
    withdrawn    INTEGER NOT NULL,
    live         INTEGER NOT NULL AS (NOT superseded AND NOT withdrawn) STORED,
    text         INTEGER REFERENCES texts (key)
) STRICT
"""
_INDEXES_OF_4 = """
CREATE INDEX articles_by_day ON articles (first_day, last_day);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_input ON articles (input);
CREATE INDEX articles_by_text ON articles (text);
CREATE INDEX articles_by_superseded ON articles (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX articles_not_live ON articles (key) WHERE live = 0
"""
_KEPT_OF_4 = (
    "key, id, headline, body, published, precision, found_in, first_day, last_day, standfirst, byline, dateline, "
    "source, url, language, section, origin, input, content_hash, version, supersedes, notice, notice_text, "
    "superseded, withdrawn, text"
)
# As they were in schema 5, whatever became of them since; statements are parted at semicolons.
_TABLES_OF_5 = """
CREATE TABLE new_articles (
    key          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    headline     TEXT NOT NULL,
    body         TEXT NOT NULL,
    published    TEXT,
    precision    TEXT,
    found_in     TEXT,
    first_day    INTEGER,
    last_day     INTEGER,
    standfirst   TEXT,
    byline       TEXT,
    dateline     TEXT,
    source       TEXT,
    url          TEXT,
    language     TEXT,
    section      TEXT,
    origin       TEXT NOT NULL,
    input        TEXT,
    content_hash TEXT NOT NULL,
    version      INTEGER,
    supersedes   TEXT,
    notice       TEXT,
    notice_text  TEXT,
    superseded   INTEGER NOT NULL,
    withdrawn    INTEGER NOT NULL,
    live         INTEGER NOT NULL AS (NOT superseded AND NOT withdrawn) STORED,
    text         INTEGER REFERENCES texts (key),
    terms        INTEGER NOT NULL,
    counts       BLOB NOT NULL,
    counted      INTEGER NOT NULL DEFAULT 0,
    readings     TEXT NOT NULL,
    local_day    TEXT,
    label        TEXT,
    embargo      TEXT,
    rights       TEXT,
    remarks      TEXT
) STRICT;
CREATE TABLE new_passages (
    key     INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start   INTEGER NOT NULL,
    stop    INTEGER NOT NULL,
    terms   INTEGER NOT NULL,
    counts  BLOB NOT NULL
) STRICT;
CREATE TABLE new_statements (
    article     INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start       INTEGER NOT NULL,
    stop        INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    standing    TEXT NOT NULL,
    speaker     TEXT,
    role        TEXT,
    words_start INTEGER,
    words_stop  INTEGER,
    folded      TEXT,
    whole       INTEGER,
    reporter    TEXT,
    reporter_role  TEXT,
    reporter_start INTEGER,
    reporter_stop  INTEGER,
    PRIMARY KEY (article, start, stop, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE parts (
    article   INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start     INTEGER NOT NULL,
    stop      INTEGER NOT NULL,
    published TEXT,
    precision TEXT,
    found_in  TEXT,
    local_day TEXT,
    page      INTEGER,
    heading   TEXT,
    PRIMARY KEY (article, start, stop)
) STRICT, WITHOUT ROWID;
CREATE TABLE new_changes (
    snapshot INTEGER NOT NULL,
    article  INTEGER NOT NULL,
    id       TEXT NOT NULL,
    PRIMARY KEY (snapshot, article)
) STRICT, WITHOUT ROWID;
CREATE TABLE frequencies (
    term     INTEGER PRIMARY KEY,
    passages INTEGER NOT NULL,
    articles INTEGER NOT NULL
) STRICT;
ALTER TABLE withdrawals ADD COLUMN local_day TEXT
"""
_INDEXES_OF_5 = """
CREATE INDEX articles_by_day ON articles (first_day, last_day);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_input ON articles (input);
CREATE INDEX articles_by_text ON articles (text);
CREATE INDEX articles_by_superseded ON articles (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX articles_not_live ON articles (key) WHERE live = 0;
CREATE INDEX passages_by_article ON passages (article)
"""
# Before, a sentence had one statement, so its place among those of its article follows from the offsets. Which
# article had a key is known only while it is stored.
_MOVED = """
INSERT INTO new_statements
    SELECT article, start, stop, row_number() OVER (PARTITION BY article ORDER BY start, stop) - 1,
        standing, speaker, role, words_start, words_stop, folded, NULL, NULL, NULL, NULL, NULL FROM statements;
INSERT INTO new_changes
    SELECT snapshot, article, coalesce(articles.id, '') FROM changes LEFT JOIN articles ON key = article
"""


def run(connection: sqlite3.Connection, script: str) -> None:
    """Run statements inside the transaction that is open; `executescript` would commit it."""
    for statement in script.split(";"):
        connection.execute(statement)


def take_the_place(connection: sqlite3.Connection, table: str) -> None:
    """Let the table `new_...` take the place of an old one; its indexes are gone with it.

    Keys are never used twice, those of rows that are gone neither, so the counter of keys goes over to it.
    """
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
    if last is not None:
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, *last))


def add_statements_and_families(connection: sqlite3.Connection, on_progress: Callable[[int, int], None]) -> None:
    """Bring a database of schema 3 to schema 4; see `indexer.upgrades.Step`."""
    run(connection, _TABLES_OF_4)
    connection.execute(
        f"INSERT INTO new_articles ({_KEPT_OF_3}, superseded, withdrawn) SELECT {_KEPT_OF_3}, 0, 0 FROM articles"
    )
    take_the_place(connection, "articles")
    run(connection, _INDEXES_OF_4)
    connection.execute("DELETE FROM inputs")
    kinship = Kinship(connection)
    count = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    for number, (key, article) in enumerate(_articles(connection), start=1):
        connection.execute("UPDATE articles SET content_hash = ? WHERE key = ?", (article.content_hash, key))
        # Of a sentence schema 4 holds one statement; where the rules read several, the first stays.
        connection.executemany(
            "INSERT OR IGNORE INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (key, *_as_in_schema_4(row))
                for row in statements_to_rows(filter(is_stored, read_article_statements(article)))
            ],
        )
        kinship.join(key, likeness(article))
        on_progress(number, count)


def _as_in_schema_4(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A statement's columns as schema 4 has them: none for its place, its whole and who reports it."""
    start, end, _, *rest = row[:9]
    return start, end, *rest


def _articles(connection: sqlite3.Connection) -> Iterator[tuple[int, Article]]:
    """Load every article, in the order in which they were stored."""
    for (key,) in connection.execute("SELECT key FROM articles ORDER BY key").fetchall():
        row = connection.execute(f"SELECT {_KEPT_OF_3} FROM articles WHERE key = ?", (key,)).fetchone()
        (_, id_, headline, body, published, precision, found_in, _, _, *rest) = row
        standfirst, byline, dateline, source, url, language, section, origin, _, _ = rest
        yield (
            key,
            Article(
                id=id_,
                headline=headline,
                body=body,
                published=Publication(datetime.fromisoformat(published), Precision(precision), found_in or "")
                if published is not None
                else None,
                standfirst=standfirst,
                byline=byline,
                dateline=dateline,
                source=source,
                url=url,
                language=language,
                section=section,
                origin=origin,
            ),
        )


def add_terms_and_parts(connection: sqlite3.Connection, on_progress: Callable[[int, int], None]) -> None:
    """Bring a database of schema 4 to schema 5; see `indexer.upgrades.Step`."""
    run(connection, _TABLES_OF_5)
    run(connection, _MOVED)
    keys = [row[0] for row in connection.execute("SELECT key FROM articles ORDER BY key")]
    for number, key in enumerate(keys, start=1):
        _count(connection, key)
        on_progress(number, len(keys))
    for table in ("articles", "passages", "statements", "changes"):
        take_the_place(connection, table)
    run(connection, _INDEXES_OF_5)
    connection.execute("DELETE FROM inputs")
    FrequencyTable(connection).settle_all()


def _count(connection: sqlite3.Connection, key: int) -> None:
    """Bring over an article and its passages with the counts of their terms."""
    try:
        whole, parts = count_stored(connection, key)
    except ValueError as error:
        (id_,) = connection.execute("SELECT id FROM articles WHERE key = ?", (key,)).fetchone()
        raise ArchiveDamagedError(
            f"Article {id_!r} cannot be what was stored: {error}; the archive is left alone.",
            "Restore a backup, or index the files into another folder: dateline index PATH... --index FOLDER",
        ) from error
    connection.execute(
        f"INSERT INTO new_articles ({_KEPT_OF_4}, terms, counts, readings) "
        f"SELECT {_KEPT_OF_4}, ?, ?, '' FROM articles WHERE key = ?",
        (whole.length, whole.packed(), key),
    )
    connection.executemany(
        "INSERT INTO new_passages SELECT key, article, start, stop, ?, ? FROM passages WHERE key = ?",
        [(counts.length, counts.packed(), passage) for passage, counts in parts.items()],
    )
