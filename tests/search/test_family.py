from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Precision, Publication
from search.family import Copy, Family, family_of
from tests.fakes import published

NEW_YORK = timezone(timedelta(hours=-4))
AGENCY = Publication(datetime(2024, 3, 26, 21, 15, tzinfo=NEW_YORK), Precision.MINUTE, "the test")


def copy(id_: str, when: Publication | str | None) -> Copy:
    return Copy(id_, "", None, published(when) if isinstance(when, str) else when, None)


def ids(family: Family) -> list[str]:
    return [one.article_id for one in (family.origin, *family.copies)]


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [
        pytest.param("2024-05-02T10:00", "2024-05-02T10:01", True, id="minutes"),
        pytest.param("2024-05-02", "2024-05-03", True, id="days"),
        pytest.param("2024-05-02T10:00", "2024-05-02", False, id="a minute of the day"),
        pytest.param("2024-05-02", "2024-05-02", False, id="the same day"),
        pytest.param("2024-04", "2024-05-01", True, id="the month before"),
        pytest.param("2024-05-02", None, False, id="no date"),
        pytest.param(AGENCY, "2024-03-27", False, id="a day that may have begun before, somewhere"),
        pytest.param("2024-03-25", AGENCY, True, id="a day that had ended everywhere"),
    ],
)
def test_the_first_is_named_only_where_it_is_known(
    first: Publication | str,
    second: Publication | str | None,
    known: bool,  # noqa: FBT001
) -> None:
    family = family_of([copy("a", second), copy("b", first)])
    assert family.first_is_known is known
    assert ids(family) == (["b", "a"] if first != second else ["a", "b"])


def test_a_family_of_one_is_its_own_first() -> None:
    assert family_of([copy("a", None)]) == Family(copy("a", None), (), first_is_known=True)


MOMENTS = st.datetimes(
    timezones=st.none() | st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
)


@given(st.lists(st.builds(Publication, MOMENTS, st.sampled_from(Precision), st.just("the test")), min_size=1))
def test_the_order_of_members_makes_no_difference(publications: list[Publication]) -> None:
    members = [copy(str(place), one) for place, one in enumerate(publications)]
    assert family_of(members) == family_of(reversed(members))
