from datetime import date

import pytest

from search.errors import QueryError
from search.filters import Filter


def test_a_filter_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(QueryError, match="begins on 2024-02-01, after it ends on 2024-01-01"):
        Filter(date(2024, 2, 1), date(2024, 1, 1))


def test_a_single_day_is_a_filter() -> None:
    assert Filter(date(2024, 2, 1), date(2024, 2, 1))


def test_an_empty_filter_is_false() -> None:
    assert not Filter()
    assert Filter(languages=("en",))
