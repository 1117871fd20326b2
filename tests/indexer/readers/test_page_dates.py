import json
from collections.abc import Callable

import pytest

from search.article import Article

ReadOne = Callable[..., Article]

PROSE = (
    "<p>The ferry between Torn and Lesk sails again on Monday, the harbour master said after a test run in the bay.</p>"  # noqa: E501
    "<p>It had lain at the quay for three weeks after a fire in the engine room, in which nobody was hurt at all.</p>"  # noqa: E501
)


def page(
    beside: str = "", *, above: str = "", below: str = "", head: str = "", outside: str = "", lang: str = "en"
) -> str:
    return (
        f'<!doctype html><html lang="{lang}"><head><title>Ferry back at sea</title>{head}</head><body>{outside}<article>{above}<h1>Ferry back at sea</h1>'  # noqa: E501
        f"{beside}{PROSE}{below}</article></body></html>"
    )


def published(article: Article) -> str | None:
    return article.published.isoformat() if article.published else None


@pytest.mark.parametrize(
    ("beside", "lang", "expected"),
    [
        ('<p class="date">Published: 4 March 2024, 10:15</p>', "en", "2024-03-04T10:15"),
        ("<span>4. März 2024</span>", "de", "2024-03-04"),
        ("<div>By Ada Roe | March 4, 2024 10:15 a.m. EST</div>", "en", "2024-03-04T10:15-05:00"),
        (
            '<ul class="nav meta"><li><a href="/day" title="4 Mar 2024 10:15">4 Mar 2024</a></li></ul>',
            "en",
            "2024-03-04T10:15",
        ),
        (
            '<div><time datetime="2024-03-04T10:15:00+01:00">this morning</time></div>',
            "en",
            "2024-03-04T10:15:00+01:00",
        ),
        ("<p>Publié le 4 mars 2024 à 10h15</p>", "fr", "2024-03-04T10:15"),
        ("<p>Posted on 04.03.2024 10:15 Uhr</p>", "de", "2024-03-04T10:15"),
        ("<p>04/03/2024</p>", "es", "2024-03-04"),
        ("<p>04/03/2024</p>", "en-GB", "2024-03-04"),
        ("<p>04/03/2024</p>", "en", None),
        ("<p>2024年3月4日 10:15</p>", "zh", "2024-03-04T10:15"),
        ("<p>First published 4 March 2024. Last updated 9 April 2024.</p>", "en", "2024-03-04"),
        ("<p>Updated 9 April 2024</p>", "en", None),
        ("<p>10:15, 4 March 2024</p>", "en", "2024-03-04T10:15"),
        (
            "<abbr class='published' title='2024-03-04T10:15:00Z'>4 March 2024</abbr>",
            "en",
            "2024-03-04T10:15:00+00:00",
        ),
    ],
)
def test_a_date_beside_the_headline_is_the_articles(
    read_one: ReadOne, beside: str, lang: str, expected: str | None
) -> None:
    article = read_one("a.html", page(beside, lang=lang))
    assert published(article) == expected
    assert article.body.startswith("The ferry between Torn and Lesk")


@pytest.mark.parametrize(
    "other",
    [
        {"below": '<aside><h3>Video</h3><p class="date">2024-02-01</p></aside>'},
        {
            "below": '<section class="related"><a href="/x">Bread</a> <time datetime="2024-02-01">1 February 2024</time></section>'  # noqa: E501
        },
        {"below": '<div class="comments"><p>Bo, 1 February 2024: fine.</p></div>'},
        {
            "below": '<figure><img src="/2024/02/01/a.jpg"><figcaption>The ferry, 1 February 2024</figcaption></figure>'  # noqa: E501
        },
        {"below": "<footer>© 1 February 2024 The Gazette</footer>"},
        {"below": '<div data-date="2024-02-01" class="advert">Sale</div>'},
        {"outside": '<div class="top"><span class="date">Thursday, 1 February 2024</span></div>'},
        {"outside": '<header><time datetime="2024-02-01T08:00:00Z">Today</time></header>'},
        {"below": "<p>The fire of 1 February 2024 had damaged the engine so much that it had to be replaced.</p>"},
        {"head": '<meta property="og:image" content="https://g.example/2024/02/01/a.jpg">'},
        {"beside": "<p>The fair of 1 February 2024 will be held again.</p>"},
    ],
)
def test_a_date_of_something_else_is_not(read_one: ReadOne, other: dict[str, str]) -> None:
    assert published(read_one("a.html", page(**other))) is None


def test_a_sentence_about_the_article_itself_dates_it(read_one: ReadOne) -> None:
    html = page("<p>This article was first published on 4 March 2024.</p>")
    assert published(read_one("a.html", html)) == "2024-03-04"


def test_metadata_go_first_and_the_zone_is_learnt_from_the_page(read_one: ReadOne) -> None:
    linked = json.dumps(
        {"@type": "NewsArticle", "headline": "Ferry back at sea", "datePublished": "2024-03-05T02:40:00Z"}
    )
    html = page("<p>March 4, 2024 9:40 p.m.</p>", head=f'<script type="application/ld+json">{linked}</script>')
    assert published(read_one("a.html", html)) == "2024-03-04T21:40:00-05:00"


def test_metadata_that_the_rest_of_the_page_contradicts_give_way(read_one: ReadOne) -> None:
    head = '<meta name="date" content="2025-05-30"><meta property="article:published_time" content="2024-03-04T10:15:00Z">'  # noqa: E501
    linked = json.dumps({"@type": "NewsArticle", "headline": "Ferry back at sea", "datePublished": "2025-05-30"})
    html = page("<p>4 March 2024</p>", head=f'<script type="application/ld+json">{linked}</script>' + head)
    assert published(read_one("a.html", html)) == "2025-05-30"
    agreed = page(
        "<p>4 March 2024</p>",
        head='<link rel="canonical" href="https://g.example/2024/03/04/ferry">'
        + head.replace("2025-05-30", "2024-03-04"),
        below="",
    ).replace("</head>", f'<script type="application/ld+json">{linked}</script></head>')
    assert published(read_one("b.html", agreed)) == "2024-03-04T10:15:00+00:00"


def test_other_articles_in_the_metadata_are_others(read_one: ReadOne) -> None:
    blocks = [
        {"@type": "NewsArticle", "headline": "Bread is dear in Skern", "datePublished": "2024-02-01"},
        {"@type": "NewsArticle", "headline": "Ferry back at sea", "datePublished": "2024-03-04"},
    ]
    html = page(head=f'<script type="application/ld+json">{json.dumps(blocks)}</script>')
    assert published(read_one("a.html", html)) == "2024-03-04"


def test_the_address_of_the_page_is_the_last_to_be_asked(read_one: ReadOne) -> None:
    article = read_one("a.html", page(head='<link rel="canonical" href="https://g.example/2024/03/04/ferry">'))
    assert article.published
    assert (article.published.isoformat(), article.published.found_in) == ("2024-03-04", "address of the page")


def test_a_script_that_names_one_publication_is_believed(read_one: ReadOne) -> None:
    one = page(head='<script>window.page = {"id": 4, "publishDate": "2024-03-04T10:15:00Z"};</script>')
    assert published(read_one("a.html", one)) == "2024-03-04T10:15:00+00:00"
    two = page(
        head='<script>window.list = [{"publishDate": "2024-03-04"}, {"publishDate": "2024-02-01"}];</script>'
    )
    assert published(read_one("b.html", two)) is None
