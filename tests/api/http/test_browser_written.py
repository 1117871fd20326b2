"""Written answers on the page: asked for by a button, below the quotes, marked, and made of text alone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.http import HttpSettings
from tests.api.http.conftest import LEAST_CLOSENESS
from tests.api.writing.endpoint import Reply, endpoint, streamed, written

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
QUESTION = "When will missiles be used?"


def test_a_model_words_the_quotes_when_it_is_asked_to(
    folder: Path, serving: Callable[[HttpSettings], str], browse: "Callable[[str], Page]"
) -> None:
    with endpoint() as served:
        settings = HttpSettings.load(
            index=folder, least_closeness=LEAST_CLOSENESS, writer_url=served.address, writer_model="<b>small</b>"
        )
        page = browse(serving(settings))
        page.goto(f"/?q={QUESTION}")
        quote = page.locator(".best blockquote .quote").inner_text()
        good = quote.split(". ")[0].replace('"', "").strip(".") + "."
        served.reply = lambda _: Reply(streamed(written((good, [1]), ("<img src=x onerror=alert(1)> Mars.", [1]))))
        page.get_by_role("button", name="In a model’s words").click()
        words = page.locator(".written")
        words.get_by_text("by <b>small</b>").wait_for()
        assert words.locator("b, img").count() == 0
        assert "Mars" not in words.inner_text()
        assert page.locator(".best").bounding_box()["y"] < words.bounding_box()["y"]  # type: ignore[index]


def test_without_a_model_nothing_is_offered(address: str, browse: "Callable[[str], Page]") -> None:
    page = browse(address)
    page.goto(f"/?q={QUESTION}")
    page.locator(".best").wait_for()
    assert page.locator(".written").count() == 0


def test_sentences_of_a_stream_that_breaks_off_are_taken_back(
    folder: Path, serving: Callable[[HttpSettings], str], browse: "Callable[[str], Page]"
) -> None:
    settings = HttpSettings.load(index=folder, least_closeness=LEAST_CLOSENESS, writer_url="http://127.0.0.1:9/v1")
    page = browse(serving(settings))
    begun = 'event: sentence\ndata: {"text": "It rained.", "citations": [1]}\n\n'
    page.route("**/v1/written**", lambda route: route.fulfill(body=begun, content_type="text/event-stream"))
    page.goto(f"/?q={QUESTION}")
    page.get_by_role("button", name="In a model’s words").click()
    words = page.locator(".written")
    words.get_by_text("Nothing was written. The connection is broken.").wait_for()
    assert "It rained" not in words.inner_text()
    assert words.get_by_role("button").is_enabled()
