import pytest

from search.english.datelines import dateline_of, length_of_dateline


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


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("TORVIK, Nov. 14 (Harbour News) -- A ferry sank.", "TORVIK, Nov. 14 (Harbour News) -- "),
        ("Rio de Lund, Dec 3 (Wire) - Boats sank.", "Rio de Lund, Dec 3 (Wire) - "),
        ("TORVIK - a ferry sank.", "TORVIK - "),
        ("TORVIK (Wire) - iFerry said so.", "TORVIK (Wire) - "),
        ("Torvik, Dec 3 (AFP) - iFerry said so.", "Torvik, Dec 3 (AFP) - "),
        ("Ida Lund (Greens) - a former baker - runs the mill.", ""),
        ("Torvik - Ferries sank.", "Torvik - "),
        ("Ida Lund - a former baker - runs the mill.", ""),
        ("The Harbour Bank - Norland's oldest - has closed.", ""),
        ("In the storm 4 - 6 boats sank.", ""),
        ("Nobody came.", ""),
    ],
)
def test_a_dateline_has_names_alone_and_a_sentence_begins_behind_it(text: str, dateline: str) -> None:
    assert text[: length_of_dateline(text)] == dateline
