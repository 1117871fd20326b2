from collections.abc import Callable

import pytest

from indexer.readers import Skipped
from search.article import Article

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]
Reading = Callable[..., list[Article | Skipped]]

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Gazette</title><language>en-us</language>
<item><title>Ferries &amp;amp; ships</title><link>https://gazette.example/1</link>
<guid>g-1</guid><dc:creator>Jane Doe</dc:creator>
<category>Transport</category><pubDate>Thu, 02 May 2024 08:30:00 +0200</pubDate>
<description>Ships sail again.</description>
<content:encoded>
<![CDATA[<p>Ships <a href="/x" onclick="y()">sailed</a>.</p><script>z()</script><p>It rained.</p>]]>
</content:encoded></item>
<item><title>Short</title><guid>g-2</guid><description>&lt;p&gt;Only a summary.&lt;/p&gt;</description></item>
<item><title>Empty</title><guid>g-3</guid></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Das Blatt</title>
<entry><id>urn:e:1</id><title>Fähren</title><updated>2024-05-03T08:30:00Z</updated><published>2024-05-02T08:30:00Z</published>
<content type="html">&lt;p&gt;Schiffe fuhren.&lt;/p&gt;</content></entry></feed>"""

WXR = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Blog</title>
<item><title>Post</title><guid>p-1</guid><content:encoded><![CDATA[[dropcap]S[/dropcap]hips sailed.

It rained.
Then it stopped.]]></content:encoded><wp:post_date_gmt>2024-05-02 08:30:00</wp:post_date_gmt>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>
<item><title>Draft</title><content:encoded>Not yet.</content:encoded><wp:status>draft</wp:status>
<wp:post_type>post</wp:post_type></item>
<item><title>File</title><content:encoded>x</content:encoded><wp:status>inherit</wp:status>
<wp:post_type>attachment</wp:post_type></item>
</channel></rss>"""


def test_rss_entries_are_read(read: Reading) -> None:
    first, second, third = read("feed.xml", RSS)
    assert isinstance(first, Article)
    assert (first.id, first.headline, first.byline, first.source) == (
        "g-1",
        "Ferries & ships",
        "Jane Doe",
        "The Gazette",
    )
    assert (first.url, first.language, first.section, first.standfirst) == (
        "https://gazette.example/1",
        "en",
        "Transport",
        "Ships sail again.",
    )
    assert first.body == "Ships sailed.\n\nIt rained."
    assert first.published
    assert first.published.isoformat() == "2024-05-02T08:30:00+02:00"
    assert isinstance(second, Article)
    assert (second.body, second.published) == ("Only a summary.", None)
    assert third == Skipped(third.origin, "no text: the entry is empty.")


def test_atom_entries_are_read(read_one: ReadOne) -> None:
    article = read_one("feed.atom", ATOM)
    assert (article.id, article.headline, article.body, article.language) == (
        "urn:e:1",
        "Fähren",
        "Schiffe fuhren.",
        "de",
    )
    assert article.published
    assert article.published.isoformat() == "2024-05-02T08:30:00+00:00"


def test_of_a_wordpress_export_what_is_published_is_read(read: Reading) -> None:
    post, draft, attachment = read("export.xml", WXR)
    assert isinstance(post, Article)
    assert post.body == "Ships sailed.\n\nIt rained.\n\nThen it stopped."
    assert post.published
    assert post.published.found_in == "WordPress: post_date_gmt"
    assert isinstance(draft, Skipped)
    assert draft.reason == "not published: its status is 'draft'."
    assert isinstance(attachment, Skipped)
    assert attachment.reason == "no text: an attachment."


def test_a_broken_feed_keeps_its_entries_and_says_so(read: Reading) -> None:
    entries = read("feed.xml", RSS[: RSS.index("<item><title>Empty")])
    assert [type(entry) for entry in entries] == [Article, Article, Skipped]
    assert "broken" in entries[-1].reason  # type: ignore[union-attr]


def test_a_feed_without_entries_is_reported(refusal: Refusal) -> None:
    assert "without entries" in refusal("feed.xml", "<rss version='2.0'><channel><title>T</title></channel></rss>")


def test_an_entity_bomb_is_refused(refusal: Refusal) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>'
    assert "XML entities" in refusal("feed.xml", bomb)


@pytest.mark.parametrize(
    "namespace",
    [
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://purl.org/rss/1.0/",
    ],
)
@pytest.mark.parametrize("name", ["a.rdf", "a.xml", "a"])
def test_the_first_dialects_of_rss_are_read(read: Reading, name: str, namespace: str) -> None:
    items = "".join(
        f"<item><title>Ferry {number}</title><link>https://g.example/{number}</link><description>Ferry {number} sails again.</description></item>"  # noqa: E501
        for number in (1, 2)
    )
    rdf = f'<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{namespace}"><channel><title>The Gazette</title></channel>{items}</rdf:RDF>'  # noqa: E501
    found = read(name, rdf)
    assert [(one.headline, one.url) for one in found if isinstance(one, Article)] == [
        ("Ferry 1", "https://g.example/1"),
        ("Ferry 2", "https://g.example/2"),
    ]


def test_rdf_that_is_no_feed_is_refused(refusal: Refusal) -> None:
    assert "RDF" in refusal(
        "a.rdf",
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><x/></rdf:RDF>',
    )


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("<pubDate>Mon, 04 Mar 24 10:15:00 +0100</pubDate>", "2024-03-04T10:15:00+01:00"),
        ("<pubDate>4 Mar 24 10:15 GMT</pubDate>", "2024-03-04T10:15+00:00"),
        (
            '<pubDate>Thu, 01 Jan 1970 00:00:00 +0000</pubDate><dc:date xmlns:dc="http://purl.org/dc/elements/1.1/">2024-03-04</dc:date>',
            "2024-03-04",
        ),
        ("<pubDate>Mo, 04 Mär 2024 10:15:00 +0100</pubDate>", "2024-03-04T10:15:00+01:00"),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", None),
    ],
)
def test_dates_of_feeds_are_read_as_they_are_written(read_one: ReadOne, stated: str, expected: str | None) -> None:
    published = read_one(
        "a.rss",
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title><item><title>Ferry</title>{stated}<description>The ferry sails.</description></item></channel></rss>',  # noqa: E501
    ).published
    assert (published.isoformat() if published else None) == expected
