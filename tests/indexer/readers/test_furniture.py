import pytest

from indexer.readers.furniture import (
    byline_of,
    date_parts,
    is_count,
    is_label,
    is_notice,
    is_pointer,
    without_sign_off,
)


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


@pytest.mark.parametrize(
    "paragraph",
    [
        "Your subscription is active on another device, and The Gazette can be read on one device at a time.",
        "If you do not know who has logged in to your account, please change your password.",
        "Sign up for our morning newsletter.",
        "We use cookies to improve your visit; you can change your consent in the privacy settings.",
        "Already a subscriber? Log in here.",
        "Support our journalism with a monthly contribution.",
        "Abonnieren Sie unseren Newsletter und lesen Sie jeden Morgen das Wichtigste.",
        "Article continues below",
        "© 2024 The Gazette. All rights reserved.",
        "Reporting by Ada Roe; Editing by Bo Lind",
        "Your email address will not be published. Required fields are marked *",
        "You are receiving this email because you signed up on our website.",
        "Click here to read the full story",
    ],
)
def test_what_a_publisher_tells_its_readers_is_a_notice(paragraph: str) -> None:
    assert is_notice(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "The newspaper had 40,000 subscribers at the end of the year.",
        '"You can read our paper on every device," the publisher said.',
        "The ministry said that everybody who has an account must change the password.",
        "We stayed on the bridge until midnight.",
        "You could hear the ferry from the hill.",
        "The court ruled that cookies need consent.",
        "Get ready for snow, the office warned.",
        "No.",
        "The members of the club elected their new chair in Torn.",
        "Visitors sign in at the gate and leave their devices there.",
    ],
)
def test_what_is_reported_is_no_notice(paragraph: str) -> None:
    assert not is_notice(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Read also: Ferry back to sea",
        "RELATED",
        "Read more",
        "Lesen Sie auch: Die Fähre fährt wieder",
        "Also read | Ferry back",
        "Watch: the ferry sails",
    ],
)
def test_a_line_that_points_elsewhere_is_a_pointer(paragraph: str) -> None:
    assert is_pointer(paragraph)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Read by millions, the novel was banned in Torn.",
        "Watch makers meet in Lesk.",
        "Related firms were searched, too.",
        "Listen to the sea, he said.",
        "See also how it ended.",
    ],
)
def test_a_sentence_that_begins_like_a_pointer_is_none(paragraph: str) -> None:
    assert not is_pointer(paragraph)
