import json
from collections.abc import Callable

import pytest

from indexer.readers import Skipped
from search.article import Article

ReadOne = Callable[..., Article]

SENTENCES = [
    "The ferry between Torn and Lesk sails again on Monday, the harbour master said after a test run in the bay.",
    "It had lain at the quay for three weeks after a fire in the engine room, in which nobody was hurt at all.",
    "The council has paid 40,000 crowns for the repairs and wants them back from the insurance of the owner.",
    "A second ferry will follow in autumn, the owner told the people of Lesk at a meeting in the school on Friday.",  # noqa: E501
    "Until then the bus goes round the bay twice a day, which takes its passengers about an hour and a half.",
    "Shops in Lesk have lost a third of their trade, and two of them closed in the week before the repairs ended.",
]


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>Ferry back</title>{head}</head><body><main><article><h1>Ferry back at sea</h1>{body}</article></main></body></html>'  # noqa: E501


def paragraphs(article: Article) -> list[str]:
    return article.body.split("\n\n")


@pytest.mark.parametrize(
    "name", ["teaser", "sidebar-grid__content", "promo-text", "caption", "x91", "related-like"]
)
def test_no_name_of_a_block_hides_the_text(read_one: ReadOne, name: str) -> None:
    blocks = "".join(
        f'<div class="{name}"><div class="{name}__text"><p>{first}</p><p>{second}</p></div></div><div class="ad">Advertisement</div>'  # noqa: E501
        for first, second in zip(SENTENCES[::2], SENTENCES[1::2], strict=True)
    )
    assert paragraphs(read_one("a.html", page(blocks))) == SENTENCES


def test_a_first_paragraph_in_the_header_is_part_of_the_text(read_one: ReadOne) -> None:
    html = page(
        f'<header><div class="lead">{SENTENCES[0]}</div></header><div class="text">{"".join(f"<p>{line}</p>" for line in SENTENCES[1:])}</div>'  # noqa: E501
    )
    assert paragraphs(read_one("a.html", html)) == SENTENCES


@pytest.mark.parametrize(
    "other",
    [
        '<div class="c1"><p>Bakers in Skern want more time for their ovens, says guild chair Ada Roe</p><p>Mayor of Larna: nobody will lose a job</p></div>',  # noqa: E501
        "<p><a href='/bread'>Bakers in Skern want more time for their ovens</a></p>",
        "<ul><li><a href='/1'>Bakers in Skern want more time for ovens</a></li><li><a href='/2'>Mayor of Larna says nobody loses a job</a></li></ul>",  # noqa: E501
        "<p>Read also: Bakers in Skern want more time</p>",
        "<div><p>Your subscription is active on another device, and you can read The Gazette on one device at a time.</p></div>",  # noqa: E501
        "<p>Sign up for our newsletter and get the harbour news in your inbox every morning.</p>",
        "<p>We use cookies on this site, and you can change your consent in the privacy settings.</p>",
        "<figure><img src='a.jpg'><figcaption>The baker of Skern at his oven, in winter.</figcaption></figure>",
    ],
)
def test_other_stories_and_notices_between_the_paragraphs_are_left_out(read_one: ReadOne, other: str) -> None:
    lines = [f"<p>{line}</p>" for line in SENTENCES]
    assert paragraphs(read_one("a.html", page("".join([*lines[:3], other, *lines[3:]])))) == SENTENCES


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("<h2>What happens next</h2>", ["What happens next"]),
        ("<p>Nobody knows.</p>", ["Nobody knows."]),
        (
            "<p>The three demands of the council are:</p><ul><li>a new engine</li><li>two life boats</li><li>a bell</li></ul>",  # noqa: E501
            ["The three demands of the council are:", "a new engine", "two life boats", "a bell"],
        ),
        (
            "<p><b>Is the ferry safe?</b></p><p>It is safer than before, the engineer said in the interview.</p>",
            ["Is the ferry safe?", "It is safer than before, the engineer said in the interview."],
        ),
        (
            '<blockquote><p>"We will sail," the captain said.</p></blockquote>',
            ['"We will sail," the captain said.'],
        ),
        (
            "<p>The paper had 900 subscribers in Lesk, who were told to pick up their copies in Torn.</p>",
            ["The paper had 900 subscribers in Lesk, who were told to pick up their copies in Torn."],
        ),
    ],
)
def test_short_paragraphs_lists_and_interviews_belong_to_the_text(
    read_one: ReadOne, own: str, expected: list[str]
) -> None:
    lines = [f"<p>{line}</p>" for line in SENTENCES]
    found = paragraphs(read_one("a.html", page("".join([*lines[:3], own, *lines[3:]]))))
    assert found == [*SENTENCES[:3], *expected, *SENTENCES[3:]]


def test_a_list_of_stories_at_the_end_is_left_out(read_one: ReadOne) -> None:
    more = "<h3>More stories from The Gazette</h3><p>Bakers want more time</p><p>Is the mayor of Larna right?</p><p>Snow in May</p>"  # noqa: E501
    assert (
        paragraphs(read_one("a.html", page("".join(f"<p>{line}</p>" for line in SENTENCES) + more))) == SENTENCES
    )


def test_short_news_stay_short(read_one: ReadOne) -> None:
    article = read_one("a.html", page(f"<p>{SENTENCES[0]}</p>"))
    assert (article.body, article.remarks) == (SENTENCES[0], ())


def test_the_text_that_a_page_states_is_a_measure(read_one: ReadOne) -> None:
    linked = json.dumps(
        {"@type": "NewsArticle", "headline": "Ferry back at sea", "articleBody": "\n".join(SENTENCES)}
    )
    odd = "".join(f'<div class="related teaser"><span>{line}</span></div>' for line in SENTENCES[1:])
    article = read_one(
        "a.html", page(f"<p>{SENTENCES[0]}</p>{odd}", f'<script type="application/ld+json">{linked}</script>')
    )
    assert paragraphs(article) == SENTENCES


def test_what_was_read_in_place_of_careful_extraction_is_remarked(read_one: ReadOne) -> None:
    blocks = "".join(
        f'<div class="sidebar-part"><p>{line}</p></div><div class="ad">Ad</div>' for line in SENTENCES * 2
    )
    article = read_one("a.html", page(f"<div class='text'><p>{SENTENCES[0]}</p></div>" + blocks))
    assert len(article.body) > 5 * len(SENTENCES[0])


ADDRESSES = [
    '<base href="https://gazette.example/">',
    '<link rel="canonical" href="https://gazette.example/">',
    '<meta property="og:url" content="https://gazette.example">',
    '<meta name="twitter:url" content="http://www.gazette.example/index.html">',
    '<link rel="canonical" href="/">',
    '<meta property="og:url" content="https://gazette.example/en/news/">',
]


@pytest.mark.parametrize("head", [*ADDRESSES, "".join(ADDRESSES)])
def test_the_address_of_the_site_is_not_that_of_its_articles(
    read: Callable[..., list[Article | Skipped]], head: str
) -> None:
    ids = set()
    for number, line in enumerate(SENTENCES[:3]):
        (article,) = read(
            f"{number}.html",
            page(f"<p>{line}</p><p>{SENTENCES[4]}</p>", head).replace("Ferry back", f"Ferry {number}"),
        )
        assert isinstance(article, Article), article
        assert article.url is None
        ids.add(article.id)
    assert len(ids) == 3


def test_a_relative_canonical_beside_a_base_names_the_page(read_one: ReadOne) -> None:
    head = '<base href="https://gazette.example/"><link rel="canonical" href="/2024/ferry"><meta property="og:url" content="https://gazette.example/">'
    assert read_one("a.html", page(f"<p>{SENTENCES[0]}</p>", head)).url == "https://gazette.example/2024/ferry"


def test_linked_data_may_name_the_page(read_one: ReadOne) -> None:
    linked = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": "Ferry back at sea",
            "mainEntityOfPage": {"@id": "https://gazette.example/ferry"},
        }
    )
    head = f'<link rel="canonical" href="https://gazette.example/"><script type="application/ld+json">{linked}</script>'  # noqa: E501
    assert read_one("a.html", page(f"<p>{SENTENCES[0]}</p>", head)).url == "https://gazette.example/ferry"
