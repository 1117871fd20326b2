"""The dateline that opens a report: where it was filed, and what stands with it before the dash."""

import re

_DATELINE = re.compile(r"[A-Z][\w .,'’()/-]{1,60}? (?:-|--|–|—|_) ")


def length_of_dateline(text: str) -> int:
    """Count the code points, the dash and the blank behind it among them, of the dateline that opens a text."""
    found = _DATELINE.match(text)
    return found.end() if found else 0
