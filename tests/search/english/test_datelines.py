import pytest

from search.english.datelines import dateline_of


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
