from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.moments import parse_published
from indexer.published import StatedDate, first_published
from search.article import Precision

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


def stated(text: object, **options: object) -> str | None:
    found = parse_published(text, "test", NOW, **options)  # type: ignore[arg-type]
    return found.isoformat() if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-09-10T12:31:00Z", "2024-09-10T12:31:00+00:00"),
        ("2024-09-10 12:31", "2024-09-10T12:31"),
        ("2024-09-10T12:31:07.250+0200", "2024-09-10T12:31:07+02:00"),
        ("20131020T192751+1100", "2013-10-20T19:27:51+11:00"),
        ("20240710", "2024-07-10"),
        ("2024-09-10", "2024-09-10"),
        ("2024-09", "2024-09"),
        ("2024", "2024"),
        ("Mon, 29 Jul 2013 16:03:54 +0000", "2013-07-29T16:03:54+00:00"),
        ("Mon, 29 Jul 2013 16:03:54 -0000", "2013-07-29T16:03:54"),
        ("Mon, 29 Jul 2013 16:03 EST", "2013-07-29T16:03-05:00"),
        ("September 10 2024 , 12:31 PM", "2024-09-10T12:31"),
        ("Sept. 10, 2024", "2024-09-10"),
        ("10 September 2024", "2024-09-10"),
        ("Tuesday, 10 September 2024 at 5 pm", "2024-09-10T17:00"),
        ("12:05 a.m. GMT, May 3rd, 2021", "2021-05-03T00:05+00:00"),
        ("March 2024", "2024-03"),
        ("Published: 12 May 2020", "2020-05-12"),
        ("2023年11月17日", "2023-11-17"),
        ("2024/03/04", "2024-03-04"),
        (1725971460, "2024-09-10T12:31:00+00:00"),
        (1725971460000, "2024-09-10T12:31:00+00:00"),
        (20240910, "2024-09-10"),
        (date(2024, 9, 10), "2024-09-10"),
        (datetime(2024, 9, 10, 12, 31, tzinfo=UTC), "2024-09-10T12:31:00+00:00"),
    ],
)
def test_a_moment_keeps_the_precision_and_zone_that_were_stated(text: object, expected: str) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "today", "yesterday 12:30", "May", "12:30", "10 September", "2024-13-45", "31 February 2024",
        "00000000",
        "YYYYMMDD000000-HHMM", "2024-W05", "vol. 12, 2024, no. 3", "Flight 2024 of May 3", "1",
        "9" * 400, True, None, [],
        float("nan"), 17,
    ],
)  # fmt: skip
def test_what_is_not_wholly_a_date_is_not_read_as_one(text: object) -> None:
    assert stated(text) is None


def test_an_ambiguous_numeric_date_is_not_guessed() -> None:
    assert stated("03/04/2024") is None
    assert stated("03/04/2024", date_order="dmy") == "2024-04-03"
    assert stated("03/04/2024", date_order="mdy") == "2024-03-04"


def test_a_numeric_date_that_can_mean_one_day_only_is_read() -> None:
    assert stated("13/04/2024") == "2024-04-13"
    assert stated("04/13/2024 08:00") == "2024-04-13T08:00"
    assert stated("4.4.2024") == "2024-04-04"


def test_a_day_that_contradicts_the_declared_order_is_unknown() -> None:
    assert stated("13/04/2024", date_order="mdy") is None


def test_a_publication_in_the_future_or_before_1800_is_not_believed() -> None:
    assert stated((NOW + timedelta(hours=20)).isoformat(timespec="seconds")) is not None
    assert stated((NOW + timedelta(days=2)).isoformat(timespec="seconds")) is None
    assert stated("1799-12-31") is None
    assert stated("1800-01-01") == "1800-01-01"


def test_an_abbreviation_of_several_zones_leaves_the_zone_unknown() -> None:
    found = parse_published("10 June 2024 12:31 BST", "test", NOW)
    assert found
    assert found.moment.tzinfo is None


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("10 juin 2024", "fr", "2024-06-10"),
        ("22 de enero de 2014", "es", "2014-01-22"),
        ("4. toukokuuta 2014", "fi", "2014-05-04"),
    ],
)
def test_months_of_the_articles_language_are_read(text: str, language: str, day: str) -> None:
    assert stated(text, language=language) == day
    assert stated(text) == day


def test_a_month_that_languages_mean_differently_needs_the_language() -> None:
    assert stated("12 lis 2020") is None
    assert stated("12 lis 2020", language="pl") == "2020-11-12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 14 Mar 23 08:05:59 +0100", "2023-03-14T08:05:59+01:00"),
        ("14 Mar 23 08:05 GMT", "2023-03-14T08:05+00:00"),
        ("Wed, 4 Nov 98 21:15 EST", "1998-11-04T21:15-05:00"),
        ("Sat, 01 Jan 00 00:00:00 GMT", "2000-01-01T00:00:00+00:00"),
        ("14 Mar 23", None),
        ("Sa, 4 Mai 2019 10:00:00 +0200", "2019-05-04T10:00:00+02:00"),
        ("sam., 04 mai 2019 10:00 +0200", "2019-05-04T10:00+02:00"),
        ("Samstag, 4. März 2023, 14:05 Uhr", "2023-03-04T14:05"),
        ("Konzert 4 Mai 2019", None),
    ],
)
def test_dates_of_mail_and_feeds_are_read(text: str, expected: str | None) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text", ["1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01", "1970-01-01T01:00:00+01:00",
             "1969-12-31T16:00:00-08:00", "January 1, 1970", "1970-01-01T00:00:00", 0]
)  # fmt: skip
def test_second_zero_is_no_date(text: object) -> None:
    assert stated(text) is None


@pytest.mark.parametrize("text", ["1970-01-02", "1970", "1970-01-01T09:30:00Z", "May 4, 1970"])
def test_an_article_may_be_of_1970(text: str) -> None:
    assert stated(text) is not None


@pytest.mark.parametrize(
    ("others", "moment", "day"),
    [
        (["2024-02-29T21:40:10-08:00"], "2024-02-29T21:40:10-08:00", "2024-02-29"),
        (["2024-02-29 21:40"], "2024-02-29T21:40:10-08:00", "2024-02-29"),
        (["February 29, 2024"], "2024-03-01T05:40:10+00:00", "2024-02-29"),
        (["Feb. 29"], "2024-03-01T05:40:10+00:00", "2024-02-29"),
        (["March 1"], "2024-03-01T05:40:10+00:00", "2024-03-01"),
        (["Feb. 27"], "2024-03-01T05:40:10+00:00", "2024-03-01"),
        (["2024-02-29 20:13"], "2024-03-01T05:40:10+00:00", "2024-03-01"),
        (["March 2"], "2024-03-01T05:40:10+00:00", "2024-03-01"),
    ],
)
def test_a_stamp_in_utc_learns_its_local_day_from_the_rest(others: list[str], moment: str, day: str) -> None:
    pieces = [StatedDate("2024-03-01T05:40:10Z", "stamp"), *(StatedDate(other, "beside") for other in others)]
    found = first_published(pieces, NOW)
    assert found
    assert found.isoformat() == moment
    assert found.first_day.isoformat() == found.last_day.isoformat() == day


def test_a_stamp_with_a_zone_of_its_own_tells_its_day() -> None:
    pieces = [StatedDate("2024-03-01T00:40:10-05:00", "stamp"), StatedDate("Feb. 29", "dateline")]
    found = first_published(pieces, NOW)
    assert found
    assert found.first_day == date(2024, 3, 1)


def test_the_best_date_decides_and_says_where_it_stood() -> None:
    found = first_published(
        [
            StatedDate(None, "a"),
            StatedDate("soon", "b"),
            StatedDate("2024-05-01", "c"),
            StatedDate("2024-05-02", "d"),
        ],
        NOW,
    )
    assert found
    assert (found.isoformat(), found.found_in) == ("2024-05-01", "c")


def test_a_later_piece_may_add_the_time_of_the_same_day() -> None:
    found = first_published([StatedDate("2024-05-01", "a"), StatedDate("2024-05-01T08:00Z", "b")], NOW)
    assert found
    assert found.precision is Precision.MINUTE


def test_without_evidence_the_publication_is_unknown() -> None:
    assert first_published([], NOW) is None


@given(st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    parse_published(text, "test", NOW)


@given(st.integers(int(datetime(1801, 1, 1, tzinfo=UTC).timestamp()), int(NOW.timestamp())))
def test_iso_moments_round_trip(instant: int) -> None:
    assume(abs(instant) >= 60)  # second zero of Unix time means that the time is not known
    text = datetime.fromtimestamp(instant, UTC).isoformat(timespec="seconds")
    assert stated(text) == text
