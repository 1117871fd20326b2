"""Both engines live one life and answer alike; see `tests.search.archive.life`.

HYPOTHESIS_PROFILE=long pytest tests/search/archive/test_life.py
"""

from tests.search.archive.life import LIVES, Life

TestLife = Life.TestCase
TestLife.settings = LIVES
