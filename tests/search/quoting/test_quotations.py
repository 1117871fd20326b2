import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.quoting.citation_id import citation_id
from search.quoting.quotations import count_words, read_quotations
from search.quoting.verification import Claim

WORDS = "the harbour handled more sardines"
ID = citation_id("a/b", 0, 4, "Gone")


@pytest.mark.parametrize(
    "text",
    [
        f'He said "{WORDS}" there.',
        f"He said “{WORDS}” there.",
        f"Er sagte „{WORDS}“ da.",
        f"Er sagte „{WORDS}” da.",
        f"Il a dit «{WORDS}» là.",
        f"Il a dit « {WORDS} » là.",
        f"Il a dit «\u202f{WORDS}\u202f» là.",
        f"Er sagte »{WORDS}« da.",
        f"He said '{WORDS}' there, in the '90s, of the boys' team.",
        f"They said:\n\n> {WORDS}\n> -- the harbour master",
        f"They said:\n\n> {WORDS}\n\nand left.",
        f"He said ‘{WORDS}’ there.",
        f"He said ``{WORDS}'' there.",
        f"Il a dit «\u00a0{WORDS}\u00a0», là.",
        f"Il a dit «\u202f{WORDS}\u202f» : « non ».",
        f"Er sagte ›{WORDS}‹ da.",
        f"Il a dit ‹{WORDS}› là.",
        f"Er sagte ‚{WORDS}‘ da.",
        f"He said '{WORDS}' there.",
        f"('{WORDS}')",
        f"'{WORDS}'",
        f"It's the boys' club's '{WORDS}' of the '90s rock 'n' roll, isn't it.",
        f"The class of '24 said '{WORDS}' of 'em all.",
        f"The class of ’24 said ‘{WORDS}’ of the boys’ club’s ’90s.",
        f"‘{WORDS}’ said the boys’ team",
        f'("{WORDS}")',
        f"> He said “{WORDS}” there.",
        f"> {WORDS}",
        f"He said:\n\n> *{WORDS}*\n>\n> — A. Reporter, in the Gazette of Lisbon\n\nSo it is.",
        f"  >{WORDS}\r\n",
        f"> > {WORDS}\n\n> Not so.",
        f'A 6" plank. He said “{WORDS}” of the boys\' team\'s "so-called" plank.',
    ],
)
def test_what_stands_in_quotation_marks_is_a_claim(text: str) -> None:
    read = read_quotations(text)
    assert [located.claim for located in read.claims] == [Claim(WORDS)]
    assert read.refused == ()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "No quotes at all.",
            'The "so-called reform" failed.',
            "It's the boys' and girls' club's.",
            '""',
            '" "',
        ),
        *("« »", "'", "' '", "‘’", "> Not so.", ">", "5 > 3 holds for all the numbers here."),
        "'Tis the season of the boys' and girls' clubs' games.",
        "In the '90s rock 'n' roll was the boys' and girls' and nobody's.",
        "He gave ’em the dogs’ and the cats’ and the horses’ food.",
    ],
)
def test_what_is_no_quotation_is_no_claim(text: str) -> None:
    read = read_quotations(text)
    assert read.claims == read.refused == ()
    assert read.unchecked_words == count_words(text)


@pytest.mark.parametrize(
    ("reference", "claim"),
    [
        ("[3:9] of desk/a.", Claim(WORDS, "desk/a", start=3, end=9)),
        ("([3:9] of desk/a), he said", Claim(WORDS, "desk/a", start=3, end=9)),
        ("[3:9] of my desk/a b, score 9.61", Claim(WORDS, "my desk/a b", start=3, end=9)),
        (f"[{ID}]", Claim(WORDS, citation_id=ID)),
        (f"({ID}), he said", Claim(WORDS, citation_id=ID)),
        (f"[source](https://news.example/v1/citations/{ID})", Claim(WORDS, citation_id=ID)),
        ("[3:9]", Claim(WORDS)),
        ("[1.0]", Claim(WORDS)),
        ("[3:9] of  ", Claim(WORDS)),
    ],
)
def test_a_reference_belongs_to_the_quotation_before_it(reference: str, claim: Claim) -> None:
    read = read_quotations(f'[1:2] of other, first: "{WORDS}" {reference}\n\nThen “{WORDS}”.')
    assert [located.claim for located in read.claims] == [claim, Claim(WORDS)]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("‘The boys’ team can’t lose’, he said.", "The boys’ team can’t lose"),
        ("'The boys' team can't lose', he said.", "The boys' team can't lose"),
        ("‘We will beat the rivals’ he told the boys’.", "We will beat the rivals"),
        ("'It is good old rock 'n' roll', he said.", "It is good old rock 'n' roll"),
        ("'He said \"no\" to all of it', she told us.", 'He said "no" to all of it'),
        ("He said “it is the 'best' of them”.", "it is the 'best' of them"),
        ('> The "so-called" reform has failed again.', 'The "so-called" reform has failed again.'),
    ],
)
def test_an_apostrophe_closes_nothing(text: str, quote: str) -> None:
    read = read_quotations(text)
    assert [located.claim.quote for located in read.claims] == [quote]
    assert read.refused == ()


@pytest.mark.parametrize(
    ("reference", "claim"),
    [
        (f"[{ID}]", Claim(WORDS, citation_id=ID)),
        ("\n> [3:9] of desk/a", Claim(WORDS, "desk/a", start=3, end=9)),
        (f"\n>\n> — Gazette ({ID})", Claim(WORDS, citation_id=ID)),
        ("\n\n[3:9] of desk/a", Claim(WORDS, "desk/a", start=3, end=9)),
        (f"[source](https://news.example/v1/citations/{ID})", Claim(WORDS, citation_id=ID)),
    ],
)
def test_a_block_quote_is_a_claim_up_to_its_reference(reference: str, claim: Claim) -> None:
    read = read_quotations(f"He said:\n\n> {WORDS} {reference}\n\nThen no more.")
    assert [(located.where, located.claim) for located in read.claims] == [("line 3", claim)]


def test_each_paragraph_of_a_block_quote_is_a_claim() -> None:
    read = read_quotations(f"> {WORDS}\n> than ever\n>\n> Not so.\n>\n> {WORDS}, again\nHe said so.")
    assert [(located.where, located.claim.quote.split()) for located in read.claims if located.claim.quote] == [
        ("line 1", [*WORDS.split(), "than", "ever"]),
        ("line 6", f"{WORDS}, again".split()),
    ]
    assert read.unchecked_words == 5


def test_the_reference_of_a_terminal_stands_some_lines_below() -> None:
    text = (
        f'1. "{WORDS}"\n   Sardines return\n   Gazette, 2024  https://a.example\n   [3:9] of desk/a, score 9.61\n'
    )
    assert read_quotations(text).claims[0].claim == Claim(WORDS, "desk/a", start=3, end=9)


def test_places_are_lines() -> None:
    read = read_quotations(f'One.\n\nTwo "{WORDS}"\nand\n“{WORDS}\n\n“and so on” “never closed.')
    assert [located.where for located in read.claims] == ["line 3", "line 5"]
    assert [(refused.where, "not closed" in refused.reason) for refused in read.refused] == [("line 7", True)]


def test_a_quotation_over_lines_of_a_block_quote_is_one() -> None:
    read = read_quotations("> He said “the harbour handled\n> more sardines”.\n")
    assert read.claims[0].claim.quote
    assert read.claims[0].claim.quote.split() == WORDS.split()


def test_words_outside_are_counted() -> None:
    assert read_quotations(f'Yesterday he said: "{WORDS}" [3:9] of a. So it is.').unchecked_words == 6


@given(st.text(st.sampled_from("\"“”„«»‹›‚‘’`' abs\n[]()>.:12-—*")))
def test_any_text_can_be_read(text: str) -> None:
    for located in read_quotations(text).claims:
        assert located.claim.quote
        assert located.where.startswith("line ")


@pytest.mark.parametrize(
    "text",
    [
        "“" * 300_000,
        '"' * 300_000,
        '"a ' * 100_000,
        "“a\n\n" * 50_000,
        ">" * 300_000,
        " " * 300_000,
        '"a b c d" ' + "[a" * 200_000,
        " 'a" * 100_000,
        " ‘as’ bs" * 50_000,
        "'a" + " bs' bs" * 50_000,
        "« " * 150_000,
        "> a b c d [a](b" * 30_000,
        "> a b c d\n\n" * 30_000,
        "> a\n> — b c d e\n" * 30_000,
    ],
    ids=[
        *("opened", "straight", "unclosed", "paragraphs", "block quotes", "spaces", "brackets"),
        *("apostrophes", "single", "possessives", "guillemets", "links", "blocks", "dashes"),
    ],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    read_quotations(text)
    assert time.process_time() - began < 10
