from collections.abc import Callable

import pytest

from search.article import Article

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]

STORY = """---
title: Ferries return
summary: Ships sail again.
authors: [Jane Doe, Rolf Roe]
date: 2024-05-02
published: 2024-05-02T08:30:00+02:00
source: The Gazette
language: en-GB
url: https://gazette.example/ferries
section: Transport
id: gz-17
dateline: OSLO, May 2
---

# Ferries return

The [harbour](https://harbour.example) **opened** again, *officials* said.

![A ferry](ferry.jpg)

- First line
- Second line

> “We waited long.”

Captain Ada Lind said:

<div onclick="x()">Sign up!</div>
"""


def test_front_matter_and_prose_are_read(read_one: ReadOne) -> None:
    article = read_one("a.md", STORY)
    assert (article.id, article.headline, article.standfirst, article.byline) == (
        "gz-17", "Ferries return", "Ships sail again.", "Jane Doe, Rolf Roe",
    )  # fmt: skip
    assert (article.source, article.language, article.url, article.section, article.dateline) == (
        "The Gazette", "en", "https://gazette.example/ferries", "Transport", "OSLO, May 2",
    )  # fmt: skip
    assert article.published
    assert article.published.isoformat() == "2024-05-02T08:30:00+02:00"
    assert article.published.found_in == "front matter: published"
    assert article.body == (
        "The harbour opened again, officials said.\n\nFirst line\n\nSecond line\n\n"
        "Captain Ada Lind said: “We waited long.”"
    )


def test_the_first_heading_is_the_headline_where_front_matter_names_none(read_one: ReadOne) -> None:
    article = read_one("a.md", "# Ferries return\n\nShips sailed.\n")
    assert (article.headline, article.body) == ("Ferries return", "Ships sailed.")


def test_front_matter_tells_markdown_whatever_the_name(read_one: ReadOne) -> None:
    assert read_one("a.txt", STORY).id == "gz-17"


def test_a_flaw_in_front_matter_is_reported(refusal: Refusal) -> None:
    assert "not valid YAML" in refusal("a.md", "---\ntitle: [open\n---\n\nShips sailed.\n")


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['true']", "!!python/name:os.system"])
def test_a_python_tag_in_front_matter_is_refused(refusal: Refusal, tag: str) -> None:
    assert "not valid YAML of plain values" in refusal("a.md", f"---\ntitle: {tag}\n---\n\nShips sailed.\n")


def test_front_matter_alone_is_no_article(refusal: Refusal) -> None:
    assert refusal("a.md", "---\ntitle: Ferries\n---\n").startswith("no text")
