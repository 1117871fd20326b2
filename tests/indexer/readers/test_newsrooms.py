import json
from collections.abc import Callable
from typing import Any

import pytest

from indexer.readers import Skipped
from indexer.readers.markup import paragraphs_of_blocks
from search.article import Article, Withdrawal

Reading = Callable[..., list[Article | Skipped | Withdrawal]]
ReadOne = Callable[..., Article]
Refusal = Callable[..., str]

ARC = {
    "_id": "ARC1",
    "type": "story",
    "version": "0.10.9",
    "canonical_url": "/2024/ferry/",
    "website_url": "https://gazette.example/2024/ferry/",
    "headlines": {"basic": "Ferry back at sea"},
    "subheadlines": {"basic": "It sails"},
    "display_date": "2024-03-04T10:00:00Z",
    "publish_date": "2024-03-06T10:00:00Z",
    "credits": {"by": [{"type": "author", "name": "Ada Roe"}]},
    "taxonomy": {"primary_section": {"name": "Harbour"}},
    "content_elements": [
        {"type": "text", "content": "The ferry <b>sails</b> again."},
        {"type": "image", "caption": "A ferry"},
        {"type": "header", "content": "Three weeks"},
        {
            "type": "list",
            "items": [{"type": "text", "content": "One ferry"}, {"type": "text", "content": "Two ferries"}],
        },
        {"type": "interstitial_link", "content": "Bread is dear"},
        {"type": "text", "content": "Nobody was hurt."},
    ],
}
POST = {
    "id": 77,
    "date": "2024-03-04T11:00:00",
    "date_gmt": "2024-03-04T10:00:00",
    "guid": {"rendered": "https://gazette.example/?p=77"},
    "status": "publish",
    "type": "post",
    "link": "https://gazette.example/ferry",
    "title": {"rendered": "Ferry &amp; sea"},
    "content": {"rendered": "<p>The ferry sails.</p><p>It rained.</p>", "protected": False},
    "excerpt": {"rendered": "<p>Back.</p>"},
    "author": 4,
    "categories": [12, 13],
    "tags": [],
    "_embedded": {
        "author": [{"name": "Ada Roe"}],
        "wp:term": [[{"name": "Harbour", "taxonomy": "category"}], [{"name": "x", "taxonomy": "post_tag"}]],
    },
}


def test_the_stories_of_an_ans_collection_are_articles_of_their_own(read: Callable[..., list[Article]]) -> None:
    other = ARC | {"_id": "ARC2", "content_elements": [{"type": "text", "content": "Bread is dear."}]}
    found = read("a.json", json.dumps({"type": "results", "count": 2, "content_elements": [ARC, other]}))
    assert [article.id for article in found] == ["ARC1", "ARC2"]
    assert found[1].body == "Bread is dear."


def test_ans_is_read(read_one: ReadOne) -> None:
    article = read_one("a.json", json.dumps(ARC))
    assert (article.id, article.headline, article.standfirst, article.byline, article.section) == (
        "ARC1",
        "Ferry back at sea",
        "It sails",
        "Ada Roe",
        "Harbour",
    )
    assert article.body.split("\n\n") == [
        "The ferry sails again.",
        "Three weeks",
        "One ferry",
        "Two ferries",
        "Nobody was hurt.",
    ]
    assert (article.url, article.version) == ("https://gazette.example/2024/ferry/", None)
    assert article.published
    assert (article.published.isoformat(), article.published.found_in) == (
        "2024-03-04T10:00:00+00:00",
        "JSON: display_date",
    )


def test_elements_declared_as_the_body_are_read_like_those_found(read_one: ReadOne) -> None:
    assert (
        read_one("a.json", json.dumps(ARC), fields={"body": "content_elements"}).body
        == read_one("b.json", json.dumps(ARC)).body
    )


@pytest.mark.parametrize("wrap", [lambda post: post, lambda post: [post], lambda post: {"posts": [post]}])
def test_a_wordpress_post_has_names_for_its_numbers(read_one: ReadOne, wrap: Callable[[Any], Any]) -> None:
    article = read_one("a.json", json.dumps(wrap(POST)))
    assert (article.id, article.headline, article.byline, article.section) == (
        "https://gazette.example/?p=77",
        "Ferry & sea",
        "Ada Roe",
        "Harbour",
    )
    assert article.body == "The ferry sails.\n\nIt rained."
    assert article.published
    assert article.published.isoformat() == "2024-03-04T11:00:00+01:00"


def test_a_number_is_no_name(read_one: ReadOne) -> None:
    record = {
        "id": 5,
        "title": "Ferry",
        "text": "It sails.",
        "author": 29,
        "category": [3456],
        "source": 7,
        "authors": None,
    }
    article = read_one("a.json", json.dumps(record))
    assert (article.byline, article.section, article.source) == (None, None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "draft"},
        {"status": "private"},
        {"content": {"rendered": "", "protected": True}},
        {"type": "attachment"},
    ],
)
def test_what_wordpress_does_not_publish_is_left_out(refusal: Refusal, change: dict[str, Any]) -> None:
    assert "not " in refusal("a.json", json.dumps({**POST, **change}))


def test_a_ghost_export_joins_posts_and_users(read: Reading) -> None:
    posts = [
        {
            "id": 1,
            "uuid": "u-1",
            "title": "Ferry",
            "html": "<p>It sails.</p>",
            "mobiledoc": None,
            "status": "published",
            "published_at": "2024-03-04T10:00:00.000Z",
            "slug": "ferry",
        },
        {
            "id": 2,
            "uuid": "u-2",
            "title": "Draft",
            "html": "<p>Not yet.</p>",
            "mobiledoc": None,
            "status": "draft",
            "published_at": None,
        },
    ]
    data = {
        "posts": posts,
        "users": [{"id": 9, "name": "Ada Roe"}],
        "posts_authors": [{"post_id": 1, "author_id": 9}],
        "tags": [{"id": 3, "name": "Harbour"}],
        "posts_tags": [{"post_id": 1, "tag_id": 3}],
    }
    article, draft = read("ghost.json", json.dumps({"db": [{"meta": {}, "data": data}]}))
    assert isinstance(article, Article)
    assert (article.id, article.headline, article.byline, article.section, article.body) == (
        "u-1",
        "Ferry",
        "Ada Roe",
        "Harbour",
        "It sails.",
    )
    assert isinstance(draft, Skipped)


@pytest.mark.parametrize("name", ["feed.json", "feed.txt"])
def test_a_json_feed_is_read(read: Reading, name: str) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Gazette",
        "language": "en-GB",
        "authors": [{"name": "The desk"}],
        "items": [
            {
                "id": "1",
                "url": "https://gazette.example/1",
                "title": "Ferry",
                "content_html": "<p>It sails.</p><p>It rained.</p>",
                "summary": "Back",
                "date_published": "2024-03-04T10:00:00Z",
                "authors": [{"name": "Ada Roe"}],
            },
            {"id": "2", "content_text": "Bread is dear.", "date_published": "2024-03-05T10:00:00Z"},
        ],
    }
    first, second = read(name, json.dumps(feed, indent=1))
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.headline, first.byline, first.source, first.language, first.standfirst) == (
        "Ferry",
        "Ada Roe",
        "The Gazette",
        "en",
        "Back",
    )
    assert first.body == "It sails.\n\nIt rained."
    assert (second.body, second.byline) == ("Bread is dear.", "The desk")


def test_placeholders_of_services_are_no_articles(read: Reading) -> None:
    removed = {
        "source": {"id": None, "name": "[Removed]"},
        "title": "[Removed]",
        "description": "[Removed]",
        "content": "[Removed]",
        "publishedAt": "1970-01-01T00:00:00Z",
        "url": "https://removed.example",
    }
    whole = {
        "source": {"id": "g", "name": "The Gazette"},
        "title": "Ferry - The Gazette",
        "author": None,
        "content": "The ferry sails again… [+812 chars]",
        "publishedAt": "2024-03-04T10:00:00Z",
        "url": "https://gazette.example/1",
    }
    article, skipped, other = read(
        "a.json", json.dumps({"status": "ok", "articles": [whole, removed, {"text": "[deleted]"}]})
    )
    assert isinstance(article, Article)
    assert (article.headline, article.source, article.body) == ("Ferry", "The Gazette", "The ferry sails again…")
    assert "812" in article.remarks[0]
    assert isinstance(skipped, Skipped)
    assert isinstance(other, Skipped)


def test_drupal_the_guardian_and_the_times_are_read(read: Reading) -> None:
    node = {
        "type": "node--article",
        "id": "d1",
        "attributes": {
            "title": "Ferry",
            "created": "2024-03-04T10:00:00+00:00",
            "status": True,
            "body": {"value": "x", "processed": "<p>It sails.</p>"},
        },
    }
    guardian = {
        "id": "w/1",
        "webTitle": "Ferry",
        "webUrl": "https://g.example/1",
        "webPublicationDate": "2024-03-04T10:00:00Z",
        "sectionName": "World",
        "fields": {"body": "<p>It sails.</p>", "byline": "Ada Roe"},
    }
    times = {
        "_id": "t1",
        "web_url": "https://t.example/1",
        "pub_date": "2024-03-04T10:00:00+0000",
        "headline": {"main": "Ferry"},
        "lead_paragraph": "It sails.",
        "byline": {"original": "By Ada Roe"},
    }
    for record in ({"data": [node]}, {"response": {"results": [guardian]}}, {"response": {"docs": [times]}}):
        (article,) = read("a.json", json.dumps(record))
        assert isinstance(article, Article), article
        assert (article.headline, article.body) == ("Ferry", "It sails.")
        assert article.published


def test_a_beehiiv_table_is_read(read: Reading) -> None:
    table = 'id,web_title,status,audience,url,web_subtitle,content_html,created_at\nb1,Ferry,confirmed,free,https://g.example/p/ferry,It sails,"<p>The ferry sails.</p>",2024-03-04 10:00:00\nb2,Draft,draft,free,,,"<p>No.</p>",2024-03-04 10:00:00\n'  # noqa: E501
    article, draft = read("posts.csv", table)
    assert isinstance(article, Article)
    assert (article.headline, article.standfirst, article.body) == ("Ferry", "It sails", "The ferry sails.")
    assert isinstance(draft, Skipped)


@pytest.mark.parametrize(
    "body",
    [
        {
            "components": [
                {"__typename": "EntryBodyParagraph", "contents": {"html": "It <i>sails</i>."}},
                {"__typename": "EntryBodyNewsletter", "title": "Sign up"},
                {"__typename": "EntryBodyParagraph", "contents": {"html": "It rained."}},
            ]
        },
        [
            {
                "_type": "block",
                "children": [{"_type": "span", "text": "It "}, {"_type": "span", "text": "sails."}],
            },
            {"_type": "image"},
            {"_type": "block", "children": [{"_type": "span", "text": "It rained."}]},
        ],
        {
            "nodeType": "document",
            "content": [
                {
                    "nodeType": "paragraph",
                    "content": [{"nodeType": "text", "value": "It "}, {"nodeType": "text", "value": "sails."}],
                },
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "It rained."}]},
            ],
        },
        {
            "blocks": [
                {"type": "paragraph", "data": {"text": "It sails."}},
                {"type": "embed", "data": {"text": "no"}},
                {"type": "paragraph", "data": {"text": "It rained."}},
            ]
        },
        {
            "root": {
                "type": "root",
                "children": [
                    {
                        "type": "paragraph",
                        "children": [
                            {"type": "text", "text": "It "},
                            {"type": "link", "children": [{"type": "text", "text": "sails"}]},
                            {"type": "text", "text": "."},
                        ],
                    },
                    {"type": "paragraph", "children": [{"type": "text", "text": "It rained."}]},
                ],
            }
        },
        ["It sails.", "It rained."],
        {"value": "<p>It sails.</p><p>It rained.</p>", "format": "html"},
    ],
    ids=["chorus", "sanity", "contentful", "editorjs", "lexical", "list", "object"],
)
def test_a_body_in_blocks_is_read(read_one: ReadOne, body: object) -> None:
    assert read_one("a.json", json.dumps({"title": "Ferry", "body": body})).body == "It sails.\n\nIt rained."


def test_an_object_without_prose_is_refused_for_what_it_is(refusal: Refusal) -> None:
    assert "'body' is an object" in refusal(
        "a.json", json.dumps({"title": "Ferry", "body": {"width": 4, "items": [{"type": "image", "src": "a"}]}})
    )


def test_a_tree_too_deep_has_an_end() -> None:
    tree: object = "It sails."
    for _ in range(500):
        tree = {"children": [tree]}
    assert paragraphs_of_blocks(tree) == []


@pytest.mark.parametrize(
    "table", ["1\t20240304\t202403\t2024\thttps://g.example/a\n", "12,2024-03-04,https://g.example/a,7\n"]
)
def test_a_table_without_names_says_so(refusal: Refusal, table: str) -> None:
    assert "names of its columns" in refusal("a.csv", table)


def test_tables_of_gdelt_are_no_articles(refusal: Refusal) -> None:
    row = "\t".join(["1", "20240304", "202403", "2024", "2024.17", *[""] * 55, "https://g.example/a"])
    assert "GDELT" in refusal("20240304.export.CSV", row + "\n")


def test_a_table_with_nothing_below_its_names_says_so(refusal: Refusal) -> None:
    assert "without rows" in refusal("a.csv", "id,title,text\n")


def test_a_sitemap_is_a_list_of_addresses(refusal: Refusal) -> None:
    listed = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://g.example/1</loc></url><url><loc>https://g.example/2</loc></url></urlset>'
    assert "2 addresses" in refusal("sitemap.xml", listed)
