from collections.abc import Callable

import pytest

from search.article import Article, Notice, NoticeKind

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]

ANPA = (
    "\x16\x16\x01W1234\x1f_asian\r\nr a\x13\x11 BC-Ferries   05-02 0500\r\n"
    "\x02^BC-Ferries, 1st Ld-Writethru,466<\r\n"
    "^Ferries return<\r\n^AP Photo XX101<\r\n^Eds: With AP Photos.<\r\n^By JANE DOE=\r\n^Associated Press=\r\n"
    "\t   OSLO, Norway (AP) _ ``Ships sailed,'' the\r\nmayor said.\r\n \r\n\t   It rained.\r\n\r\n"
    "\t   ^AP-WF-05-02-24 0830GMT<\r\n\r\n\x0c\r\n\x04"
).replace("^AP-WF", "\x03AP-WF")
IPTC = (
    "\x01abc062 4 i 211 ccccb   dpa 061\r\n\r\nNorway-ferries/\r\n"
    "\x021ST LEAD\r\nFerries return\r\nBy Jane Doe, dpa =\r\n\r\n"
    "   Oslo (dpa) - Ships sailed\r\nagain.\r\n\r\nIt rained.\r\n\r\n"
    "# Notebook\r\n\r\n## Contacts\r\n- Tel: 1\r\n\r\n\x03020830 GMT Mai 24\r\n\x04"
)


def test_anpa_1312_is_read(read_one: ReadOne) -> None:
    article = read_one("a.tst", ANPA)
    assert (article.headline, article.byline, article.dateline, article.source) == (
        "Ferries return", "JANE DOE", "OSLO, Norway", "Associated Press",
    )  # fmt: skip
    assert article.body == "OSLO, Norway (AP) — “Ships sailed,” the mayor said.\n\nIt rained."
    assert article.published
    assert article.published.isoformat() == "2024-05-02T08:30+00:00"


def test_a_note_to_editors_tells_that_a_text_corrects(read_one: ReadOne) -> None:
    article = read_one("a.tst", ANPA.replace("With AP Photos.", "UPDATES throughout; CORRECTS name of mayor."))
    assert article.notice == Notice(NoticeKind.CORRECTION, "Eds: UPDATES throughout; CORRECTS name of mayor.")


def test_an_anpa_table_is_turned_away(refusal: Refusal) -> None:
    assert refusal("a.tst", ANPA.replace("\x13\x11", "\x14\x12")) == "no prose: a table, as its header says."


def test_iptc_7901_is_read(read_one: ReadOne) -> None:
    article = read_one("a.txt", IPTC)
    assert (article.headline, article.byline, article.dateline, article.source) == (
        "Ferries return",
        "Jane Doe, dpa",
        "Oslo",
        "dpa",
    )
    assert article.body == "Oslo (dpa) - Ships sailed again.\n\nIt rained."
    assert article.published
    assert article.published.isoformat() == "2024-05-02T08:30+00:00"


def test_a_message_without_a_text_is_turned_away(refusal: Refusal) -> None:
    assert "head only" in refusal("a.txt", "\x01abc062 4 i 211 dpa 061\r\n\x02Ferries return\r\n\x03")


def wire(
    head: str,
    trailer: str = "041015 GMT Mar 24",
    body: str = "Torn (cw) - The ferry sails again,\r\nthe master of the harbour said.\r\n\r\nNobody was hurt.",
) -> bytes:
    return f"\x01abc0003 3 i 380  cw 0045\r\n\r\nTorn/ferry/\r\n\x02{head}\r\n\r\n{body}\r\n\r\ncw ar bl\r\n\x03{trailer}\n\x04".encode()  # noqa: E501


@pytest.mark.parametrize("labels", ["", "REFILE\n", "2ND LEAD\n", "EXTRA\n1ST LEAD\n", "URGENT\nCORRECTION\n"])
@pytest.mark.parametrize("byline", ["By Ada Roe =", "By our correspondents =", "By Ada Roe, The Gazette =", ""])
def test_labels_and_bylines_are_no_headline(read_one: ReadOne, labels: str, byline: str) -> None:
    article = read_one("a.txt", wire(f"{labels}Ferry between Torn and Lesk\nsails again after a fire\n{byline}"))
    assert article.headline == "Ferry between Torn and Lesk sails again after a fire"
    assert article.byline == (byline.removeprefix("By ").rstrip(" =") or None)
    assert article.label == (labels.strip().replace("\n", ", ") or None)


@pytest.mark.parametrize("kind", ["NEWS FEATURE", "1ST LEAD ROUNDUP", "FOCUS"])
def test_the_kind_of_a_text_in_capitals_above_the_headline_is_a_label(read_one: ReadOne, kind: str) -> None:
    article = read_one("a.txt", wire(f"{kind}\nFerry between Torn and Lesk\nsails again"))
    assert (article.headline, article.label) == ("Ferry between Torn and Lesk sails again", kind)


@pytest.mark.parametrize(
    "head", ["FERRY SAILS AGAIN\nAFTER A FIRE", "NATO\nFerry sails again", "FERRY SAILS AGAIN"]
)
def test_a_headline_in_capitals_stays_one(read_one: ReadOne, head: str) -> None:
    article = read_one("a.txt", wire(head))
    assert (article.headline, article.label) == (head.replace("\n", " "), None)


@pytest.mark.parametrize(
    ("trailer", "expected"),
    [
        ("041015 GMT Mar 24", "2024-03-04T10:15+00:00"),
        ("041015 Mar 24", "2024-03-04T10:15"),
        ("041015 GMT Mär 2024", "2024-03-04T10:15+00:00"),
        ("041015 CET Mar 24", "2024-03-04T10:15+01:00"),
        ("041015 XYZ Mar 24", "2024-03-04T10:15"),
        ("no time", None),
    ],
)
def test_a_trailer_states_its_time_as_far_as_it_does(
    read_one: ReadOne, trailer: str, expected: str | None
) -> None:
    published = read_one("a.txt", wire("Ferry sails", trailer)).published
    assert (published.isoformat() if published else None) == expected


def test_stray_marks_are_read_as_what_they_stand_for(read_one: ReadOne) -> None:
    content = wire(
        "Ferry sails", body="Torn (cw) - The ferry <endash> a new one <endash> sails <ldquo>again<rdquo>."
    ).replace(b"sails <l", b"sails\xa0 <l")
    assert read_one("a.txt", content).body == "Torn (cw) - The ferry – a new one – sails “again”."


@pytest.mark.parametrize(
    "headline",
    ["Extra time decides the cup", "Lead found in the water of Torn", "Urgent repairs of the quay begin"],
)
def test_a_headline_may_begin_like_a_label(read_one: ReadOne, headline: str) -> None:
    assert read_one("a.txt", wire(headline)).headline == headline
