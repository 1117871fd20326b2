import os
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.readers import InputFile, ReadOptions, find_files, read_file
from indexer.readers.quotations import is_quotation
from search.article import Article, Precision

ReadOne = Callable[..., Article]

STORY = """Council Rejects Harbour Tunnel

Councillors voted against the tunnel after a night of debate. A new plan is due in spring.

March 4 2024 , 9:05 AM\u00a0\u00a0\u00a0\u2022\u00a0\u00a0\u00a0412\u00a0views

Council Rejects Harbour Tunnel

The city council on Monday rejected the plan for a tunnel under the harbour.

"We cannot sink the city's savings into mud."

Mayor Ada Lind stated:

Image

Engineers had warned of rising costs since 2021.
"""


def test_a_story_loses_its_furniture_and_keeps_its_words(read_one: ReadOne) -> None:
    article = read_one("story.txt", STORY)
    assert article.headline == "Council Rejects Harbour Tunnel"
    assert (
        article.standfirst
        == "Councillors voted against the tunnel after a night of debate. A new plan is due in spring."
    )
    assert article.body == (
        "The city council on Monday rejected the plan for a tunnel under the harbour.\n\n"
        'Mayor Ada Lind stated: "We cannot sink the city\'s savings into mud."\n\n'
        "Engineers had warned of rising costs since 2021."
    )
    assert article.published
    assert article.published.isoformat() == "2024-03-04T09:05"
    assert article.published.found_in == "date line"
    assert article.published.moment.tzinfo is None


def test_a_dateline_and_a_byline_are_noted(read_one: ReadOne) -> None:
    article = read_one(
        "a.txt", "Ferries Return\n\nBy Jane Doe\n\nOSLO, Sept 10, 2021 (Agency) - Ferries sailed.\n\nIt rained.\n"
    )
    assert (article.headline, article.byline, article.dateline, article.source) == (
        "Ferries Return", "Jane Doe", "OSLO, Sept 10, 2021", "Agency",
    )  # fmt: skip
    assert article.body == "OSLO, Sept 10, 2021 (Agency) - Ferries sailed.\n\nIt rained."
    assert article.published
    assert article.published.precision is Precision.DAY


def test_a_dateline_without_a_year_is_no_publication(read_one: ReadOne) -> None:
    article = read_one("a.txt", "Ferries Return\n\nOSLO, Sept 10 (Agency) - Ferries sailed.\n")
    assert article.dateline == "OSLO, Sept 10"
    assert article.published is None


def test_a_header_of_keys_and_values_is_read(read_one: ReadOne) -> None:
    header = "Headline: Ferries Return\nDate: 2 May 2020\nSource: The Gazette\nLanguage: English\nID: x-1"
    text = f"{header}\n\nFerries sailed.\n"
    article = read_one("a.txt", text)
    assert (article.id, article.headline, article.source, article.language) == (
        "x-1",
        "Ferries Return",
        "The Gazette",
        "en",
    )
    assert article.published
    assert article.published.isoformat() == "2020-05-02"
    assert article.body == "Ferries sailed."


def test_a_text_that_opens_with_a_sentence_has_no_headline(read_one: ReadOne) -> None:
    article = read_one("a.txt", "Ferries sailed again on Monday.\n\nIt rained.\n")
    assert article.headline == ""
    assert article.body == "Ferries sailed again on Monday.\n\nIt rained."


def test_indented_and_wrapped_lines_are_paragraphs(read_one: ReadOne) -> None:
    text = "   OSLO (Agency) - Ferries sailed\nagain on Monday.\n   It rained all\nday.\n"
    assert read_one("a.txt", text).body == "OSLO (Agency) - Ferries sailed again on Monday.\n\nIt rained all day."


def test_lines_that_are_sentences_are_paragraphs(read_one: ReadOne) -> None:
    assert read_one("a.txt", "Ferries sailed again.\nIt rained.\nNobody minded.\n").body.count("\n\n") == 2


def test_files_of_one_name_in_two_folders_are_two_articles(tmp_path: Path) -> None:
    ids = []
    for folder in ("one", "two"):
        path = tmp_path / folder / "a.txt"
        path.parent.mkdir()
        path.write_text("Ferries sailed.", encoding="utf-8")
        (file,) = find_files([path])
        assert isinstance(file, InputFile)
        (article,) = read_file(file, ReadOptions())
        assert isinstance(article, Article)
        ids.append(article.id)
    assert ids[0] != ids[1]
    assert [len(article_id) for article_id in ids] == [16, 16]


@pytest.mark.news
@pytest.mark.skipif("DATELINE_NEWS" not in os.environ, reason="DATELINE_NEWS names no folder")
def test_a_real_story_keeps_its_pull_quote_with_its_speaker() -> None:
    (file,) = find_files([Path(os.environ["DATELINE_NEWS"]) / "000_4a7673fdb80d388d.txt"])
    assert isinstance(file, InputFile)
    (article,) = read_file(file, ReadOptions())
    assert isinstance(article, Article)
    received = [part.strip() for part in file.path.read_text(encoding="utf-8").split("\n\n")]
    quote = next(part for part in received if is_quotation(part))
    speaker = received[received.index(quote) + 1]
    assert f"{speaker} {quote}" in article.body.split("\n\n")
    assert article.headline == received[0]
    assert article.standfirst == received[1]
    assert article.body.startswith(received[4])
    assert not {"Image", received[0], received[1], received[2]} & set(article.body.split("\n\n"))
    assert article.published
    assert article.published.isoformat() == "2024-09-10T12:31"
