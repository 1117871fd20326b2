"""The page in a real browser: what answers first, the start, the open article, and who cannot see or point."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from search.archive import LocalArchive
from tests.api.http.test_browser_reports import SEVERAL, answering, asking
from tests.api.reports import CHANGED, COUNT, FERRIES, OPERA

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
expect = sync_api.expect

pytestmark = pytest.mark.browser

SOON_MS = 1_000  # on a machine that is busy with other tests; some tens of milliseconds on one that is not
MISSILES = "/?q=When+will+Russia+use+missiles+in+Ukraine%3F"


@pytest.fixture
def page(browse: Callable[[str], sync_api.Page], reports: str) -> sync_api.Page:
    """A new page of the reports."""
    return browse(reports)


@pytest.fixture
def small(browse: Callable[[str], sync_api.Page], address: str) -> sync_api.Page:
    """A new page of the small archive."""
    return browse(address)


def perhaps(answer: dict) -> None:
    answer |= {"tier": "perhaps", "probability": 0.23}


def of_three_figures(answer: dict) -> None:
    """As if there had been a report before the one that was before."""
    first = answer["history"][0]
    earliest = {"value": "2024-09-08", "precision": "day", "found_in": "the test"}
    answer["history"].append(
        {"words": "at least 2.5 thousand", "published": earliest, "citation": first["citation"]}
    )


# What answers


def test_what_answers_stands_first_in_large_type_with_how_sure_it_is(page: sync_api.Page, reports: str) -> None:
    answer = httpx2.get(f"{reports}/v1/ask", params={"q": COUNT}, trust_env=False).json()
    page.goto(asking(COUNT))
    lead = page.locator("main article").first.locator(".lead")
    expect(lead).to_have_text(answer["citations"][0]["answer"]["words"])
    size = "(made) => parseFloat(getComputedStyle(made).fontSize)"
    assert lead.evaluate(size) > 1.5 * page.locator(".best .quote").evaluate(size)
    expect(page.locator(".sure")).to_have_text(re.compile(rf"^[A-Z].* \({round(answer['probability'] * 100)}%\)$"))


def test_an_answer_that_is_not_sure_is_not_marked_and_says_so(page: sync_api.Page) -> None:
    answering(page, perhaps)
    page.goto(asking(COUNT))
    expect(page.get_by_role("heading", name="Perhaps")).to_be_visible()
    expect(page.locator(".sure")).to_have_text("This may not answer (23%)")
    ground = "(made) => getComputedStyle(made).backgroundImage + getComputedStyle(made).backgroundColor"
    assert page.locator(".best mark.answer").evaluate(ground) == "nonergba(0, 0, 0, 0)"


def test_a_day_that_is_meant_is_told_in_place_of_the_words_for_it(small: sync_api.Page) -> None:
    small.goto("/?q=When+did+the+Fed+cut+its+benchmark+rate%3F")
    best = small.locator(".citation").first
    if best.locator(".when").count():
        expect(best.locator(".lead")).not_to_have_text("Wednesday")
    expect(best.locator(".lead")).to_be_visible()


def test_figures_are_drawn_as_a_line_from_three_on(page: sync_api.Page) -> None:
    page.goto(asking(CHANGED))
    expect(page.locator(".history li")).to_have_count(1)
    expect(page.locator(".best svg")).to_have_count(0)
    answering(page, of_three_figures)
    page.reload()
    line = page.get_by_role("img", name="From report to report")
    expect(line.locator("circle")).to_have_count(3)
    expect(line).to_have_accessible_name(re.compile(r"at least 2\.5 thousand \(8 September 2024\), .*45"))


def test_the_context_of_a_quote_is_folded_until_it_is_wanted(small: sync_api.Page) -> None:
    small.goto(MISSILES)
    best = small.locator(".best")
    expect(best.locator(".context").first).to_be_hidden()
    unfold = best.get_by_role("button", name="Show context")
    unfold.focus()
    small.keyboard.press("Enter")
    expect(best.locator(".context:not(:empty)").first).to_be_visible()
    expect(best.get_by_role("button", name="Hide context")).to_have_attribute("aria-expanded", "true")


def test_the_answer_is_painted_before_anything_else_is_asked_for(small: sync_api.Page) -> None:
    waiting: list[sync_api.Route] = []

    def hold(route: sync_api.Route) -> None:
        waiting.append(route)

    small.route("**/v1/search?*", hold)
    small.route("**/v1/articles/*", hold)
    small.add_init_script(
        "new MutationObserver((_, observer) => document.querySelector('.lead') && (observer.disconnect(), "
        "requestAnimationFrame(() => { window.painted = performance.now(); })))"
        ".observe(document, { childList: true, subtree: true });"
    )
    small.goto(MISSILES)
    expect(small.locator(".lead")).to_be_visible()
    expect(small.locator("#progress")).to_have_text(re.compile(r"quotes? from"))
    told = "performance.getEntriesByType('resource').find(({ name }) => name.includes('v1/ask')).responseEnd"
    assert small.evaluate(f"window.painted - {told}") < SOON_MS
    for route in waiting:
        route.continue_()


# The state of the archive


def test_an_answer_tells_how_new_the_archive_is_and_what_it_lacks(small: sync_api.Page, address: str) -> None:
    small.goto(f"{MISSILES}&from=2024-09-01&to=2024-09-30")
    state = small.get_by_role("complementary", name="State of the archive")
    asked = {"q": "missiles", "from": "2024-09-01", "to": "2024-09-30"}
    coverage = httpx2.get(f"{address}/v1/ask", params=asked, trust_env=False).json()["searched"]["coverage"]
    expect(state).to_contain_text("the newest of 31 December 2024")
    expect(state).to_contain_text(f"{coverage['in_period']} articles were published in the period asked for")


def test_an_answer_given_while_the_archive_grows_says_so(small: sync_api.Page, folder: Path) -> None:
    with LocalArchive.open(folder) as archive, archive.write():
        small.goto(MISSILES)
        expect(small.locator(".state")).to_contain_text("More articles are being stored now")
    small.reload()
    expect(small.locator(".state")).to_be_visible()
    expect(small.locator(".state")).not_to_contain_text("being stored now")


# The start


def test_the_start_tells_what_the_archive_holds_and_its_bars_narrow_down(small: sync_api.Page) -> None:
    small.goto("/")
    holdings = small.get_by_role("region", name="What the archive holds")
    expect(holdings).to_contain_text("articles, published from 1 January 2021 to 31 December 2024")
    expect(holdings).to_contain_text("without a date")
    bar = holdings.get_by_role("link", name=re.compile("^2024: "))
    bar.click()
    expect(small).to_have_url(re.compile(r"\?from=2024-01-01&to=2024-12-31$"))
    expect(bar).to_have_attribute("aria-current", "true")
    holdings.get_by_role("link", name="Gazette").click()
    expect(small).to_have_url(re.compile("source=Gazette$"))
    bar.click()
    expect(small).to_have_url(re.compile(r"\?source=Gazette$"))


def test_what_was_asked_is_offered_again_until_it_is_forgotten(small: sync_api.Page) -> None:
    small.goto("/?q=missiles+in+Ukraine")
    expect(small.locator(".lead")).to_be_visible()
    small.goto("/")
    recent = small.get_by_role("region", name="Asked before in this browser")
    recent.get_by_role("link", name="missiles in Ukraine").click()
    expect(small.locator(".lead")).to_be_visible()
    small.go_back()
    recent.get_by_role("button", name="Forget these").click()
    small.reload()
    expect(small.get_by_role("region", name="What the archive holds")).to_be_visible()
    expect(recent).to_have_count(0)


def test_questions_that_the_archive_answers_are_offered_as_text(small: sync_api.Page) -> None:
    found = {"question": "Who struck the <b>bridge</b>?", "kind": "person", "answer": "", "article_id": "x"}
    small.route("**/v1/suggestions", lambda route: route.fulfill(json={"complete": True, "questions": [found]}))
    small.goto("/?source=Gazette")
    offered = small.get_by_role("link", name=found["question"])
    expect(offered).to_be_visible()
    offered.click()
    expect(small.get_by_label("Ask the archive")).to_have_value(found["question"])
    expect(small.locator(".lead")).to_be_visible()
    assert small.locator("main b").count() == 0
    assert "source" not in small.url


# The article


def test_times_in_an_article_tell_their_days_when_pointed_at_or_focused(small: sync_api.Page) -> None:
    small.goto("/?article=missiles")
    time = small.locator("#article .time", has_text="weeks")
    days = small.get_by_role("tooltip")
    expect(days).to_be_hidden()
    time.hover()
    expect(days).to_have_text("10 September to 10 October 2024 (weeks)")
    small.mouse.move(0, 0)
    expect(days).to_be_hidden()
    time.focus()
    expect(days).to_be_visible()
    expect(time).to_have_accessible_description("10 September to 10 October 2024 (weeks)")


def test_who_says_what_in_an_article_is_told_on_demand(small: sync_api.Page) -> None:
    small.goto("/?article=missiles")
    said = small.locator("#article .statement").first
    label = "(made) => getComputedStyle(made, '::after').content"
    expect(said).to_be_visible()
    assert said.evaluate(label) == "none"
    small.get_by_role("button", name="Who says what").click()
    assert "Blinken" in said.evaluate("(made) => made.dataset.said")
    assert said.evaluate(label) != "none"


def test_words_are_found_in_an_article_and_walked_through(small: sync_api.Page) -> None:
    small.goto("/?article=missiles")
    expect(small.locator("#article .body")).to_be_visible()
    find = small.get_by_label("Find in this article")
    find.fill("RUSSIA")
    told = small.locator(".found")
    expect(told).to_have_text(re.compile(r"^1 of \d+$"))
    find.press("Shift+Enter")
    expect(told).to_have_text(re.compile(r"^(\d+) of \1$"))
    find.fill("quicksilver")
    expect(told).to_have_text("none")
    find.press("Escape")
    expect(find).to_have_value("")
    expect(small.get_by_role("dialog")).to_be_visible()


def test_one_goes_from_quote_to_quote_by_button_and_by_key(page: sync_api.Page) -> None:
    page.goto(asking(COUNT))
    quotes = page.locator(".citation .quote")
    expect(quotes.nth(1)).to_be_attached()
    texts = [quotes.nth(at).text_content() for at in range(2)]
    page.locator(".best .headline").click()
    marked = page.locator("#article .body mark")
    expect(marked).to_have_text(texts[0] or "")
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()
    page.get_by_role("button", name="Next").click()
    expect(marked).to_have_text(texts[1] or "")
    expect(page.locator(".walk")).to_contain_text("Quote 2 of")
    page.locator("#article-content").focus()
    page.keyboard.press("p")
    expect(marked).to_have_text(texts[0] or "")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=[^&]*$"))


def test_what_differs_in_a_copy_and_in_a_version_is_shown(page: sync_api.Page) -> None:
    page.goto("/?article=copy")
    relatives = page.get_by_role("region", name="Versions and copies")
    relatives.get_by_role("button", name="What differs").click()
    expect(relatives).to_contain_text("The texts are the same, word for word.")
    page.goto("/?article=corrected")
    relatives.get_by_role("button", name="What differs").click()
    expect(relatives.locator("del")).to_have_text(re.compile("Seven"))
    expect(relatives.locator("ins").first).to_have_text(re.compile("Eight"))


# Errors, and everybody


@pytest.mark.parametrize(
    ("kind", "status", "shown"),
    [
        ("archive-damaged", 503, "The archive cannot be asked now"),
        ("model-missing", 503, "Questions cannot be read now"),
        ("failure", 500, "Something went wrong"),
        ("article-not-found", 404, "This article is not there"),
        ("too-many", 429, "Too many questions at once"),
        ("not-allowed", 403, "The key is not good for this"),
    ],
)
def test_errors_are_told_without_folders_and_commands(
    small: sync_api.Page, kind: str, status: int, shown: str
) -> None:
    problem = {
        "type": f"urn:problem-type:dateline:{kind}",
        "title": "The archive",
        "status": status,
        "detail": "The archive in /srv/news/.dateline cannot be used.",
        "remedy": "dateline rebuild --index /srv/news/.dateline",
    }
    small.route(
        "**/v1/ask?*",
        lambda route: route.fulfill(status=status, json=problem, content_type="application/problem+json"),
    )
    small.goto(MISSILES)
    told = small.get_by_role("alert")
    expect(told.get_by_role("heading")).to_have_text(shown)
    expect(told).not_to_contain_text(re.compile("/srv|dateline rebuild"))


def test_a_server_that_is_gone_is_told_and_can_be_asked_again(small: sync_api.Page) -> None:
    small.route("**/v1/ask?*", lambda route: route.abort())
    small.goto(MISSILES)
    expect(small.get_by_role("alert")).to_contain_text("The server cannot be reached")
    small.unroute("**/v1/ask?*")
    small.get_by_role("button", name="Try again").click()
    expect(small.locator(".lead")).to_be_visible()


STATES: dict[str, tuple[str, Callable[[dict], None] | None, str]] = {
    "start": ("/", None, ".holdings"),
    "perhaps": (asking(COUNT), perhaps, ".differences"),
    "changing": (asking(CHANGED), of_three_figures, ".best svg"),
    "several": (asking(SEVERAL), None, ".part"),
    "not found": (asking(OPERA), None, ".not-found"),
    "article": (f"{asking(FERRIES)}&article=corrected&start=0&end=5", None, "#article .relatives"),
    "no article": ("/?article=nothing", None, "#article .problem"),
}


@pytest.mark.parametrize(
    ("state", "width", "scheme"),
    [(state, 1_100, "light") for state in STATES]
    + [(state, 320, "dark") for state in ("start", "changing", "article")],
)
def test_nothing_keeps_anybody_out(page: sync_api.Page, state: str, width: int, scheme: str) -> None:
    path, change, shown = STATES[state]
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    if change:
        answering(page, change)
    page.goto(path)
    expect(page.locator(shown).first).to_be_visible()
    expect(page.locator("#progress.busy")).to_have_count(0)
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
