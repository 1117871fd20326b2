BEGIN TRANSACTION;
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
    content_hash TEXT NOT NULL
) STRICT;
INSERT INTO "articles" VALUES(1,'missiles','Blinken accuses Tehran of arming Moscow','LONDON, Sept 10 - Iran has sent missiles to Russia, Antony Blinken said on Tuesday.

"Russia will likely use them within weeks in Ukraine," he told reporters beside the British foreign secretary. Tehran denied it.

New sanctions against Iran Air will follow.','2024-09-10T00:00:00','day','the test',739139,739139,NULL,'A. Reporter',NULL,'Wire','https://news.example/2024/missiles','en','World','','/news/wire.jsonl','5ffeea3f33dee1f9a8ab007facb949f72a5a5e2ef6c1d40612363d3bd6b75236');
INSERT INTO "articles" VALUES(2,'rates','Fed makes first cut in four years','The Federal Reserve cut its benchmark rate by half a percentage point on Wednesday, its first cut in four years.

Inflation has fallen from 9.1 percent in June 2022, Jerome Powell said.','2024-09-18T18:05:00','minute','the test',739147,739147,NULL,NULL,NULL,'Ledger','https://ledger.example/rates#top','en','Business','','/news/wire.jsonl','ad68ae8da152fe9174dad08f1b024bc215d97d4a124ec6fd0f2a09a5cb4ae891');
INSERT INTO "articles" VALUES(3,'cathedral','Notre-Dame to reopen','Paris''s cathedral of Notre-Dame will hold its first mass since the fire of 2019.

The golden rooster is back on the spire. Tickets are free, the archdiocese said.','2024-12-01T00:00:00','month','the test',739221,739251,NULL,NULL,NULL,'Wire',NULL,'en','Culture','','/news/wire.jsonl','1e1cd95d774a04b13601204b251cb0ecb11845f04ace74dee2b9e309ebdb5711');
INSERT INTO "articles" VALUES(4,'undated','Sardines return','The harbour of Lisbon handled more sardines than ever, the fishermen''s union said.',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'Gazette',NULL,'pt',NULL,'','/news/wire.jsonl','fad369c032a4bed5baa82377b8272b0183f0ab2c76ef6e69e7f6e396d336cbc8');
INSERT INTO "articles" VALUES(5,'missiles-copy','Tehran arms Moscow, Blinken says','LONDON, Sept 10 - Iran has sent missiles to Russia, Antony Blinken said on Tuesday.

"Russia will likely use them within weeks in Ukraine," he told reporters beside the British foreign secretary. Tehran denied it.

New sanctions against Iran Air will follow.

The embassy had no comment.','2024-09-11T00:00:00','day','the test',739140,739140,NULL,NULL,NULL,'Gazette',NULL,'en',NULL,'',NULL,'29f72fc1743a7b01e5490f8841a2e2706fd8e76a678d9551158d79c71589744a');
CREATE TABLE changes (
    snapshot INTEGER NOT NULL,
    article  INTEGER NOT NULL,
    PRIMARY KEY (snapshot, article)
) STRICT, WITHOUT ROWID;
INSERT INTO "changes" VALUES(1,1);
INSERT INTO "changes" VALUES(1,2);
INSERT INTO "changes" VALUES(1,3);
INSERT INTO "changes" VALUES(1,4);
INSERT INTO "changes" VALUES(2,5);
INSERT INTO "changes" VALUES(2,6);
INSERT INTO "changes" VALUES(3,6);
CREATE TABLE holdings (
    input TEXT NOT NULL,
    id    TEXT NOT NULL,
    PRIMARY KEY (input, id)
) STRICT, WITHOUT ROWID;
INSERT INTO "holdings" VALUES('/news/wire.jsonl','cathedral');
INSERT INTO "holdings" VALUES('/news/wire.jsonl','missiles');
INSERT INTO "holdings" VALUES('/news/wire.jsonl','rates');
INSERT INTO "holdings" VALUES('/news/wire.jsonl','undated');
CREATE TABLE inputs (
    path        TEXT PRIMARY KEY,
    size        INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    articles    INTEGER NOT NULL,
    skipped     TEXT NOT NULL      -- JSON list of [origin, reason]
) STRICT;
INSERT INTO "inputs" VALUES('/news/wire.jsonl',1000,1000000000000000000,'0000000000000000000000000000000000000000000000000000000000000000-0000000000000000',4,'[]');
CREATE TABLE manifest (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO "manifest" VALUES('schema_version','3');
INSERT INTO "manifest" VALUES('archive_id','d40a66eb6e6f47fdb26094c0f8d3848c');
INSERT INTO "manifest" VALUES('model','hash-embedder');
INSERT INTO "manifest" VALUES('fingerprint','hash');
INSERT INTO "manifest" VALUES('dimension','16');
INSERT INTO "manifest" VALUES('snapshot','3');
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
INSERT INTO "mentions" VALUES(1,8,15,'DATE','2024-09-10',NULL,'in','2024-09-10','2024-09-11','day',739139,739139,'2024-09-10','day_of_month');
INSERT INTO "mentions" VALUES(1,75,82,'DATE','2024-09-10',NULL,'in','2024-09-10','2024-09-11','day',739139,739139,'2024-09-10','weekday');
INSERT INTO "mentions" VALUES(1,121,126,'DURATION','PXW',NULL,'within','2024-09-10','2024-10-11','week',739139,739169,'2024-09-10','untold_length');
INSERT INTO "mentions" VALUES(2,73,82,'DATE','2024-09-18',NULL,'in','2024-09-18','2024-09-19','day',739147,739147,'2024-09-18','weekday');
INSERT INTO "mentions" VALUES(2,101,111,'DURATION','P4Y',NULL,'in',NULL,NULL,NULL,NULL,NULL,'','length');
INSERT INTO "mentions" VALUES(2,155,164,'DATE','2022-06',NULL,'in','2022-06-01','2022-07-01','month',738307,738336,'','month');
INSERT INTO "mentions" VALUES(3,75,79,'DATE','2019',NULL,'in','2019-01-01','2020-01-01','year',737060,737424,'','year');
INSERT INTO "mentions" VALUES(5,8,15,'DATE','2024-09-10',NULL,'in','2024-09-10','2024-09-11','day',739139,739139,'2024-09-11','day_of_month');
INSERT INTO "mentions" VALUES(5,75,82,'DATE','2024-09-10',NULL,'in','2024-09-10','2024-09-11','day',739139,739139,'2024-09-11','weekday');
INSERT INTO "mentions" VALUES(5,121,126,'DURATION','PXW',NULL,'within','2024-09-11','2024-10-12','week',739140,739170,'2024-09-11','untold_length');
CREATE TABLE passages (
    key     INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (key) ON DELETE CASCADE,
    start   INTEGER NOT NULL,
    stop    INTEGER NOT NULL
) STRICT;
INSERT INTO "passages" VALUES(1,1,0,258);
INSERT INTO "passages" VALUES(2,2,0,185);
INSERT INTO "passages" VALUES(3,3,0,162);
INSERT INTO "passages" VALUES(4,4,0,82);
INSERT INTO "passages" VALUES(5,5,0,287);
CREATE TABLE vectors (
    passage INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    vector  BLOB NOT NULL
) STRICT;
INSERT INTO "vectors" VALUES(1,X'6AAED0B47C33D03458B1F3B6472802B8D0B44728D03447286AAE6A2E58B17C33');
INSERT INTO "vectors" VALUES(2,X'77AA0AB4A8B5D930D9B0A835A835772A0A34D930D930D9B046B7D930A835D9B0');
INSERT INTO "vectors" VALUES(3,X'3FAB3F2B57366F3187B43F2B3F2B87B457B6143887346F316FB16F316FB16FB1');
INSERT INTO "vectors" VALUES(4,X'C6359EACC6B5EEB20BB89EAC9EACC6B59EAC9EAC9E2C9EACC6B59E2C9E2CC6B5');
INSERT INTO "vectors" VALUES(5,X'D8AD5BB5DE306234D8AD4EB7CA2723B854B6CA27D132D82DD8ADD82DDEB0D132');
CREATE INDEX holdings_by_id ON holdings (id);
CREATE INDEX articles_by_day ON articles (first_day, last_day);
CREATE INDEX articles_by_source ON articles (source);
CREATE INDEX articles_by_input ON articles (input);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX mentions_by_day ON mentions (first_day, last_day);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('articles',6);
INSERT INTO "sqlite_sequence" VALUES('passages',6);
COMMIT;
