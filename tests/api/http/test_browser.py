"""The page in a real browser: what is shown, what is highlighted, and what a hostile article cannot do."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from api.http import HttpSettings
from api.keys import Keys, KeyScope
from tests.api.http.articles import EMOJI, HOSTILE

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = sync_api.expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browse: Callable[[str], sync_api.Page], address: str) -> sync_api.Page:
    """A new page of the small archive."""
    return browse(address)


def ask(page: sync_api.Page, question: str) -> None:
    page.get_by_label("Ask the archive").fill(question)
    page.keyboard.press("Enter")


def cited_by_api(address: str, question: str) -> dict:
    return httpx2.get(f"{address}/v1/ask", params={"q": question}, trust_env=False).json()["citations"][0]


@pytest.mark.parametrize(
    "question",
    ["When will Russia use missiles in Ukraine?", "When did lava from Fagradalsfjall reach the valley?"],
    ids=["plain", "after emoji"],
)
def test_the_quote_is_shown_in_the_answer_and_marked_in_the_article(
    page: sync_api.Page, address: str, question: str
) -> None:
    cited = cited_by_api(address, question)
    page.goto("/")
    ask(page, question)
    first = page.locator(".citation").first
    expect(first.locator(".quote")).to_have_text(cited["quote"], use_inner_text=True)
    body = httpx2.get(f"{address}/v1/articles/{cited['article_id']}", trust_env=False).json()["body"]
    passage = body[cited["trail"]["passage"]["start"] : cited["trail"]["passage"]["end"]]
    expect(first.locator("blockquote")).to_have_text(passage)
    assert first.locator("blockquote").text_content() == passage
    first.get_by_role("button", name=cited["headline"]).click()
    marked = page.get_by_role("dialog").locator("mark")
    expect(marked).to_be_visible()
    expect(marked).to_be_in_viewport()
    assert marked.text_content() == cited["quote"]
    assert page.locator("#article .body").text_content() == body


def test_the_emoji_stands_before_the_quote(address: str) -> None:
    cited = cited_by_api(address, "When did lava from Fagradalsfjall reach the valley?")
    assert cited["article_id"] == EMOJI.id
    assert max(EMOJI.body[: cited["start"]]) > "\uffff"


def test_the_answer_says_who_published_it_and_when(page: sync_api.Page) -> None:
    page.goto("/?q=When+will+Russia+use+missiles+in+Ukraine%3F")
    about = page.locator(".citation .about").first
    expect(about).to_contain_text("Wire")
    expect(about.locator("time")).to_have_text("10 September 2024")
    expect(about.locator("time")).to_have_attribute("datetime", "2024-09-10")
    expect(about.get_by_role("link")).to_have_attribute("href", re.compile(r"^https://news\.example/.*#:~:text="))


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("When is the first mass in the cathedral of Notre-Dame?", "December 2024"),
        ("When did lava reach the valley?", "2021"),
        ("Who cut the benchmark rate?", "18 September 2024, 18:05"),
        ("How many sardines did the harbour of Lisbon handle?", "published: unknown"),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(page: sync_api.Page, question: str, shown: str) -> None:
    page.goto("/")
    ask(page, question)
    expect(page.locator(".citation .about").first.locator("time, .unknown")).to_have_text(shown)


def test_the_time_that_answers_is_shown_with_what_it_means(page: sync_api.Page) -> None:
    page.goto("/?q=When+will+Russia+use+missiles+in+Ukraine%3F")
    best = page.locator(".citation").first
    expect(best.locator(".lead")).to_have_text("within weeks")
    expect(best.locator(".when")).to_have_text(
        "said on 10 September 2024: 10 September to 10 October 2024 (weeks)"
    )
    ask(page, "Who struck the bridge?")
    expect(page.locator(".quote").first).to_contain_text("container ship")
    expect(page.locator(".citation .when")).to_have_count(0)


def test_a_time_in_the_question_is_shown_where_it_was_applied(page: sync_api.Page) -> None:
    page.goto("/?q=What+rate+did+the+Federal+Reserve+cut+in+September+2024%3F")
    applied = page.locator(".applied")
    expect(applied).to_contain_text("“September 2024” was read as 1 to 30 September 2024")
    expect(page.locator(".quote").first).to_contain_text("half a percentage point")
    page.goto("/?q=What+rate+did+the+Federal+Reserve+cut+in+September+2024%3F&from=2024-01-01")
    expect(page.locator(".citation").first).to_be_visible()
    expect(applied).to_have_count(0)


def test_a_relative_time_that_the_archive_does_not_reach_is_told_and_not_applied(page: sync_api.Page) -> None:
    page.goto("/?q=Who+struck+the+bridge+yesterday%3F")
    expect(page.locator(".applied")).to_contain_text("“yesterday” was read as")
    expect(page.locator(".applied")).to_contain_text("It was not applied.")
    expect(page.locator(".quote").first).to_contain_text("container ship")


def test_the_timeline_shows_evidence_by_the_time_it_speaks_of(page: sync_api.Page, address: str) -> None:
    subject = "the benchmark rate, inflation, and when Russia will use missiles in Ukraine"
    page.goto("/")
    ask(page, subject)
    expect(page.locator(".citation").first).to_be_visible()
    page.get_by_role("link", name="Timeline").focus()
    page.keyboard.press("Enter")
    timeline = page.locator(".timeline")
    expect(timeline.get_by_role("heading", level=3)).to_have_text(["10 September 2024", "18 September 2024"])
    expect(timeline.locator(".when")).to_have_text(
        ["10 September to 10 October 2024 “within weeks”", "18 September 2024 “Wednesday”"]
    )
    expect(page).to_have_url(re.compile(r"&view=timeline$"))
    expect(page.get_by_role("link", name="Timeline")).to_have_attribute("aria-current", "page")
    quote = timeline.locator("blockquote").first.text_content()
    timeline.get_by_role("button").first.click()
    expect(page.get_by_role("dialog").locator("mark")).to_have_text(quote or "", use_inner_text=True)
    shared = page.url
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Ask", exact=True).click()
    expect(page.locator(".citation").first).to_be_visible()
    page.go_back()
    expect(timeline).to_be_visible()
    page.goto(shared)
    expect(page.get_by_role("dialog").locator("mark")).to_be_visible()
    page.keyboard.press("Escape")
    ask(page, "Who composed the opera about quicksilver?")
    expect(page.locator(".notice")).to_contain_text("No timeline")
    expect(page).to_have_url(re.compile(r"quicksilver%3F&view=timeline$"))


def test_a_hostile_article_is_text_in_a_timeline_too(page: sync_api.Page) -> None:
    page.goto("/?q=When+will+zeppelins+be+inflated%3F&view=timeline")
    entry = page.locator(".timeline ol > li", has_text="onload")
    expect(entry.locator("blockquote")).to_contain_text("<svg onload=window.owned=1>")
    expect(entry.locator(".headline")).to_have_text(HOSTILE.headline)
    assert page.locator("main img, main svg:not(.axis svg), main script, [onerror], [onload]").count() == 0
    assert page.evaluate("window.owned") is None


def test_how_it_was_found_can_be_unfolded(page: sync_api.Page) -> None:
    page.goto("/?q=missiles+in+Ukraine")
    trail = page.locator(".citation .trail").first
    expect(trail.locator("dl")).to_be_hidden()
    trail.locator("summary").click()
    expect(trail.locator("dl")).to_contain_text("place 1")


def test_not_found_says_why_and_what_the_archive_covers(page: sync_api.Page) -> None:
    page.goto("/")
    ask(page, "Who composed the opera about quicksilver?")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Not found")
    expect(notice).to_contain_text("is asked for")
    expect(notice).to_contain_text("published from 1 January 2021 to 31 December 2024")
    expect(page.get_by_role("heading", name="The nearest passage, which is not an answer")).to_be_visible()
    expect(page.locator(".citation.miss")).to_have_count(1)


def test_further_passages_follow_the_answer(page: sync_api.Page) -> None:
    page.goto("/?q=missiles+in+Ukraine")
    passages = page.locator(".passages li")
    expect(passages.first).to_be_visible()
    passages.first.get_by_role("button").click()
    expect(page.get_by_role("dialog").locator("mark")).to_be_visible()


def test_the_address_says_what_is_shown_and_the_back_button_works(page: sync_api.Page, address: str) -> None:
    page.goto("/")
    ask(page, "missiles in Ukraine")
    expect(page).to_have_url(f"{address}/?q=missiles+in+Ukraine")
    expect(page.locator(".quote").first).to_contain_text("missiles")
    ask(page, "sardines in Lisbon")
    expect(page.locator(".quote").first).to_contain_text("sardines")
    page.locator(".citation .headline").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=sardines\+in\+Lisbon&article=undated&start=\d+&end=\d+$"))
    shared = page.url
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.go_back()
    expect(page.locator(".quote").first).to_contain_text("missiles")
    expect(page.get_by_label("Ask the archive")).to_have_value("missiles in Ukraine")
    page.goto(shared)
    expect(page.get_by_role("dialog").locator("mark")).to_contain_text("sardines")
    page.keyboard.press("Escape")
    expect(page).to_have_url(f"{address}/?q=sardines+in+Lisbon")


def test_the_keyboard_is_enough(page: sync_api.Page, address: str) -> None:
    page.goto("/")
    expect(page.locator("#coverage")).to_contain_text("articles")
    page.keyboard.press("/")
    expect(page.get_by_label("Ask the archive")).to_be_focused()
    page.keyboard.type("missiles in Ukraine")
    page.keyboard.press("Enter")
    headline = page.locator(".citation .headline").first
    headline.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(headline).to_be_focused()
    expect(page).to_have_url(f"{address}/?q=missiles+in+Ukraine")


def test_the_filter_narrows_the_answer(page: sync_api.Page) -> None:
    page.goto("/?q=missiles+in+Ukraine")
    expect(page.locator(".quote").first).to_contain_text("missiles")
    page.get_by_text("Narrow down").click()
    page.get_by_role("group", name="Source").get_by_label("Gazette").check()
    page.get_by_label("Published from").fill("2021-01-01")
    expect(page).to_have_url(re.compile("from=2021-01-01&source=Gazette$"))
    expect(page.locator(".about").first).to_contain_text("Gazette")
    expect(page.locator(".results article .about").first).not_to_contain_text("Wire")


def test_a_problem_is_shown_in_its_own_words(page: sync_api.Page) -> None:
    page.goto("/?q=missiles&from=2024-02-01&to=2024-01-01")
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("The question cannot be answered as asked")
    expect(problem).to_contain_text("Swap the two dates.")


def test_a_missing_archive_is_told_without_folders_or_commands(
    browser: sync_api.Browser, serving: Callable[[HttpSettings], str], tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(serving(HttpSettings.load(index=tmp_path)))
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("There is no archive yet")
    expect(problem).not_to_contain_text(re.compile(rf"dateline |{tmp_path}"))
    page.close()


def test_a_hostile_article_is_text_and_nothing_else(page: sync_api.Page) -> None:
    page.goto("/?q=When+will+zeppelins+be+inflated%3F")
    first = page.locator(".citation").first
    expect(first.locator(".headline")).to_have_text(HOSTILE.headline)
    expect(first.locator(".about")).to_contain_text(HOSTILE.source or "")
    expect(first.get_by_role("link")).to_have_count(0)
    first.locator(".headline").hover()
    first.locator(".headline").click()
    expect(page.locator("#article .body mark")).to_be_visible()
    assert page.locator("#article .body").text_content() == HOSTILE.body
    assert (
        page.locator("main img, main svg, dialog img, dialog svg, body script, [onerror], [onload]").count() == 0
    )
    assert page.locator("a[href^='javascript']").count() == 0
    assert page.evaluate("window.owned") is None


@pytest.mark.parametrize(
    "parameters", ["q=%3Cimg+src%3Dx+onerror%3D%22window.owned%3D1%22%3E", "article=%3Cb%3E&start=0&end=1"]
)
def test_a_hostile_address_does_nothing(page: sync_api.Page, parameters: str) -> None:
    page.goto(f"/?{parameters}")
    expect(page.locator(".results .notice, .results .citation, #article .problem").first).to_be_visible()
    assert page.locator("main img, dialog b").count() == 0
    assert page.evaluate("window.owned") is None


def test_a_span_that_does_not_lie_in_the_article_marks_nothing(page: sync_api.Page) -> None:
    page.goto("/?article=missiles&start=5&end=999999")
    expect(page.locator("#article .body")).to_be_visible()
    expect(page.locator("#article .body mark")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1_200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["", "&view=timeline"], ids=["answer", "timeline"])
def test_nothing_is_wider_than_the_window_and_everything_can_be_read(
    page: sync_api.Page, width: int, scheme: str, view: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"/?q=When+will+zeppelins+be+inflated%3F{view}")
    expect(page.locator(".citation, .timeline").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(LEAST_CONTRAST) >= 4.5


LEAST_CONTRAST = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/(, 0\\)|transparent)$/.test(colour)) return colour;
    }
    return "white";
  };
  const contrasts = [...document.querySelectorAll("main *, header *, dialog[open] *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((element) => element.checkVisibility() && element.tagName !== "OPTION")
    .map((element) => {
      const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    });
  return Math.min(...contrasts);
}"""
"""The smallest contrast between a text and what it stands on (WCAG 2.2, 1.4.3)."""


def test_the_page_asks_for_a_key_where_the_server_does_and_keeps_it_in_its_tab(
    browse: Callable[[str], sync_api.Page],
    serving: Callable[[HttpSettings], str],
    settings: HttpSettings,
    tmp_path: Path,
) -> None:
    given = Keys(tmp_path / "keys.json").create("desk", [KeyScope.READ])[1]
    address = serving(settings.model_copy(update={"keys_file": tmp_path / "keys.json"}))
    page = browse(address)
    page.goto("/")
    dialog = page.get_by_role("dialog", name="This archive asks for a key")
    dialog.get_by_label("Key").fill("wrong\u2019")
    dialog.get_by_role("button", name="Use it").click()
    expect(dialog.locator("input:invalid")).to_be_visible()
    dialog.get_by_label("Key").fill(" wrong ")
    dialog.get_by_role("button", name="Use it").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Key").fill(given)
    dialog.get_by_role("button", name="Use it").click()
    expect(dialog).to_have_count(0)
    ask(page, "When will Russia use missiles in Ukraine?")
    expect(page.locator(".citation").first).to_be_visible()
    page.reload()
    expect(page.locator(".citation").first).to_be_visible()
    assert given not in page.evaluate("JSON.stringify(localStorage) + document.cookie")
    assert given not in page.url


def test_a_key_is_used_where_the_browser_keeps_nothing(
    browse: Callable[[str], sync_api.Page],
    serving: Callable[[HttpSettings], str],
    settings: HttpSettings,
    tmp_path: Path,
) -> None:
    given = Keys(tmp_path / "keys.json").create("desk", [KeyScope.READ])[1]
    page = browse(serving(settings.model_copy(update={"keys_file": tmp_path / "keys.json"})))
    page.add_init_script("Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('none'); } })")
    page.goto("/")
    page.get_by_label("Key", exact=True).fill(given)
    page.get_by_role("button", name="Use it").click()
    ask(page, "When will Russia use missiles in Ukraine?")
    expect(page.locator(".citation").first).to_be_visible()


def test_a_question_is_asked_further_and_the_page_says_how_it_was_read(page: sync_api.Page) -> None:
    page.goto("/?q=What+did+Blinken+say+about+the+missiles%3F")
    page.get_by_label("Ask further").fill("and when will Russia use them?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Read as: ")).to_have_text("Read as: When will Russia use the missiles?")
    expect(page.locator(".citation").first).to_contain_text("within weeks")
    assert "previous=" in page.url
    ask(page, "When will Russia use missiles in Ukraine?")
    expect(page.get_by_text("Read as: ")).to_have_count(0)
    assert "previous=" not in page.url
    page.goto("/?q=and+Sweden%3F&previous=When+did+Russia+give+missiles+to+Iran%3F")
    page.get_by_role("button", name="When did Russia give missiles to Sweden?").click()
    expect(page.get_by_label("Ask the archive")).to_have_value("When did Russia give missiles to Sweden?")
