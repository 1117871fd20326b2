"""Search, timeline, drafts, citations, filters and what is taken along, in a real browser."""

import csv
import json
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import httpx2
import pytest

from tests.api.http.articles import HOSTILE
from tests.fakes import MISSILES, RATES

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
expect = sync_api.expect

pytestmark = pytest.mark.browser

QUOTE = "Russia will likely use them within weeks in Ukraine"
DRAFT = f"""Antony Blinken was blunt: “{QUOTE}”, he said.

Jerome Powell, the chairman, said “{QUOTE}”, too.

He added that “Russia will probably use them within weeks in Ukraine” & <b>more</b>.

Nobody said “the moon will be sold to a circus by Friday”."""


@pytest.fixture
def page(browse: Callable[[str], sync_api.Page], address: str) -> sync_api.Page:
    """A new page of the small archive, which may use the clipboard."""
    page = browse(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    return page


def cited_by_api(address: str, question: str) -> dict:
    return httpx2.get(f"{address}/v1/ask", params={"q": question}, trust_env=False).json()["citations"][0]


def check(page: sync_api.Page, draft: str) -> sync_api.Locator:
    page.goto("/?view=draft")
    page.get_by_label("Check a draft").fill(draft)
    page.get_by_role("button", name="Check the quotations").click()
    expect(page.get_by_role("heading", name="What the archive says")).to_be_visible()
    return page.locator(".claim-item")


def clipboard(page: sync_api.Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


_NEWEST_FIRST = """() => {
    const days = Array.from(document.querySelectorAll(".passages > li time"), time => time.dateTime.slice(0, 10));
    return days.length > 1 && days.every((day, place) => !place || day <= days[place - 1]);
}"""
"""The page renders anew a moment after it has another address."""


def test_search_ranks_passages_and_orders_them_by_date(page: sync_api.Page) -> None:
    page.goto("/?q=missiles+and+the+benchmark+rate")
    page.get_by_role("link", name="Search").click()
    expect(page).to_have_url(re.compile("view=search$"))
    passages = page.locator(".passages > li")
    expect(passages.first.locator(".passage")).to_be_visible()
    page.get_by_label("Order").select_option("Newest first")
    expect(page).to_have_url(re.compile("sort=newest$"))
    page.wait_for_function(_NEWEST_FIRST)
    passages.first.locator(".headline").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("sort=newest$"))


def test_a_phrase_is_held_to_the_text_and_marked(page: sync_api.Page) -> None:
    page.goto("/?view=search&q=%22benchmark+rate%22+missiles")
    expect(page.locator(".held")).to_have_text("1 article has “benchmark rate” word for word; it is the only one.")
    expect(page.locator(".passages > li")).to_have_count(1)
    expect(page.locator(".passage mark")).to_have_text("benchmark rate")
    page.goto("/?view=search&q=%22missile+rate%22")
    expect(page.locator(".held")).to_contain_text("No article has “missile rate” word for word")
    expect(page.locator(".notice")).to_contain_text("Without the quotation marks")


def test_the_timeline_is_drawn(page: sync_api.Page) -> None:
    page.goto("/?view=timeline&q=the+benchmark+rate,+inflation,+and+when+Russia+will+use+missiles+in+Ukraine")
    expect(page.locator(".axis circle.event")).to_have_count(1)
    expect(page.locator(".axis rect.event.hollow")).to_have_count(1)
    page.locator(".axis circle.event").click()
    item = page.locator(".timeline li.day")
    expect(item).to_be_focused()
    expect(item).to_be_in_viewport()
    expect(page.locator(".timeline li.stretch.hollow")).to_contain_text("predicted")


def test_a_draft_is_checked(page: sync_api.Page) -> None:
    claims = check(page, DRAFT)
    expect(page.locator(".verdict")).to_have_text(
        "4 quotations: 1 verbatim, 1 altered, 1 somebody else’s, 1 absent."
    )
    expect(claims.locator(".claim-kind")).to_have_text(
        ["✓ As it standsline 1", "⇄ Somebody else’sline 3", "≈ Alteredline 5", "✗ Absentline 7"]
    )
    expect(claims.nth(1)).to_contain_text("The draft gives it to Jerome Powell; in the archive Antony Blinken")
    expect(claims.nth(2).locator("del")).to_have_text("probably")
    expect(claims.nth(2).locator("ins")).to_have_text("likely")
    marked = page.locator(".checked .body")
    assert (marked.text_content() or "").replace("✓1", "").replace("⇄2", "").replace("≈3", "").replace(
        "✗4", ""
    ) == DRAFT
    assert page.locator("main b").count() == 0
    marked.locator("a").nth(3).click()
    expect(claims.nth(3)).to_be_focused()
    claims.first.get_by_role("button", name=MISSILES.headline).click()
    expect(page.get_by_role("dialog").locator("mark").first).to_contain_text(QUOTE)
    page.keyboard.press("Escape")
    expect(claims).to_have_count(4)


def test_a_draft_without_quotations_is_told_so(page: sync_api.Page) -> None:
    assert check(page, "It rained. He called it “late”.").count() == 0
    expect(page.locator(".verdict")).to_have_text("There is no quotation in it.")


def test_a_citation_has_a_page(page: sync_api.Page, address: str) -> None:
    cited = cited_by_api(address, "When will Russia use missiles in Ukraine?")
    page.goto(f"/c/{cited['id']}")
    shown = page.locator(".cited")
    expect(shown.locator(".quote")).to_have_text(cited["quote"])
    expect(shown.locator("blockquote")).to_contain_text("Antony Blinken said on Tuesday.")
    expect(shown.locator(".said")).to_contain_text("predicted")
    expect(page).to_have_title(f"{MISSILES.headline} – Dateline")
    shown.get_by_role("button", name=MISSILES.headline).click()
    expect(page.get_by_role("dialog").locator("mark").first).to_be_visible()
    page.goto("/c/gone.0-4.7abf2f52b3c1")
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_citation_is_copied_in_each_form(page: sync_api.Page, address: str) -> None:
    cited = cited_by_api(address, "When will Russia use missiles in Ukraine?")
    page.goto(f"/c/{cited['id']}")
    menu = page.locator(".copy")
    for name, told, begins in (
        ("Plain text", "plain text", f"“{cited['quote']}” [{cited['id']}]"),
        ("Markdown", "Markdown", f"> {cited['quote']}"),
        ("BibTeX", "BibTeX", "@article{missiles,"),
        ("CSL-JSON", "CSL-JSON", "["),
        ("Web annotation", "web annotation", "{"),
    ):
        menu.get_by_role("button", name=name).click()
        expect(menu.get_by_role("status")).to_have_text(f"Copied as {told}.")
        copied = clipboard(page)
        assert copied.startswith(begins)
        if begins in "[{":
            assert json.loads(copied)
    menu.get_by_role("button", name="Link").click()
    expect(menu.get_by_role("status")).to_have_text("The link is copied.")
    assert clipboard(page) == f"{address}/c/{cited['id']}"


def test_where_the_clipboard_is_out_of_reach_the_text_is_shown(page: sync_api.Page, address: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"/c/{cited_by_api(address, 'When will Russia use missiles in Ukraine?')['id']}")
    page.get_by_role("button", name="Markdown").click()
    expect(page.get_by_label("To be copied")).to_have_value(re.compile("^> .*within weeks"))


def test_an_answer_is_taken_along(page: sync_api.Page, tmp_path: Path) -> None:
    page.goto("/?q=When+will+Russia+use+missiles+in+Ukraine%3F&source=Wire")
    take = page.locator(".take")
    take.get_by_role("button", name="Copy as plain text").click()
    expect(take.get_by_role("status")).to_have_text("Copied as plain text.")
    assert "within weeks" in clipboard(page)
    with page.expect_download() as coming:
        take.get_by_role("button", name="CSV").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.name == "dateline-when-will-russia-use-missiles-in-ukraine.csv"
    rows = list(csv.DictReader(StringIO(file.read_text(encoding="utf-8-sig"))))
    assert {row["source"] for row in rows} == {"Wire"}
    with page.expect_download() as coming:
        take.get_by_role("button", name="JSON", exact=True).click()
    coming.value.save_as(tmp_path / "answer.json")
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))["found"]


def test_filters_are_chosen_by_their_counts_and_taken_away_as_chips(page: sync_api.Page) -> None:
    page.goto("/?q=missiles+in+Ukraine")
    page.get_by_text("Narrow down").click()
    box = page.get_by_role("group", name="Source").get_by_label(re.compile("^Gazette"))
    box.check()
    expect(page).to_have_url(re.compile("source=Gazette$"))
    expect(box).to_be_focused()
    expect(page.locator(".about").first).to_contain_text("Gazette")
    page.get_by_role("button", name=re.compile("^2021: ")).click()
    expect(page).to_have_url(
        re.compile("from=2021-01-01&to=2021-12-31$|from=2021-01-01&to=2021-12-31&source=Gazette$")
    )
    chips = page.locator("#chips button")
    expect(chips).to_have_text(["published in 2021×", "source Gazette×"])
    page.get_by_role("button", name="Remove: source Gazette").click()
    expect(chips).to_have_text(["published in 2021×"])
    page.get_by_label("Another speaker, by name or role").fill("Blinken")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("said_by=Blinken"))
    page.goto("/?q=missiles&view=search&said_by=blinken&said_by=powell&language=en&as_of=2024-12-31")
    expect(chips).to_have_text(
        ["language English×", "said by Blinken×", "said by Powell×", "as it stood on 31 December 2024×"],
        use_inner_text=False,
    )


def test_the_time_of_the_question_is_a_chip_that_can_be_adjusted_or_removed(page: sync_api.Page) -> None:
    question = "/?q=What+rate+did+the+Federal+Reserve+cut+in+September+2024%3F"
    page.goto(question)
    page.get_by_role("button", name="Remove: September 2024").click()
    expect(page).to_have_url(re.compile("any_time=true$"))
    expect(page.locator(".applied")).to_have_count(0)
    expect(page.locator("#chips button")).to_have_text(["any time×"])
    page.goto(question)
    page.get_by_role("button", name="Adjust the days").click()
    expect(page.get_by_label("Published from")).to_have_value("2024-09-01")
    page.get_by_label("Published until").fill("2024-09-20")
    expect(page).to_have_url(re.compile("from=2024-09-01&to=2024-09-20"))
    expect(page.locator(".quote").first).to_contain_text("half a percentage point")
    assert RATES.published


def test_what_the_address_has_and_the_page_does_not_know_is_told(page: sync_api.Page) -> None:
    page.goto("/?q=missiles&sorce=Wire&view=grid")
    told = page.locator("#unknown")
    expect(told).to_contain_text("sorce=Wire and view=grid, which this page does not know")
    page.goto("/?q=missiles&source=Wire&view=search&sort=oldest")
    expect(page.locator(".passages > li").first).to_be_visible()
    expect(told).to_be_hidden()


def test_a_hostile_article_is_text_everywhere(page: sync_api.Page, address: str) -> None:
    cited = cited_by_api(address, "When will zeppelins be inflated?")
    claims = check(page, "He said “Zeppelins will be <svg onload=window.owned=1> inflated on 5 May 2024”.")
    expect(claims.first.locator(".headline")).to_have_text(HOSTILE.headline)
    page.goto("/?view=search&q=%22Zeppelins+will+be%22")
    expect(page.locator(".passage mark")).to_have_text("Zeppelins will be")
    page.get_by_text("Narrow down").click()
    expect(page.get_by_role("group", name="Source")).to_contain_text("<img src=x")
    page.goto(f"/c/{cited['id']}")
    expect(page.locator(".cited .about")).to_contain_text("<b onmouseover")
    assert page.locator("main img, main svg, main script, main b, [onerror], [onload]").count() == 0
    assert page.evaluate("window.owned") is None


STATES = {
    "search": "/?view=search&q=%22benchmark+rate%22&source=Ledger&sorce=1",
    "timeline": "/?view=timeline&q=the+benchmark+rate,+inflation,+and+when+Russia+will+use+missiles+in+Ukraine",
    "answer": "/?q=What+rate+did+the+Federal+Reserve+cut+in+September+2024%3F",
    "draft": "",
    "citation": "",
}


@pytest.mark.parametrize("state", list(STATES))
def test_every_state_is_accessible_and_fits_a_narrow_screen(page: sync_api.Page, address: str, state: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    if state == "draft":
        check(page, DRAFT)
    elif state == "citation":
        page.goto(f"/c/{cited_by_api(address, 'When will Russia use missiles in Ukraine?')['id']}")
    else:
        page.goto(STATES[state])
        page.get_by_text("Narrow down").click()
        expect(page.get_by_role("group", name="Days")).to_be_visible()
    expect(page.locator(".copy").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("h1").count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = axe.Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_the_keyboard_is_enough_for_a_draft(page: sync_api.Page) -> None:
    page.goto("/?view=draft")
    page.get_by_label("Check a draft").focus()
    page.keyboard.insert_text(DRAFT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What the archive says")).to_be_focused()
    page.locator(".checked a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".claim-item").first).to_be_focused()
