"""The database's tables."""

SCHEMA_VERSION = 5
"""Stands in the manifest; an archive of another version is refused, never guessed at."""

# Statements are parted at semicolons, so the comments have none.
TABLES = """
CREATE TABLE manifest (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Files that were read, so that an unchanged one need not be read again.
CREATE TABLE inputs (
    path        TEXT PRIMARY KEY,
    size        INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    articles    INTEGER NOT NULL,
    skipped     TEXT NOT NULL      -- JSON list of [origin, reason]
) STRICT;

-- Which input holds which article: one that several hold goes with the last of them.
CREATE TABLE holdings (
    input TEXT NOT NULL,
    id    TEXT NOT NULL,
    PRIMARY KEY (input, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX holdings_by_id ON holdings (id);

CREATE TABLE articles (
    key          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    headline     TEXT NOT NULL,
    body         TEXT NOT NULL,
    published    TEXT,             -- ISO 8601, to the second
    precision    TEXT,
    found_in     TEXT,
    first_day    INTEGER,          -- proleptic Gregorian ordinals
    last_day     INTEGER,
    standfirst   TEXT,
    byline       TEXT,
    dateline     TEXT,
    source       TEXT,
    url          TEXT,
    language     TEXT,
    section      TEXT,
    origin       TEXT NOT NULL,
    input        TEXT,             -- path of the file it came from
    content_hash TEXT NOT NULL,
    version      INTEGER,
    supersedes   TEXT,             -- id of the article in whose place it is
    notice       TEXT,             -- of what kind, NULL: none
    notice_text  TEXT,
    superseded   INTEGER NOT NULL, -- 1: another stored article is in its place
    withdrawn    INTEGER NOT NULL, -- 1: a withdrawal stands
    live         INTEGER NOT NULL AS (NOT superseded AND NOT withdrawn) STORED, -- 0: stored, but not found
    text         INTEGER REFERENCES texts (key), -- NULL: not compared with others
    terms        INTEGER NOT NULL, -- how many terms it has, headline and standfirst among them
    counts       BLOB NOT NULL,    -- how often each stands in it, search.archive.scoring
    counted      INTEGER NOT NULL DEFAULT 0, -- 1: it and its passages are in the table of frequencies
    readings     TEXT NOT NULL,    -- fingerprint of the rules that read its mentions and statements, '': not known
    local_day    TEXT,             -- ISO 8601, where it was written, if that is not the day of published
    label        TEXT,             -- what stood in the place of the headline and is none
    embargo      TEXT,             -- ISO 8601 instant before which it must not be shown, NULL: none
    rights       TEXT,             -- what its publisher allows, in its words
    remarks      TEXT              -- JSON list of what its reader had to say of the reading, NULL: nothing
) STRICT;
CREATE INDEX articles_by_day ON articles (first_day, last_day);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_input ON articles (input);
CREATE INDEX articles_by_text ON articles (text);
CREATE INDEX articles_by_superseded ON articles (supersedes) WHERE supersedes IS NOT NULL;
CREATE INDEX articles_not_live ON articles (key) WHERE live = 0;

-- Texts as they are compared: articles that are word for word the same share one. A family is a label.
CREATE TABLE texts (
    key     INTEGER PRIMARY KEY AUTOINCREMENT,
    digest  BLOB NOT NULL UNIQUE,
    family  INTEGER NOT NULL,
    buckets BLOB NOT NULL          -- little-endian uint32
) STRICT;
CREATE INDEX texts_by_family ON texts (family);

-- Locality-sensitive hashing: texts that share a bucket may be alike.
CREATE TABLE buckets (
    bucket INTEGER NOT NULL,
    text   INTEGER NOT NULL,
    PRIMARY KEY (bucket, text)
) STRICT, WITHOUT ROWID;

-- Pairs of texts one of which derives from the other, each in both directions.
CREATE TABLE relations (
    one   INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;

-- Notices that an article must not be used any more, whether it is stored or not.
CREATE TABLE withdrawals (
    id        TEXT PRIMARY KEY,
    reason    TEXT NOT NULL,
    published TEXT,                -- ISO 8601, to the second
    precision TEXT,
    found_in  TEXT,
    version   INTEGER,
    source    TEXT,
    origin    TEXT NOT NULL,
    local_day TEXT                 -- ISO 8601, as of articles
) STRICT;

-- Slices [start, stop) of articles.body in Unicode code points. Keys are never used twice.
CREATE TABLE passages (
    key     INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start   INTEGER NOT NULL,
    stop    INTEGER NOT NULL,
    terms   INTEGER NOT NULL,      -- how many terms it has, its headline's among them
    counts  BLOB NOT NULL          -- how often each stands in it
) STRICT;
CREATE INDEX passages_by_article ON passages (article);

-- Time expressions of articles.body, [start, stop) in Unicode code points, with the stretch of time they mean.
CREATE TABLE mentions (
    article     INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start       INTEGER NOT NULL,
    stop        INTEGER NOT NULL,
    type        TEXT NOT NULL,     -- TIMEX3
    value       TEXT NOT NULL,     -- TIMEX3
    modifier    TEXT,              -- TIMEX3
    relation    TEXT NOT NULL,
    since       TEXT,              -- ISO 8601 date or instant, half-open, NULL: not bounded on this side
    until       TEXT,
    granularity TEXT,              -- NULL: the words bound no time
    first_day   INTEGER,           -- proleptic Gregorian ordinals, both days included, NULL: not bounded
    last_day    INTEGER,
    anchor      TEXT NOT NULL,
    rule        TEXT NOT NULL,
    PRIMARY KEY (article, start, stop)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_day ON mentions (first_day, last_day);

-- Sentences of articles.body that somebody says or that are not plainly asserted, [start, stop), with the words
-- that tell who says them, [words_start, words_stop), all in Unicode code points.
-- What somebody else says within a sentence is a part of its statement, with a row of its own.
CREATE TABLE statements (
    article     INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start       INTEGER NOT NULL,
    stop        INTEGER NOT NULL,
    place       INTEGER NOT NULL,
    standing    TEXT NOT NULL,
    speaker     TEXT,              -- NULL: the article itself says it, and so with the columns below
    role        TEXT,
    words_start INTEGER,
    words_stop  INTEGER,
    folded      TEXT,              -- speaker and role as search.statements compares them
    whole       INTEGER,           -- place of the statement that it is a part of, NULL: of none
    reporter    TEXT,              -- who reports that the speaker said it, NULL: nobody, and so with those below
    reporter_role  TEXT,
    reporter_start INTEGER,
    reporter_stop  INTEGER,
    PRIMARY KEY (article, start, stop, place)
) STRICT, WITHOUT ROWID;

-- Parts of a body with a time or a page of their own, [start, stop) in Unicode code points.
CREATE TABLE parts (
    article   INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start     INTEGER NOT NULL,
    stop      INTEGER NOT NULL,
    published TEXT,                -- ISO 8601, to the second
    precision TEXT,
    found_in  TEXT,
    local_day TEXT,                -- ISO 8601, as of articles
    page      INTEGER,             -- counted from 1
    heading   TEXT,
    PRIMARY KEY (article, start, stop)
) STRICT, WITHOUT ROWID;

-- Unit vectors as little-endian float16.
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    vector  BLOB NOT NULL
) STRICT;

-- Articles that came or went with a snapshot: what a view that is behind must look at again.
CREATE TABLE changes (
    snapshot INTEGER NOT NULL,
    article  INTEGER NOT NULL,
    id       TEXT NOT NULL,        -- '': only its family's label changed, or it was gone before ids were kept
    PRIMARY KEY (snapshot, article)
) STRICT, WITHOUT ROWID;

-- In how many passages and articles that can be found a term stands, by search.archive.scoring.term_number.
CREATE TABLE frequencies (
    term     INTEGER PRIMARY KEY,
    passages INTEGER NOT NULL,
    articles INTEGER NOT NULL
) STRICT;
"""
