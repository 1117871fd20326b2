"""Answers as they are printed for people."""

import re
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
from rich.console import Console

from api.cli.answers import render_answer, render_search
from api.cli.articles import render_article
from api.schemas import AnswerResponse, ArticleResponse, SearchResponse
from search.archive import Archive, LocalArchive
from search.asking.engine import Engine
from search.filters import Filter
from search.settings import Settings
from tests.api.reports import COUNT, FERRIES, OPERA, make_archive_of_reports
from tests.fakes import HashEmbedder, make_article, store

LONG = "https://news.example/" + "a-very-long-way/" * 12 + "story"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("answers") / "archive"
    make_archive_of_reports(folder)
    with LocalArchive.open(folder) as archive:
        yield Engine(archive, HashEmbedder(), Settings.load(wanted_precision=0.65))


def printed(print_to: Callable[[Console], None], width: int = 100, *, terminal: bool = False) -> str:
    """What comes out on a terminal, or in a file, of this width; without the spaces that lines end in."""
    file = StringIO()
    print_to(Console(file=file, width=width, force_terminal=terminal, legacy_windows=False, _environ={}))
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def asked(engine: Engine, question: str, condition: Filter = Filter()) -> tuple[AnswerResponse, str]:  # noqa: B008
    """An answer, and what is printed of it."""
    answer = AnswerResponse.of(engine.ask(question, condition=condition))
    return answer, printed(lambda console: render_answer(console, answer))


def test_who_else_says_so_and_who_differs_is_printed_with_dates(reports: Engine) -> None:
    answer, shown = asked(reports, COUNT)
    assert answer.corroboration
    assert "2 reports say so, none a copy of another" in shown
    (also,) = answer.corroboration.supporting
    assert f"also {also.source} {also.published and also.published.value}\n" in shown
    differing = shown[shown.index("Reports of other days say otherwise:") :]
    best = answer.citations[0]
    assert re.search(rf"{best.published and best.published.value} +{best.source} +this answer +", differing)
    assert re.search(r"2024-09-13 +Gaz \[31mette +another number, later +", differing)


def test_copies_are_named_beside_the_article_that_is_cited(reports: Engine) -> None:
    _, shown = asked(reports, COUNT)
    assert shown.count("also in: Courier\n") == 1


def test_a_single_witness_is_no_corroboration(reports: Engine) -> None:
    _, shown = asked(reports, FERRIES)
    assert "reports say so" not in shown
    assert "differ:" not in shown


def test_a_refusal_says_why_what_came_nearest_and_what_was_searched(reports: Engine) -> None:
    answer, shown = asked(reports, OPERA)
    assert answer.nearest
    lines = [line.strip() for line in shown.splitlines()]
    assert shown.startswith("Not found. ")
    assert answer.reason in " ".join(lines)
    assert '"composed" or "opera"' in answer.reason
    assert "Nearest, but no answer:" in lines
    assert set(answer.nearest.quote.split("\n\n")) <= set(lines)
    assert "The archive holds 5 articles, published 2024-09-10 to 2024-09-17, by Wire" in shown


def test_one_figure_tells_how_sure_a_refusal_is(reports: Engine) -> None:
    answer, shown = asked(reports, OPERA)
    reason = " ".join(shown.split())
    said = re.search(r"answers with a probability of ([\d.]+%)", reason)
    beside = re.findall(r"([\d.]+%) probable", reason)
    assert said
    assert beside == [said.group(1)]
    assert float(said.group(1).rstrip("%")) == pytest.approx(100 * answer.probability, abs=0.5)


def test_one_figure_tells_how_sure_an_answer_is(reports: Engine) -> None:
    answer = AnswerResponse.of(reports.ask(COUNT, explain=True))
    shown = printed(lambda console: render_answer(console, answer))
    assert len(answer.citations) > 1
    assert answer.probability != answer.citations[0].probability_alone
    assert re.findall(r"([\d.]+%) probable", shown) == [f"{answer.probability:.0%}"]
    assert re.search(rf"^probability +{answer.probability:.0%}$", shown, re.MULTILINE)
    assert "likely" not in shown


def test_a_refusal_for_which_nothing_came_near_shows_nothing_as_near(reports: Engine) -> None:
    answer, shown = asked(reports, OPERA, Filter(sources=("Nobody",)))
    assert answer.nearest is None
    assert 'No article has the source "Nobody"; there are: Wire, ' in shown
    assert "Nearest" not in shown


def test_no_escape_sequence_of_an_article_reaches_the_terminal(reports: Engine) -> None:
    for question in (COUNT, OPERA):
        _, shown = asked(reports, question)
        assert "\x1b" not in shown


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("terminal", [False, True], ids=["file", "terminal"])
def test_a_link_is_printed_in_one_piece_however_long_it_is(
    width: int, archive: Archive, hash_embedder: HashEmbedder, *, terminal: bool
) -> None:
    store(archive, hash_embedder, make_article("far", "The ferries sailed to Madeira.", "Ferries", url=LONG))
    found = SearchResponse.of(Engine(archive, hash_embedder, Settings.load()).search("ferries"))
    with archive.snapshot() as snapshot:
        article = ArticleResponse.load(snapshot, "far")
    link = found.passages[0].link
    assert link
    for address, print_to in (
        (link, lambda console: render_search(console, found)),
        (LONG, lambda console: render_article(console, article, None)),
    ):
        shown = printed(print_to, width, terminal=terminal)
        lines = [re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", line).strip() for line in shown.splitlines()]
        assert address in lines
        assert (re.search(rf"\x1b\]8;[^;]*;{re.escape(address)}\x1b\\", shown) is not None) == terminal


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://news.example/\x1b]8;;https://evil.example\x1b\\x"]
)
def test_only_a_web_address_is_made_a_link_and_it_cannot_control_the_terminal(
    url: str, archive: Archive, hash_embedder: HashEmbedder
) -> None:
    store(archive, hash_embedder, make_article("bad", "The ferries sailed.", url=url))
    with archive.snapshot() as snapshot:
        article = ArticleResponse.load(snapshot, "bad")
    shown = printed(lambda console: render_article(console, article, None), terminal=True)
    targets = re.findall(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\", shown)
    assert all(target.startswith("https://news.example/") or not target for target in targets)
    assert not url.startswith("javascript") or not targets


def test_what_became_of_an_article_is_printed_with_it(reports: Engine) -> None:
    def shown(article_id: str) -> str:
        with reports.archive.snapshot() as snapshot:
            article = ArticleResponse.load(snapshot, article_id)
        return printed(lambda console: render_article(console, article, None))

    assert "Withdrawn on 2024-09-15, not found any more: The <b>fire</b> was elsewhere." in shown("withdrawn")
    assert "Superseded by corrected, not found any more" in shown("earlier")
    assert "In the place of earlier" in shown("corrected")
    assert "Correction: The number of <b>ferries</b> was wrong." in shown("corrected")
