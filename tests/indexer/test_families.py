import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from indexer.families import buckets, either_derives, likeness, minhash, signature
from tests.fakes import make_article


def flowed(text: str) -> str:
    """The paragraphs of a text that was broken into lines."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


STORY = flowed("""
    BERGEN, May 2 - The council of Bergen voted on Thursday to rebuild the old fish quay, which a storm tore apart
    in January, and set aside 46 million crowns for the work.

    Work begins in September and lasts two years, the mayor, Kari Lund, told reporters after a debate of four
    hours. Fishermen had asked for a longer pier; they will have to wait.

    "We cannot build everything at once," Lund said. "The quay comes first, the pier will follow when there is
    money."

    The storm sank eleven boats and damaged 70 houses. Insurers have paid 130 million crowns so far, and expect to
    pay half as much again before the claims are settled.

    Bergen was the largest fish market of the North for five hundred years. The quay that the storm took was built
    in 1903, after a fire.
""")
PARAGRAPHS = STORY.split("\n\n")
SHORTENED = "\n\n".join(PARAGRAPHS[:2])
REPORT_OF_ANOTHER = flowed("""
    Bergen will spend 46 million crowns on a new fish quay in place of the one that a January storm destroyed.

    A majority of the city council decided so on Thursday. The mayor, Kari Lund, said that construction would
    start in September. It is to take two years.

    The fishermen's wish for a pier was put off.
""")
RATES = flowed("""
    The central bank set the reference rate of the crown at {} to the euro on {}, {} ore {} than the day before,
    it said in a statement. One dollar costs {} crowns, one pound {}. The bank sets the rate at noon from the
    quotations of six large banks; the highest and the lowest are left out.
""")
WARNING = flowed("""
    The water board warned of high water on the {} and its tributaries. People near {}, {} and {} should bring
    cattle to higher ground and keep away from the banks until the warning is lifted, the board said, adding that
    the rain would go on through the night and the dykes were being watched by volunteers.
""")
MEETING = flowed("""
    In {}, the {} met on {} to hear the report of its treasurer, who spoke for an hour about roads, schools and the
    cost of heating, and was asked {} questions by members.
""")


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(STORY, id="word for word"),
        pytest.param(STORY.upper(), id="in capitals"),
        pytest.param(SHORTENED, id="shortened from the end"),
        pytest.param(PARAGRAPHS[0], id="one paragraph of it"),
        pytest.param(STORY.replace("BERGEN, May 2 - ", ""), id="without its dateline"),
        pytest.param(STORY + "\n\nThe opposition voted against. It wants a vote of the people.", id="with more"),
        pytest.param(STORY.replace("eleven boats", "twelve boats"), id="one number put right"),
        pytest.param("\n\n".join((PARAGRAPHS[0], *PARAGRAPHS[2:])), id="without a paragraph"),
        pytest.param(STORY.replace("46 million", "46.0 million").replace("two years", "2 years"), id="figures"),
    ],
)
def test_a_copy_is_of_the_family_and_is_found(copy: str) -> None:
    assert either_derives(STORY, copy)
    assert either_derives(copy, STORY)
    assert set(buckets(STORY)) & set(buckets(copy))


def test_a_copy_that_an_editor_shortened_and_added_to_is_of_the_family() -> None:
    added = MEETING.format("Oslo", "parliament", "Tuesday", 14)
    copy = "\n\n".join((*PARAGRAPHS[:2], added))
    assert either_derives(STORY, copy)
    assert set(buckets(STORY)) & set(buckets(copy))
    other = copy.replace("46 million", "64 million").replace("Thursday", "Friday")
    assert not either_derives(STORY, other), "its opening says something else"


def test_two_reports_of_one_event_are_two_families() -> None:
    assert not either_derives(STORY, REPORT_OF_ANOTHER)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            RATES.format("11.42", "Monday", 3, "more", "10.61", "13.32"),
            RATES.format("11.37", "Tuesday", 5, "less", "10.58", "13.27"),
        ),
        (
            RATES.format("11.42", "Monday", 3, "more", "10.61", "13.32"),
            RATES.format("11.51", "Monday", 9, "more", "10.72", "13.40"),
        ),
    ],
)
def test_one_text_with_other_figures_is_another_report(first: str, second: str) -> None:
    assert not either_derives(first, second)
    assert either_derives(first, first)


def test_one_text_with_other_names_is_another_report() -> None:
    first = WARNING.format("Elbe", "Dresden", "Meissen", "Pirna")
    assert either_derives(first, first)
    assert not either_derives(first, WARNING.format("Oder", "Frankfurt", "Lebus", "Wriezen"))


def test_a_round_up_is_no_copy_of_the_reports_within_it() -> None:
    others = [
        MEETING.format("Oslo", "parliament", "Monday", 14),
        MEETING.format("Lisbon", "senate", "Tuesday", 8),
        MEETING.format("Turin", "council", "Friday", 31),
    ]
    round_up = "\n\n".join((*others, SHORTENED))
    assert not either_derives(PARAGRAPHS[0], round_up)
    assert either_derives(PARAGRAPHS[0], "\n\n".join((SHORTENED, *others)))


@pytest.mark.parametrize("text", ["Rain.", "Rain fell on the coast again.", "???", "東京"])
def test_a_text_too_short_to_tell_is_alone(text: str) -> None:
    assert signature(text) == ([], [])
    assert buckets(text) == ()
    assert not either_derives(text, text)


def test_a_script_without_spaces_is_compared_as_well() -> None:
    text = "東京都は木曜日、新しい魚市場の建設計画を承認し、九月に着工すると発表した。"
    assert either_derives(text, text + "工事は二年かかる。")


def test_signatures_are_the_same_in_another_process() -> None:
    program = "import json, sys; from indexer.families import *; print(json.dumps(buckets(json.load(sys.stdin))))"
    ran = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(STORY), capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == list(buckets(STORY))
    assert [len(values) for values in signature(STORY)] == [128, 128]
    assert signature(STORY)[0][:3] == [9_921_457, 64_692_194, 8_688_473]


def test_texts_of_one_digest_compare_alike() -> None:
    article = make_article("a", STORY)
    assert likeness(article).digest == likeness(replace(article, id="b", headline="x")).digest
    assert likeness(article).digest != likeness(make_article("a", STORY.lower())).digest
    assert likeness(article).same(SHORTENED)


def test_texts_too_short_to_tell_share_no_digest() -> None:
    one, other = make_article("a", "Read more."), make_article("b", "Read more.")
    assert likeness(one).digest != likeness(other).digest
    assert likeness(one).digest == likeness(replace(one, headline="x")).digest


WORDS = st.lists(
    st.sampled_from("the quay of Bergen fell on Monday and 46 men 7 women saw it".split()), max_size=60
)


@given(WORDS, WORDS)
def test_being_of_one_family_is_mutual(first: list[str], second: list[str]) -> None:
    one, other = " ".join(first), " ".join(second)
    assert either_derives(one, other) == either_derives(other, one)
    assert either_derives(one, one) == bool(buckets(one))


@given(st.sets(st.binary(max_size=40), max_size=60), st.integers(0, 3_000))
def test_a_signature_is_that_of_datasketch(parts: set[bytes], seed: int) -> None:
    other = MinHash(num_perm=128, seed=seed, scheme="affine32")
    other.update_batch(list(parts))
    found = minhash(parts, 128, seed)
    assert found.dtype == np.uint32
    assert found.tolist() == other.hashvalues.tolist()


def test_signatures_agree_in_about_the_share_that_two_sets_have_in_common() -> None:
    one, other = ([str(number).encode() for number in range(begin, begin + 300)] for begin in (0, 100))
    agreeing = minhash(one, 1_024, 7) == minhash(other, 1_024, 7)
    assert agreeing.mean() == pytest.approx(0.5, abs=0.06)
