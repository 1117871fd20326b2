"""The page in a real browser: who agrees, who differs, what is not found, and what became of an article."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import httpx2
import pytest

from tests.api.http.test_browser import LEAST_CONTRAST
from tests.api.reports import CHANGED, COUNT, FERRIES, OPERA

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

pytestmark = pytest.mark.browser

SEVERAL = "How many ferries will sail to Madeira and who composed the opera?"


@pytest.fixture
def page(browse: Callable[[str], sync_api.Page], reports: str) -> sync_api.Page:
    return browse(reports)


def asking(question: str) -> str:
    return f"/?{urlencode({'q': question})}"


def answering(page: sync_api.Page, change: Callable[[dict], None]) -> None:
    """Let a page have the server's answer with something changed in it."""

    def answer(route: sync_api.Route) -> None:
        told = route.fetch().json()
        change(told)
        route.fulfill(json=told)

    page.route("**/v1/ask?*", answer)


def test_who_else_says_so_and_who_differs_is_shown_side_by_side_with_dates(
    page: sync_api.Page, reports: str
) -> None:
    answer = httpx2.get(f"{reports}/v1/ask", params={"q": COUNT}, trust_env=False).json()
    (supporting,), best = answer["corroboration"]["supporting"], answer["citations"][0]
    page.goto(asking(COUNT))
    support = page.locator(".answer .support")
    expect(support.locator("summary")).to_have_text("2 independent sources say so")
    support.locator("summary").click()
    for told in (best["source"], supporting["source"], supporting["headline"], supporting["quote"]):
        expect(support).to_contain_text(told)
    differing = page.get_by_role("region", name="Others say otherwise")
    sides = differing.get_by_role("listitem")
    expect(sides).to_have_count(2)
    for words in ("this answer", "41", best["source"], best["headline"]):
        expect(sides.nth(0)).to_contain_text(words)
    for words in ("later: another number", "45", "13 September 2024", "A second count <b>"):
        expect(sides.nth(1)).to_contain_text(words)
    assert page.locator("main b").count() == 0
    sides.nth(1).get_by_role("button").click()
    expect(page.get_by_role("dialog").locator("mark")).to_contain_text("45")


def test_a_single_witness_is_shown_without_other_reports(page: sync_api.Page) -> None:
    page.goto(asking(FERRIES))
    expect(page.locator(".citation").first).to_be_visible()
    expect(page.locator(".support, .differences")).to_have_count(0)


def test_what_was_reported_before_is_told_below_the_answer_and_leads_there(
    page: sync_api.Page, reports: str
) -> None:
    answer = httpx2.get(f"{reports}/v1/ask", params={"q": CHANGED}, trust_env=False).json()
    assert [earlier["words"] for earlier in answer["history"]] == ["41"]
    page.goto(asking(CHANGED))
    expect(page.locator(".citation").first.locator(".quote")).to_contain_text("45")
    earlier = page.get_by_role("button", name="earlier: 41 (12 September 2024)")
    expect(page.locator(".citation .history").get_by_role("button")).to_have_count(1)
    earlier.click()
    expect(page.get_by_role("dialog").locator("mark")).to_have_text(answer["history"][0]["citation"]["quote"])


def test_what_was_reported_before_is_quoted_where_no_words_of_it_answer(page: sync_api.Page) -> None:
    def without_words(answer: dict) -> None:
        answer["history"][0]["words"] = ""

    answering(page, without_words)
    page.goto(asking(CHANGED))
    expect(page.locator(".history li")).to_have_text(
        "earlier: “After the storm 41 fishing trawlers left the harbour of Porto again.” (12 September 2024)"
    )


def test_nothing_is_told_of_before_where_nothing_has_changed(page: sync_api.Page) -> None:
    page.goto(asking(FERRIES))
    expect(page.locator(".citation").first).to_be_visible()
    expect(page.locator(".history, .listed, .part, .applied")).to_have_count(0)


def test_several_questions_in_one_are_answered_each_under_its_own(page: sync_api.Page, reports: str) -> None:
    found, missing = httpx2.get(f"{reports}/v1/ask", params={"q": SEVERAL}, trust_env=False).json()["parts"]
    page.goto(asking(SEVERAL))
    ferries, opera = (page.get_by_role("region", name=part["question"]) for part in (found, missing))
    expect(page.locator(".part > h2")).to_have_text([found["question"], missing["question"]])
    expect(ferries.locator(".citation .quote")).to_have_text([cited["quote"] for cited in found["citations"]])
    expect(ferries.locator(".became")).to_contain_text("Correction.")
    expect(opera.get_by_role("heading", level=3).first).to_have_text("Not found")
    expect(opera.locator(".notice")).to_contain_text(missing["reason"])
    expect(opera.locator(".citation.miss .quote")).to_have_text(missing["nearest"]["quote"])
    told = f"{len(found['citations'])} quotes from {len(found['articles'])} articles."
    expect(page.locator("#progress")).to_have_text(told)
    assert page.evaluate(
        "[...document.querySelectorAll('[id]')].length === new Set([...document.querySelectorAll('[id]')]"
        ".map((made) => made.id)).size"
    )


def test_what_a_list_names_and_how_a_word_was_read_are_text(page: sync_api.Page) -> None:
    def of_a_list(answer: dict) -> None:
        first = answer["citations"][0]
        place = {"article_id": first["article_id"], "start": first["start"], "end": first["start"] + 4}
        answer["listed"] = [
            {"quote": "<b>Porto</b>", "articles": ["first", "differing"], **place},
            {"quote": "Aveiro", "articles": ["withdrawn"], **place},
        ]
        answer["reading"]["respelt"] = [["<i>trawlres</i>", "trawlers"]]

    answering(page, of_a_list)
    page.goto(asking(CHANGED))
    expect(page.locator(".listed")).to_have_text("<b>Porto</b> (2)Aveiro (1)")
    expect(page.locator(".applied")).to_have_text("“<i>trawlres</i>” was read as trawlers. ")
    assert page.locator("main b, main i").count() == 0
    page.get_by_role("button", name="Aveiro").click()
    expect(page.get_by_role("dialog").locator("mark")).to_have_text("Some")


def test_a_refusal_gives_the_reason_and_the_nearest_passage_marked_as_no_answer(
    page: sync_api.Page, reports: str
) -> None:
    answer = httpx2.get(f"{reports}/v1/ask", params={"q": OPERA}, trust_env=False).json()
    page.goto(asking(OPERA))
    expect(page.locator(".notice")).to_contain_text(answer["reason"])
    expect(page.locator(".notice")).to_contain_text(
        "The archive holds 5 articles, published from 10 September 2024"
    )
    expect(page.get_by_text("with a probability of")).to_have_count(1)
    expect(page.locator(".citation.miss .quote")).to_have_text(answer["nearest"]["quote"])
    expect(page.locator(".citation:not(.miss)")).to_have_count(0)
    expect(page.locator("#progress")).to_have_text("No answer was found.")


def test_a_refusal_for_which_nothing_came_near_shows_no_passage(page: sync_api.Page) -> None:
    page.goto(f"{asking(OPERA)}&source=Nobody")
    expect(page.locator(".notice")).to_contain_text('No article has the source "Nobody"')
    expect(page.locator(".citation")).to_have_count(0)


def test_copies_are_one_result_and_named(page: sync_api.Page) -> None:
    page.goto(f"{asking(COUNT)}&view=search")
    expect(page.locator("main")).to_contain_text("an article and its copies count as one")
    expect(page.locator("main").get_by_text("Also in: Courier")).to_have_count(1)
    page.goto("/?article=copy")
    relatives = page.locator("#article").get_by_role("region", name="Versions and copies")
    expect(relatives).to_contain_text("first published by Wire")
    page.goto("/?article=agreeing")
    expect(page.locator("#article .body")).to_be_visible()
    expect(page.locator("#article .relatives, #article .became")).to_have_count(0)


def test_a_withdrawn_article_says_so_before_anything_else(page: sync_api.Page) -> None:
    page.goto("/?article=withdrawn")
    became = page.locator("#article .became")
    expect(became).to_be_in_viewport()
    expect(became).to_contain_text("Withdrawn on 15 September 2024. No question finds this article any more.")
    expect(became).to_contain_text("The <b>fire</b> was elsewhere.")
    assert (
        page.evaluate("document.querySelector('.became').compareDocumentPosition(document.querySelector('.body'))")
        == 4
    )
    assert became.locator("b").count() == 0


def test_versions_lead_to_one_another_and_closing_leads_back_to_the_answer(page: sync_api.Page) -> None:
    page.goto(asking(FERRIES))
    cited = page.locator(".citation").first
    expect(cited.locator(".became")).to_contain_text("Correction. The number of <b>ferries</b> was wrong.")
    cited.locator(".headline").click()
    reader = page.get_by_role("dialog")
    expect(reader.locator(".became")).to_contain_text("Correction. The number of <b>ferries</b> was wrong.")
    reader.get_by_role("button", name="Read the earlier version").click()
    expect(reader.locator(".body")).to_have_text("Seven ferries will sail to Madeira on Sunday.")
    expect(reader.locator(".became")).to_contain_text("Superseded. No question finds this version any more.")
    expect(page).to_have_url(re.compile(r"&article=earlier$"))
    reader.get_by_role("button", name="Read the later version").click()
    expect(reader.locator(".body")).to_contain_text("Eight ferries")
    page.go_back()
    expect(reader.locator(".body")).to_contain_text("Seven ferries")
    page.keyboard.press("Escape")
    expect(reader).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=[^&]*$"))
    expect(cited).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 1_200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        asking(COUNT),
        asking(FERRIES),
        asking(OPERA),
        asking(CHANGED),
        asking(SEVERAL),
        "/?article=withdrawn",
        "/?article=earlier",
        "/?article=corrected",
    ],
    ids=["differing", "corrected", "refused", "changed", "several", "withdrawn", "superseded", "superseding"],
)
def test_it_can_be_read_in_any_light_at_any_width(page: sync_api.Page, path: str, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(path)
    expect(page.locator(".citation, #article .body").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(LEAST_CONTRAST) >= 4.5
    narrowest = (
        "Math.min(...[...document.querySelectorAll('.headline')].filter((made) => made.offsetParent)"
        ".map((made) => made.parentElement.clientWidth))"
    )
    assert page.evaluate(narrowest) > 100
