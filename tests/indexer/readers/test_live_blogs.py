import json
from collections.abc import Callable

from indexer.dossier import tag_article
from search.article import Article

ReadOne = Callable[..., Article]

POSTS = [
    (
        "2024-03-06T18:00:00+01:00",
        "Bridge opened",
        "The council opened the bridge today. Buses will cross it again tomorrow, the mayor of Torn said.",
    ),
    (
        "2024-03-05T09:00:00+01:00",
        "Engineers at work",
        "Engineers tested the bridge this morning after they had brought new bolts from Lesk yesterday.",
    ),
    (
        "2024-03-04T07:00:00+01:00",
        "Bridge closed",
        "The bridge was closed today because of a crack, and buses go round the bay until further notice.",
    ),
]


def blog(kind: str = "LiveBlogPosting", *, listed: bool = True, marked: bool = True) -> str:
    updates = [
        {"@type": "BlogPosting", "headline": heading, "datePublished": time, "articleBody": text}
        for time, heading, text in POSTS
    ]
    linked = {"@type": kind, "headline": "Bridge of Torn: live", "datePublished": "2024-03-04T07:00:00+01:00"} | (
        {"liveBlogUpdate": updates} if listed else {}
    )
    posts = "".join(
        f'<div class="post">{f"<time datetime={time!r}>then</time>" if marked else ""}<h2>{heading}</h2><p>{text}</p></div>'  # noqa: E501
        for time, heading, text in POSTS
    )
    return f'<!doctype html><html lang="en"><head><title>Bridge</title><script type="application/ld+json">{json.dumps(linked)}</script></head><body><article><h1>Bridge of Torn: live</h1>{posts}</article></body></html>'  # noqa: E501


def times(article: Article) -> dict[str, str]:
    return {
        f"{mention.words} {number}": mention.value
        for number, mention in enumerate(tag_article(article))
        if mention.anchor
    }


def assert_posts(article: Article) -> None:
    parts = [part for part in article.parts if part.published]
    assert [part.published.isoformat() for part in parts if part.published] == [time for time, *_ in POSTS]
    for part, (_, heading, text) in zip(parts, POSTS, strict=True):
        assert part.heading == heading
        assert article.body[part.start : part.end] == f"{heading}\n\n{text}"
    assert set(times(article).values()) >= {"2024-03-06", "2024-03-07", "2024-03-04"}
    assert article.published
    assert article.published.isoformat() == "2024-03-04T07:00:00+01:00"


def test_posts_that_the_page_lists_have_their_own_times(read_one: ReadOne) -> None:
    assert_posts(read_one("a.html", blog(marked=False)))


def test_posts_that_the_page_marks_have_their_own_times(read_one: ReadOne) -> None:
    assert_posts(read_one("a.html", blog(listed=False)))
    assert_posts(read_one("b.html", blog("NewsArticle", listed=False)))


def test_a_live_blog_without_times_has_no_day_to_reckon_from(read_one: ReadOne) -> None:
    article = read_one("a.html", blog(listed=False, marked=False))
    assert article.parts
    assert times(article) == {}


def test_an_article_with_one_time_has_no_posts(read_one: ReadOne) -> None:
    html = blog("NewsArticle", listed=False, marked=False).replace(
        "<h1>", "<time datetime='2024-03-04T07:00:00+01:00'>4 March</time><h1>"
    )
    article = read_one("a.html", html)
    assert article.parts == ()
    assert times(article)


def test_a_list_of_teasers_is_no_live_blog(read_one: ReadOne) -> None:
    html = blog("NewsArticle", listed=False)
    for _, heading, _text in POSTS:
        html = html.replace(f"<h2>{heading}</h2>", f'<h2><a href="/x">{heading}</a></h2>')
    assert read_one("a.html", html).parts == ()
