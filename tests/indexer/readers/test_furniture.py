import pytest

from indexer.readers.furniture import byline_of, date_parts, dateline_of, is_count, is_label, without_sign_off


@pytest.mark.parametrize(
    ("text", "line", "day", "agency"),
    [
        ("LONDON, Sept 10 (Agency) - Ships sailed.", "LONDON, Sept 10", "Sept 10", "Agency"),
        ("TURKU, June 3, 2011 (AGY) - Ships sailed.", "TURKU, June 3, 2011", "June 3, 2011", "AGY"),
        ("Berlin (dpa) - Ships sailed.", "Berlin", None, "dpa"),
        ("SALEM, Mass. (AGY) — Ships sailed.", "SALEM, Mass.", None, "AGY"),
        ("OSLO - Ships sailed.", "OSLO", None, None),
        ("Cartagena, Mar 5 (AGY).- Ships sailed.", "Cartagena, Mar 5", "Mar 5", "AGY"),
        ("PONCE, Puerto Rico (AGY) -- Ships sailed.", "PONCE, Puerto Rico", None, "AGY"),
    ],
)
def test_a_dateline_is_read_as_printed(text: str, line: str, day: str | None, agency: str | None) -> None:
    found = dateline_of(text)
    assert found
    assert (found.line, found.day, found.agency, found.is_whole) == (line, day, agency, False)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor - a former teacher - resigned.",
        "Ada Lind (Greens) won the seat.",
        "It was late (AP) - very late.",
        "Ships sailed on Monday.",
        "A long night it was. LONDON (AP) - Ships sailed.",
    ],
)
def test_prose_has_no_dateline(text: str) -> None:
    assert dateline_of(text) is None


def test_a_byline_is_a_line_of_its_own() -> None:
    assert byline_of("By Jane Doe") == "Jane Doe"
    assert byline_of("By JANE DOE and J. R. ROE=") == "JANE DOE and J. R. ROE"
    assert byline_of("By noon the square was empty.") is None
    assert byline_of("By Monday the Senate had voted, and the House followed.") is None


def test_labels_and_counts_are_told_from_prose() -> None:
    assert is_label("Image")
    assert is_label("ADVERTISEMENT")
    assert not is_label("Image problems cost the party votes.")
    assert is_count("412 views")
    assert not is_count("412 people viewed it.")


def test_a_date_line_is_split_from_its_counts() -> None:
    assert date_parts("10 May 2024 • 412 views • 3 min read") == ("10 May 2024",)


def test_closing_marks_are_left_out() -> None:
    assert without_sign_off(["Ships sailed.", "___", "It rained.", "(AGENCY)", "ab/cd", "ends"]) == [
        "Ships sailed.",
        "It rained.",
    ]
