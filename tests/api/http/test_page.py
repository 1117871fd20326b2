import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import api

WEB = Path(api.__file__).parent / "web"
FILES = sorted(path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file())


def test_the_page_is_served_with_what_it_needs(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    wanted = re.findall(r'(?:src|href)="(static/[^"]+)"', page.text)
    assert wanted
    for path in wanted:
        assert client.get(f"/{path}").status_code == 200


@pytest.mark.parametrize("path", ["/", *(f"/static/{name}" for name in FILES), "/v1/status", "/livez"])
def test_browsers_are_told_what_not_to_do(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("name", FILES)
def test_the_page_reads_nothing_as_html_and_needs_nothing_from_elsewhere(name: str) -> None:
    text = (WEB / name).read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text)
    assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=\"", text)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[a-z]", text)


@pytest.mark.parametrize("path", ["/static/../app.py", "/static/%2e%2e/http/app.py", "/static/..%2fschemas.py"])
def test_nothing_beside_the_page_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_whole_page_weighs_less_than_150_kilobytes() -> None:
    of_another_page = {"styles/reference.css"}
    assert sum((WEB / name).stat().st_size for name in {*FILES} - of_another_page) < 150_000
