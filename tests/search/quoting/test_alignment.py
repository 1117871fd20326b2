import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.article import Span
from search.quoting.alignment import SHORTEST_PIECE, CitationStatus, SharedWords, stands_whole, verify_quote
from search.quoting.folding import fold

BODY = (
    "LISBON, 3 May - The harbour handled more sardines than ever, Rui Alves said on Friday.\n\n"
    "“We can’t complain — the fleet is small,” he told reporters at the quay. The mayor was unable to attend.\n\n"
    "Landings grew by 5.3 percent to 1,200 tonnes. The union will not strike before June."
)
BODIES = st.text(
    st.one_of(st.sampled_from(" \n.,-'\"“”‘’—…éaab12½ﬁ"), st.characters(exclude_categories=["Cs", "Cc"])),
    min_size=1,
).map(lambda text: unicodedata.normalize("NFC", text))
CHANGES = {
    " ": [" ", "  ", "\n", "\u00a0", "\t \n"],
    "'": ["'", "’", "‘"],
    "’": ["'", "’", "`"],
    "“": ["“", '"', "„", "«"],
    "”": ["”", '"', "»"],
    "—": ["—", "-", "--", " – "],
    "-": ["-", "‐", "–"],
    "…": ["…", "...", ". . ."],
    "é": ["é", "e\u0301"],
}


def slices(body: str) -> st.SearchStrategy[Span]:
    return st.integers(0, len(body) - 1).flatmap(
        lambda start: st.integers(start + 1, len(body)).map(lambda end: Span(start, end))
    )


@given(BODIES, st.data())
def test_any_slice_is_exact_at_its_offsets(body: str, data: st.DataObject) -> None:
    span = data.draw(slices(body))
    quote = span.of(body)
    assume(quote.strip())
    verdict = verify_quote(body, quote, span)
    assert (verdict.status, verdict.span, verdict.moved) == (CitationStatus.EXACT, span, False)


CUTS = [place for place in range(len(BODY) + 1) if stands_whole(BODY, place, place)]
STARTS = [place for place in CUTS if BODY[place : place + 1].isalnum()]
ENDS = [place for place in CUTS if not BODY[place - 1 : place].isspace()]


@given(st.sampled_from(STARTS), st.data())
def test_a_slice_that_was_set_differently_is_found_where_it_stands(start: int, data: st.DataObject) -> None:
    span = Span(start, data.draw(st.sampled_from([end for end in ENDS if end > start])))
    quote = span.of(BODY)
    changed = "".join(data.draw(st.sampled_from(CHANGES.get(character, [character]))) for character in quote)
    with_offsets = verify_quote(BODY, changed, span)
    assert with_offsets.status.verified
    assert with_offsets.span == span
    without = verify_quote(BODY, changed)
    assert without.status.verified
    assert without.span
    assert fold(without.span.of(BODY)).text == fold(quote).text
    if BODY.count(quote) == 1 and fold(BODY).text.count(fold(quote).text) == 1:
        assert without.span == span


@given(BODIES, st.text(min_size=1).filter(str.strip))
def test_whatever_is_found_is_in_the_body(body: str, quote: str) -> None:
    verdict = verify_quote(body, quote)
    if verdict.status is CitationStatus.EXACT:
        assert verdict.span
        assert verdict.span.of(body) == quote
    for span in (verdict.span, verdict.closest, *verdict.pieces):
        assert span is None or span.of(body)
    assert (verdict.span is None) == (verdict.status is CitationStatus.ABSENT)


@pytest.mark.parametrize(
    ("quote", "status", "found"),
    [
        ("the fleet is small", "exact", "the fleet is small"),
        ("“We can't complain--the fleet is small”", "stitched", None),
        ('"We can\'t complain--the fleet is small,"', "normalised", "“We can’t complain — the fleet is small,”"),
        ("the  fleet\nis small", "normalised", "the fleet is small"),
        ("the fleet is small,", "exact", "the fleet is small,"),
        ("he told reporters.", "normalised", "he told reporters"),
        ("…handled more sardines than ever…", "normalised", "handled more sardines than ever"),
        ("[…] handled more sardines [...]", "normalised", "handled more sardines"),
        ("The harbour handled more sardines … he told reporters", "stitched", None),
        ("The harbour handled [in a year] more sardines than ever", "stitched", None),
        ("[h]andled more sardines than ever", "stitched", "handled more sardines than ever"),
        ("the harbour handled more sardines than ever", "stitched", "The harbour handled more sardines than ever"),
        ("The harbour handled more herring than ever", "absent", None),
        ("able to attend", "absent", None),
        ("Landings grew by 5", "absent", None),
        ("3 percent to 1,200 tonnes", "absent", None),
        ("grew by 5.3 percent to 1", "absent", None),
        ("We can", "absent", None),
        ("The union will strike before June", "stitched", None),
        ("!!!", "absent", None),
        ("\u00ad", "absent", None),
        ("\u200b\ufeff", "absent", None),
    ],
)
def test_a_quote_is_as_faithful_as_its_words(quote: str, status: str, found: str | None) -> None:
    verdict = verify_quote(BODY, quote)
    assert verdict.status == status
    assert verdict.reason.endswith(".")
    if found is not None:
        assert verdict.span
        assert verdict.span.of(BODY) == found
    assert bool(verdict.pieces) == (status == "stitched")


@pytest.mark.parametrize(
    ("body", "quote", "stands"),
    [
        ("The ferry was non-compliant with the rules.", "compliant with the rules", False),
        ("The ferry was non-compliant with the rules.", "The ferry was non", False),
        ("The ferry was non-compliant with the rules.", "non-compliant with the rules", True),
        ("It fell to -15 degrees at night.", "15 degrees at night", False),
        ("It fell to -15 degrees at night.", "-15 degrees at night", True),
        ("It left at 10:30 in the morning.", "30 in the morning", False),
        ("PORTO - The ferry sank - all of it.", "The ferry sank", True),
    ],
)
def test_no_part_of_a_compound_or_a_time_stands(body: str, quote: str, stands: bool) -> None:  # noqa: FBT001
    assert verify_quote(body, quote).status.verified is stands
    assert verify_quote(body, quote.replace(" ", "  ")).status.verified is stands


def test_the_pieces_of_a_stitched_quote_are_told() -> None:
    verdict = verify_quote(BODY, "The harbour handled more sardines [...] will not strike before June")
    assert [piece.of(BODY) for piece in verdict.pieces] == [
        "The harbour handled more sardines",
        "will not strike before June",
    ]
    assert verdict.span == Span(verdict.pieces[0].start, verdict.pieces[-1].end)
    assert "2 pieces" in verdict.reason


def test_the_closest_to_an_altered_quote_is_told() -> None:
    verdict = verify_quote(BODY, "The harbour handled fewer sardines than ever, Rui Alves said")
    assert verdict.closest
    assert verdict.closest.of(BODY) == "The harbour handled more sardines than ever, Rui Alves said"
    assert verdict.shared == 6


def test_a_quote_at_other_offsets_has_moved() -> None:
    start = BODY.index("the fleet")
    verdict = verify_quote(BODY, "the fleet is small", Span(0, 18))
    assert (verdict.status, verdict.span, verdict.moved) == (CitationStatus.EXACT, Span(start, start + 18), True)
    assert "[0:18]" in verdict.reason
    beyond = verify_quote(BODY, "the  fleet is small", Span(10**6, 10**6 + 19))
    assert (beyond.status, beyond.span, beyond.moved) == (
        CitationStatus.NORMALISED,
        Span(start, start + 18),
        True,
    )


def test_of_several_places_the_closest_is_taken() -> None:
    body = "It rained. It snowed. It rained. It froze. It rained."
    assert verify_quote(body, "It rained.").span == Span(0, 10)
    assert verify_quote(body, "It rained.", Span(24, 34)).span == Span(22, 32)


def test_an_empty_quote_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        verify_quote(BODY, " \n")


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        (" x" + " " * 10_000 + "y", " " * 9_999 + "z"),
        ("a" * 300_000, "a" * 10_000),
        ("a " * 150_000, "a b " * 2_500),
        ("a " * 150_000, "A " * 4_999 + "a"),
        ("x " * 100, "[" * 10_000),
        (". ." * 50_000, ". ." * 3_000 + "y"),
        ("e" + "\u0301" * 50_000, "e" + "\u0301" * 9_000 + "x"),
    ],
    ids=["spaces", "letters", "words", "changed words", "brackets", "dots", "accents"],
)
def test_nothing_hangs(body: str, quote: str) -> None:
    began = time.process_time()
    assert not verify_quote(body, quote).status.verified
    assert time.process_time() - began < 20


WORDS = st.lists(st.sampled_from("abc"), max_size=12)


def can_be_cut(quote: list[str], text: list[str]) -> bool:
    """Try every first piece at its first place, and the rest after it."""
    if not quote:
        return True
    for length in range(SHORTEST_PIECE, len(quote) + 1):
        for place in range(len(text) - length + 1):
            if text[place : place + length] == quote[:length]:
                if can_be_cut(quote[length:], text[place + length :]):
                    return True
                break
    return False


@given(WORDS.filter(bool), WORDS)
def test_a_quote_is_cut_when_it_can_be(quote: list[str], text: list[str]) -> None:
    pieces = SharedWords(quote, text).pieces()
    assert bool(pieces) == can_be_cut(quote, text)
    assert [word for piece in pieces for word in quote[piece.quote_word :][: piece.length]] == (
        quote if pieces else []
    )
    for piece in pieces:
        assert piece.length >= SHORTEST_PIECE
        said = quote[piece.quote_word : piece.quote_word + piece.length]
        assert text[piece.text_word : piece.text_word + piece.length] == said
    for first, second in pairwise(pieces):
        assert first.text_word + first.length <= second.text_word


@given(WORDS.filter(bool), WORDS)
def test_the_longest_run_is_the_longest(quote: list[str], text: list[str]) -> None:
    lengths = [
        length
        for length in range(SHORTEST_PIECE, len(quote) + 1)
        for start in range(len(quote) - length + 1)
        if any(text[place : place + length] == quote[start : start + length] for place in range(len(text)))
    ]
    longest = SharedWords(quote, text).longest()
    assert (longest.length if longest else 0) == max(lengths, default=0)
    if longest:
        said = quote[longest.quote_word : longest.quote_word + longest.length]
        assert text[longest.text_word : longest.text_word + longest.length] == said


def test_pieces_stand_as_close_together_as_they_can() -> None:
    text = "a b c x a b c y d e f".split()
    assert [piece.text_word for piece in SharedWords(list("abcdef"), text).pieces()] == [4, 8]
