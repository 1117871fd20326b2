import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.english.headlines import opening_of, part_headline


@pytest.mark.parametrize(
    ("line", "headline", "label"),
    [
        ("URGENT: Ferry sinks off Torn", "Ferry sinks off Torn", "URGENT"),
        ("URGENT  Ferry sinks off Torn", "Ferry sinks off Torn", "URGENT"),
        ("URGENTFerry sinks off Torn", "Ferry sinks off Torn", "URGENT"),
        ("3rd Ld-Writethru: Ferry sinks off Torn", "Ferry sinks off Torn", "3rd Ld-Writethru"),
        ("2ND LEAD Ferry sinks off Torn", "Ferry sinks off Torn", "2ND LEAD"),
        ("Recast: Ferry sinks off Torn", "Ferry sinks off Torn", "Recast"),
        ("UPDATE 2-Ferry firm cuts prices", "Ferry firm cuts prices", "UPDATE 2"),
        ("REFILE-URGENT: Ferry sinks off Torn", "Ferry sinks off Torn", "REFILE, URGENT"),
        ("Ferry sinks off Torn (picture)", "Ferry sinks off Torn", "picture"),
        ("Ferry sinks off Torn (new series) by Ada Roe", "Ferry sinks off Torn", "new series) by Ada Roe"),
    ],
)
def test_labels_stand_apart_from_the_headline(line: str, headline: str, label: str) -> None:
    parted = part_headline(line)
    assert (parted.text, parted.label) == (headline, label)


@pytest.mark.parametrize(
    "line",
    [
        "=(GRAPHIC+PICTURE)=",
        "= (PHOTOS) =",
        "ATTENTION - RECASTS with new toll ///",
        "ATTENTION - ADDS photos",
        "comments ///",
        "///",
        "Herewith a corrected repetition ///",
        "by Ada Roe",
        "By Ada Roe and Bo de Lind",
        "by our correspondents",
        "drought",
        "with neighbours",
        "Torn/ferry/",
        "URGENT",
        "1ST LEAD",
        "REFILE, 2ND LD",
        "this is a test",
        "",
    ],
)
def test_what_is_no_headline_leaves_none(line: str) -> None:
    parted = part_headline(line)
    assert parted.text == ""
    assert parted.label == (line or None)


@pytest.mark.parametrize(
    "line",
    [
        "Attention: wolves in the suburbs",
        "Extra trains for the holidays",
        "Urgent care centre opens in Torn",
        "Update on the harbour works",
        "Flash floods hit Torn",
        "FLASH FLOODS HIT TORN",
        "Photographs of a lost world",
        "Leaders meet in Torn",
        "Lead pipes found in schools",
        "By the lake, a town waits",
        "Von der Heide wins in Torn",
        "iPad sales fall again",
        "van Dorp wins stage",
        "Repeat sale of the old mill",
        "Correction officers strike",
        "a very long line in small letters that some paper prints",
        "Bulletin board vanishes",
        "Kim: no talks",
    ],
)
def test_headlines_with_such_words_stay_whole(line: str) -> None:
    parted = part_headline(line)
    assert (parted.text, parted.label) == (line, None)


def test_a_byline_in_the_place_of_the_headline_names_the_writer() -> None:
    assert part_headline("by Ada Roe").byline == "Ada Roe"
    assert part_headline("Ferry sinks").byline is None


@given(st.text(max_size=200))
def test_any_line_is_parted_once_and_for_all(line: str) -> None:
    parted = part_headline(line)
    assert part_headline(parted.text).text == parted.text
    assert parted.text in " ".join(line.split())


def test_the_first_sentence_stands_in_for_display() -> None:
    body = "TORN, May 4 (CW) - The ferry sank. Nobody was hurt.\n\nMore."
    assert opening_of(body) == "TORN, May 4 (CW) - The ferry sank."
    assert opening_of("a" * 10 + " " + "b" * 200, 40).endswith("…")
