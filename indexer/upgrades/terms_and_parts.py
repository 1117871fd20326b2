"""From schema 4 to 5: term counts, frequencies, several statements of a sentence, parts, embargo, rights.

Terms are counted in the stored texts, as the writer counts them. Times and statements stay as they were read, and
it is not known by which rules: `dateline rebuild --readings` reads them anew. Parts, embargoes and rights stand
only in the files, so these are forgotten as read: indexing them again reads them, and embeds those articles
of which they say more than was kept.
"""

import sqlite3
from collections.abc import Callable

from indexer.upgrades.tables import run, take_the_place
from search.archive.local.frequencies import FrequencyTable, count_stored
from search.errors import ArchiveDamagedError

_KEPT = (
    "key, id, headline, body, published, precision, found_in, first_day, last_day, standfirst, byline, dateline, "
    "source, url, language, section, origin, input, content_hash, version, supersedes, notice, notice_text, "
    "superseded, withdrawn, text"
)

# As they were in schema 5, whatever became of them since; statements are parted at semicolons.
_TABLES = """
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

_INDEXES = """
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


def upgrade(connection: sqlite3.Connection, on_progress: Callable[[int, int], None]) -> None:
    """Bring a database of schema 4 to schema 5; see `indexer.upgrades.Step`."""
    run(connection, _TABLES)
    run(connection, _MOVED)
    keys = [row[0] for row in connection.execute("SELECT key FROM articles ORDER BY key")]
    for number, key in enumerate(keys, start=1):
        _count(connection, key)
        on_progress(number, len(keys))
    for table in ("articles", "passages", "statements", "changes"):
        take_the_place(connection, table)
    run(connection, _INDEXES)
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
        f"INSERT INTO new_articles ({_KEPT}, terms, counts, readings) "
        f"SELECT {_KEPT}, ?, ?, '' FROM articles WHERE key = ?",
        (whole.length, whole.packed(), key),
    )
    connection.executemany(
        "INSERT INTO new_passages SELECT key, article, start, stop, ?, ? FROM passages WHERE key = ?",
        [(counts.length, counts.packed(), passage) for passage, counts in parts.items()],
    )
