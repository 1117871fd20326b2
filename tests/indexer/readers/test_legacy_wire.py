from collections.abc import Callable

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
