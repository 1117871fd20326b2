"""From schema 3 to 4: statements, families, versions and withdrawals.

Statements and families are found from the stored texts, as the indexer finds them. Versions, corrections and
withdrawals stand only in the files, so these are forgotten as read: indexing them again reads them, and embeds
nothing whose text is as it was.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from indexer.dossier import read_article_statements
from indexer.families import likeness
from indexer.upgrades.tables import run, take_the_place
from search.archive.liveness import is_stored
from search.archive.local.relations import Kinship
from search.archive.local.rows import statements_to_rows
from search.article import Article, Precision, Publication

_KEPT = (
    "key, id, headline, body, published, precision, found_in, first_day, last_day, standfirst, byline, dateline, "
    "source, url, language, section, origin, input, content_hash"
)

# As they were in schema 4, whatever became of them since; statements are parted at semicolons.
_TABLES = """
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

_INDEXES = """
CREATE INDEX articles_by_day ON articles (first_day, last_day);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_input ON articles (input);
CREATE INDEX articles_by_text ON articles (text);
CREATE INDEX articles_by_superseded ON articles (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX articles_not_live ON articles (key) WHERE live = 0
"""


def upgrade(connection: sqlite3.Connection, on_progress: Callable[[int, int], None]) -> None:
    """Bring a database of schema 3 to schema 4; see `indexer.upgrades.Step`."""
    run(connection, _TABLES)
    connection.execute(
        f"INSERT INTO new_articles ({_KEPT}, superseded, withdrawn) SELECT {_KEPT}, 0, 0 FROM articles"
    )
    take_the_place(connection, "articles")
    run(connection, _INDEXES)
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
        row = connection.execute(f"SELECT {_KEPT} FROM articles WHERE key = ?", (key,)).fetchone()
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
