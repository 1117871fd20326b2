import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.readers import InputFile, ReadOptions, find_files, read_file
from search.article import Article

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]

PROSE = "".join(
    f"<p>Ferry number {number} sailed from the old harbour again on Monday, and the crowd cheered for a while.</p>"
    for number in ("one", "two", "three", "four")
)
LINKED = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Other"},
            {
                "@type": "NewsArticle",
                "headline": "Ferries return",
                "datePublished": "2024-05-02T08:30:00+02:00",
                "dateModified": "2024-05-09T08:30:00+02:00",
                "author": [{"@type": "Person", "name": "Jane Doe"}],
                "publisher": {"name": "The Gazette"},
                "articleSection": "Transport",
            },
        ],
    }
)


def page(head: str = "", body: str = PROSE, lang: str = "en-GB") -> str:
    return f"""<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">
<title>Ferries return | The Gazette</title>
<meta property="og:site_name" content="The Gazette"><meta property="og:description" content="Ships sail again.">
<link rel="canonical" href="https://gazette.example/2024/ferries">{head}</head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav><article><h1>Ferries return</h1>{body}</article>
<footer>All rights reserved</footer></body></html>"""


def test_an_article_is_taken_from_its_page(read_one: ReadOne) -> None:
    article = read_one("a.html", page(f'<script type="application/ld+json">{LINKED}</script>'))
    assert (article.headline, article.standfirst, article.byline) == (
        "Ferries return",
        "Ships sail again.",
        "Jane Doe",
    )
    assert (article.source, article.language, article.section) == ("The Gazette", "en", "Transport")
    assert article.url == "https://gazette.example/2024/ferries"
    assert article.body.startswith("Ferry number one sailed")
    assert article.body.count("\n\n") == 3
    assert "Home" not in article.body
    assert "rights" not in article.body
    assert article.published
    assert article.published.isoformat() == "2024-05-02T08:30:00+02:00"
    assert article.published.found_in == "JSON-LD datePublished"


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (
            '<meta property="article:published_time" content="2024-05-02T08:30:00Z">',
            "",
            "2024-05-02T08:30:00+00:00",
        ),
        ("", '<time itemprop="datePublished" datetime="2024-05-02T08:30">May 2</time>', "2024-05-02T08:30"),
        ("", '<time datetime="2024-05-02">May 2</time>', "2024-05-02"),
        ("", "<p class='date'>Published on May 2, 2024</p>", "2024-05-02"),
    ],
)
def test_the_publication_is_found_where_the_page_states_it(
    read_one: ReadOne, head: str, body: str, expected: str
) -> None:
    published = read_one("a.html", page(head, body + PROSE)).published
    assert published
    assert published.isoformat() == expected


def test_a_page_without_a_date_has_none(read_one: ReadOne) -> None:
    assert read_one("a.html", page()).published is None


def test_the_clock_of_a_site_is_no_publication(read_one: ReadOne) -> None:
    clock = page().replace("<body>", "<body><div id='date-box'>Mon, 25 Dec 2023</div>")
    assert read_one("a.html", clock).published is None


def test_the_id_is_derived_from_the_address(read_one: ReadOne) -> None:
    assert read_one("a.html", page()).id == read_one("b.html", page()).id


FRONT = "".join(
    f"<article><h2><a href='/2024/{n}'>Ferry number {n} sails again</a></h2><p>The ferry sailed, the master of the harbour of Torn said.</p></article>"  # noqa: E501
    for n in range(12)
)


def test_a_front_page_is_no_article(refusal: Refusal) -> None:
    assert "front page" in refusal("a.html", page(body=FRONT).replace("/2024/ferries", "/"))


def test_a_redirect_says_where_to(refusal: Refusal) -> None:
    redirect = '<html><head><meta http-equiv="refresh" content="0; url=https://gazette.example/new"></head><body></body></html>'
    assert refusal("a.html", redirect) == "not an article: it only redirects to https://gazette.example/new."


def test_a_page_without_prose_is_no_article(refusal: Refusal) -> None:
    assert "no prose" in refusal(
        "a.html", "<!doctype html><html><body><ul><li><a href='/a'>A</a></li></ul></body></html>"
    )


@pytest.mark.parametrize(
    "body",
    ["<div>" * 3000 + "text", "<p>" + "<b>" * 500 + "x", "<![CDATA[", "<table><tr>" * 300, "&#xD800;&#0;" * 50],
)
def test_malformed_pages_do_no_harm(read: Callable[..., list[object]], body: str) -> None:
    assert len(read("a.html", f"<!doctype html><html><body>{body}</body></html>")) == 1


def test_a_page_in_a_legacy_encoding_is_decoded(read_one: ReadOne) -> None:
    text = page(body=PROSE.replace("harbour", "Höfn")).replace('"utf-8"', '"windows-1252"')
    assert "Höfn" in read_one("a.html", text.encode("cp1252")).body


@pytest.mark.news
@pytest.mark.skipif("DATELINE_NEWS" not in os.environ, reason="DATELINE_NEWS names no folder")
def test_real_pages_are_read_as_expected() -> None:
    pages = Path(os.environ["DATELINE_NEWS"]) / "pages"
    headlines = dates = compared = dated = 0
    for path in sorted((pages / "metadata").glob("*.json")):
        html = pages / "html" / f"{path.stem}.html"
        if not html.exists():
            continue
        expected = json.loads(path.read_text(encoding="utf-8"))
        (file,) = find_files([html])
        assert isinstance(file, InputFile)
        (article,) = read_file(file, ReadOptions())
        assert isinstance(article, Article), f"{path.stem}: {article.reason}"
        compared += 1
        headlines += article.headline.casefold()[:30] == expected["title"].casefold()[:30]
        if expected.get("publish_date"):
            dated += 1
            found = article.published.isoformat()[:10] if article.published else None
            dates += found == str(expected["publish_date"])[:10]
    assert headlines >= 0.9 * compared
    assert dates == dated
