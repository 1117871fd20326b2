"""What can go wrong.

DatelineError
├── NotFoundError       there is no such article or citation
├── NotReadyError       the server is loading, busy or writing: the same request will succeed later
└── UnreachableError    no answer, or none that a Dateline server gives
"""


class DatelineError(Exception):
    """The server refused a request.

    Attributes:
        kind: The last part of the problem's type, such as `invalid-request`; empty when the server stated none.
        status: The HTTP status; 0 when there was no answer.
        detail: What was wrong.
        remedy: What to do about it; empty when nothing can be advised.
    """

    def __init__(self, detail: str, *, kind: str = "", status: int = 0, remedy: str = "") -> None:
        super().__init__(f"{detail} {remedy}".strip())
        self.kind = kind
        self.status = status
        self.detail = detail
        self.remedy = remedy


class NotFoundError(DatelineError):
    """There is no article or citation of this id; a question without an answer is no error."""


class NotReadyError(DatelineError):
    """The server is loading its model, is busy, or the archive is being written.

    Attributes:
        retry_after: Seconds after which to ask again.
    """

    def __init__(self, detail: str, *, kind: str, status: int, remedy: str, retry_after: float) -> None:
        super().__init__(detail, kind=kind, status=status, remedy=remedy)
        self.retry_after = retry_after


class UnreachableError(DatelineError):
    """There was no answer, or it is none of a Dateline server."""
