"""Build the binary files of the sample corpus: the Parquet table and the web archive.

Their articles are written below. Times and record ids are fixed, so building twice (with the same
versions of pyarrow and warcio) gives the same bytes:

    python scripts/build_corpus.py [FOLDER]
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pyarrow as pa
import pyarrow.parquet as pq
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

CORPUS = Path(__file__).parents[1] / "corpus"
TABLE = Path("tables/three-articles-2022-2024.parquet")
WEB_ARCHIVE = Path("warc/paris-olympics-crawl.warc.gz")


@dataclass(frozen=True, slots=True)
class Story:
    """An article as it is written here: paragraphs parted by blank lines, line breaks without meaning."""

    headline: str
    standfirst: str
    byline: str
    dateline: str
    published: str
    source: str
    url: str
    section: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs, one line each."""
        return [" ".join(block.split()) for block in self.text.strip().split("\n\n")]


TABLE_STORIES = (
    Story(
        headline="Climate talks in Egypt agree to create a fund for loss and damage",
        standfirst="Poor countries win what they have sought for decades; who pays is left for later.",
        byline="Priya Menon",
        dateline="SHARM EL-SHEIKH, Egypt, Nov 20",
        published="2022-11-20T10:15:00+02:00",
        source="Harbour News",
        url="https://news.example/harbour/2022/11/20/cop27-loss-and-damage",
        section="climate",
        text="""
            Countries that have done little to heat the planet will get help with the damage that they suffer
            from it, the United Nations climate conference in Egypt decided before dawn on Sunday.

            COP27 agreed to set up a fund for what diplomats call loss and damage: the destruction wrought by
            floods, droughts, storms and rising seas in vulnerable countries. Developing nations had asked for
            such help for some 30 years, and rich ones had resisted, fearing that they would be held liable.

            The most difficult questions were put off. A committee is to recommend by next year's conference,
            in the United Arab Emirates, who should pay into the fund and who should receive money from it.

            The negotiations turned late in the week, when the European Union dropped its opposition to a fund,
            provided that the money goes to the most vulnerable.

            On the causes of warming the conference made little headway. India and others had proposed that
            all fossil fuels should be phased down. The final text repeats the call of the year before in
            Glasgow, which speaks of coal alone.

            The meeting in Sharm el-Sheikh should have ended on Friday. Antonio Guterres, the UN
            secretary-general, said that it had taken an important step towards justice, but that the world
            still needed a giant leap on climate ambition.
        """,
    ),
    Story(
        headline="Owner and manager of the Dali pay 102 million dollars over Key Bridge",
        standfirst="The settlement repays the federal government for clearing the channel, not for a new bridge.",
        byline="Daniel Mercer",
        dateline="WASHINGTON, Oct 24",
        published="2024-10-24T15:40:00-04:00",
        source="Dateline Wire",
        url="https://news.example/dateline-wire/2024/10/24/dali-settlement",
        section="business",
        text="""
            The companies that owned and operated the container ship Dali have agreed to pay the United States
            nearly $102 million for the costs of the disaster that it caused in Baltimore in March, the
            Justice Department said on Thursday.

            The ship lost power and struck the Francis Scott Key Bridge, which fell into the Patapsco River.
            Six men who were repairing the roadway were killed.

            Grace Ocean Private Limited and Synergy Marine Private Limited, both of Singapore, will pay for
            the work of the federal agencies that responded to the collapse and cleared wreckage from the
            shipping channel. The department had sued them in September and had asked for more than $100
            million.

            The settlement does not cover the rebuilding of the bridge. The State of Maryland, which owned it,
            has filed a claim of its own, and so have the families of the victims.

            In the lawsuit the department accused the companies of having known of severe vibrations on the
            ship that could harm its electrical equipment, and of having made do with improvised repairs.

            The channel was blocked for 11 weeks. It was restored to its full width and depth on June 10.
        """,
    ),
    Story(
        headline="NASA delays moon flight with crew to April 2026 over heat shield",
        standfirst="Trapped gas cracked the shield of the first Orion; the next one will fly a gentler return.",
        byline="Samuel Adeyemi",
        dateline="WASHINGTON, Dec 5",
        published="2024-12-05T14:10:00-05:00",
        source="Harbour News",
        url="https://news.example/harbour/2024/12/05/artemis-two-april-2026",
        section="science",
        text="""
            The first flight of astronauts to the Moon since 1972 has been put off again. NASA now plans to
            launch Artemis II in April 2026, seven months later than it announced at the beginning of this
            year, the agency said on Thursday.

            Artemis III, which is meant to land two astronauts near the lunar south pole, moves to the middle
            of 2027.

            The delay follows a long investigation of the heat shield that protected the uncrewed Orion
            capsule on its return in December 2022. Charred material broke off in more than 100 places. The
            engineers found that gas produced inside the shield could not escape, so that pressure built up
            and the outer layer cracked.

            NASA will not replace the shield that is already fitted to the next capsule. Instead the crew
            will return along a different path through the atmosphere, on which the shield spends less time
            in the critical range of temperature. Bill Nelson, the administrator, said that all who took part
            in the decision had agreed.

            Work on the life-support system of the capsule also needs more time.

            On Wednesday, President-elect Donald Trump said that he would nominate the entrepreneur Jared
            Isaacman as the next head of NASA. Nelson leaves office in January.
        """,
    ),
)

PAGE_STORIES = (
    Story(
        headline="Lyles wins Olympic 100 metres by five thousandths of a second",
        standfirst="A photograph decides a very close final in favour of the American.",
        byline="Jonas Petit",
        dateline="PARIS, Aug 4",
        published="2024-08-04T22:35:00+02:00",
        source="Dateline Wire",
        url="https://news.example/dateline-wire/2024/08/04/lyles-100-metres",
        section="sport",
        text="""
            Noah Lyles of the United States won the Olympic 100 metres on Sunday in a finish so close that
            neither he nor the man beside him knew who was the champion.

            Lyles and Kishane Thompson of Jamaica were both timed at 9.79 seconds. The photograph of the
            finish put Lyles ahead by five thousandths of a second, 9.784 to 9.789. Fred Kerley, also of the
            United States, was third in 9.81.

            Lyles had the slowest reaction of the eight finalists, together with Letsile Tebogo of Botswana,
            and was last after 30 metres. He did not take the lead until the final strides.

            He is the first American to win the event since Justin Gatlin in 2004. The time is the best of
            his career.

            The final in the Stade de France was one of the fastest in history: all eight men ran under ten
            seconds.

            Lyles, who won both sprints at last year's world championships in Budapest, hopes to complete
            the double in Paris as well. The first round of the 200 metres is on Monday, and the final on
            Thursday.
        """,
    ),
    Story(
        headline="Paris hands the Olympic flag to Los Angeles as the Games end level at the top",
        standfirst="The United States and China finish with 40 gold medals each; France wins 16.",
        byline="Jonas Petit",
        dateline="PARIS, Aug 11",
        published="2024-08-11T23:55:00+02:00",
        source="Dateline Wire",
        url="https://news.example/dateline-wire/2024/08/11/paris-closing-ceremony",
        section="sport",
        text="""
            The Olympic Games of Paris ended on Sunday night in the Stade de France, where Anne Hidalgo gave
            back the Olympic flag and Karen Bass, the mayor of Los Angeles, received it for 2028.

            The actor Tom Cruise let himself down from the roof of the stadium on a rope and rode away with
            the flag on a motorcycle.

            The United States and China won 40 gold medals each, the first time that the top of the table has
            been shared at a Summer Games. The Americans, who collected 126 medals in all against 91 for
            China, drew level in the last event of all, when their women's basketball team beat France by 67
            points to 66.

            Japan came third with 20 gold medals. The hosts finished fifth, behind Australia, with 16 gold
            and 64 medals in total.

            The face of the French team was the swimmer Léon Marchand, who won four individual titles. In
            athletics, Armand Duplantis of Sweden raised his own world record in the pole vault to 6.25
            metres last Monday.

            The Paralympic Games open in Paris on 28 August and end on 8 September.
        """,
    ),
)

# Everything on a page that is not the article, as readers meet it on the web.
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{headline} - {source}</title>
<link rel="canonical" href="{url}">
<meta name="author" content="{byline}">
<meta name="description" content="{standfirst}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{source}">
<meta property="og:title" content="{headline}">
<meta property="og:url" content="{url}">
<meta property="article:published_time" content="{published}">
<meta property="article:section" content="{section}">
</head>
<body>
<header><nav><a href="/">{source}</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav></header>
<main><article>
<h1>{headline}</h1>
<p class="standfirst">{standfirst}</p>
<p class="byline">By {byline}</p>
<time datetime="{published}">{published}</time>
{body}
</article></main>
<footer><p>Terms of use. Privacy. Contact us.</p></footer>
</body>
</html>
"""


def build(folder: Path) -> list[Path]:
    """Write both files below `folder`; their paths."""
    built = [folder / TABLE, folder / WEB_ARCHIVE]
    for path in built:
        path.parent.mkdir(parents=True, exist_ok=True)
    write_table(TABLE_STORIES, built[0])
    write_web_archive(PAGE_STORIES, built[1])
    return built


def write_table(stories: Iterable[Story], path: Path) -> None:
    """Write a Parquet file, one row a story, the publication as an instant in UTC."""
    rows = [
        {
            "headline": story.headline,
            "standfirst": story.standfirst,
            "byline": story.byline,
            "dateline": story.dateline,
            "body": "\n\n".join(story.paragraphs),
            "published": datetime.fromisoformat(story.published),
            "source": story.source,
            "url": story.url,
            "language": "en",
            "section": story.section,
        }
        for story in stories
    ]
    instant = pa.timestamp("s", tz="UTC")
    schema = pa.schema([(name, instant if name == "published" else pa.string()) for name in rows[0]])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path, compression="zstd")


def write_web_archive(stories: Iterable[Story], path: Path) -> None:
    """Write a WARC file, one HTTP response a story, crawled at 23:00 UTC of its day."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        about = {"software": "scripts/build_corpus.py", "format": "WARC File Format 1.0"}
        first = writer.create_warcinfo_record(path.name, about)
        writer.write_record(_fixed(first, path.name, "2024-08-12T01:00:00Z"))
        for story in stories:
            crawled = f"{story.published[:10]}T23:00:00Z"
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Server", "example")], "HTTP/1.1"
            )
            page = BytesIO(_page(story).encode())
            response = writer.create_warc_record(story.url, "response", payload=page, http_headers=headers)
            writer.write_record(_fixed(response, story.url, crawled))


def _fixed(record: ArcWarcRecord, name: str, moment: str) -> ArcWarcRecord:
    """The record with an id derived from a name and a stated time, instead of random and current ones."""
    headers = record.rec_headers
    headers.replace_header("WARC-Record-ID", f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>")
    headers.replace_header("WARC-Date", moment)
    return record


def _page(story: Story) -> str:
    escaped = {name: escape(getattr(story, name)) for name in Story.__slots__}
    return PAGE.format(body="\n".join(f"<p>{escape(line)}</p>" for line in story.paragraphs), **escaped)


if __name__ == "__main__":
    for written in build(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS):
        print(written)
