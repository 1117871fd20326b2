"""The one shape of every error."""

from typing import Any

import httpx2

from api.http.headers import SECURITY_HEADERS
from api.http.problems import BLANK, MEDIA_TYPE, Problem


def assert_problem(response: httpx2.Response, status: int, name: str | None = None) -> dict[str, Any]:
    """Assert that a response is a problem of this status and kind (None: of none of its own); returns it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    for header, value in SECURITY_HEADERS.items():
        assert response.headers[header] == value
    members = response.json()
    problem = Problem.model_validate(members)
    assert problem.status == status
    assert problem.type == (f"urn:problem-type:dateline:{name}" if name else BLANK)
    assert problem.title
    assert problem.detail
    assert problem.instance.startswith("/")
    assert (problem.errors is not None) == (name == "invalid-request")
    assert "Traceback" not in response.text
    return members
