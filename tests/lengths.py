"""How many examples the tests that draw some take: few, unless HYPOTHESIS_PROFILE is `full` or `long`."""

import os

PROFILES = {"short": 40, "full": 100, "long": 1_000}
"""What each profile takes where a test does not say."""

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")


def examples(short: int, full: int, long: int | None = None) -> int:
    """Choose by profile; long is as full unless it is given."""
    return {"short": short, "full": full, "long": full if long is None else long}[PROFILE]
