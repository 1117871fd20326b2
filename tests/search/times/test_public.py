import doctest

import search.times


def test_all_is_sorted_and_names_what_is_there() -> None:
    assert search.times.__all__ == sorted(search.times.__all__)
    assert all(hasattr(search.times, name) for name in search.times.__all__)


def test_the_example_in_the_docstring_runs() -> None:
    assert doctest.testmod(search.times).failed == 0
