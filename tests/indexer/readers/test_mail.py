from collections.abc import Callable
from email.message import EmailMessage

import pytest
from sample_documents import docx_of

from indexer.readers import Skipped
from indexer.readers.mail import is_mail
from search.article import Article, Withdrawal

Reading = Callable[..., list[Article | Skipped | Withdrawal]]
ReadOne = Callable[..., Article]
Refusal = Callable[..., str]

PROSE = "The ferry between Torn and Lesk sails again on Monday, the harbour master said.\n\nIt had lain at the quay for three weeks.\n"  # noqa: E501


def letter(text: str = PROSE, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    stated = {
        "Subject": "Fähre fährt wieder",
        "From": "Harbour of Torn <press@torn.example>",
        "To": "desk@gazette.example",
        "Date": "Mon, 4 Mar 2024 09:10:00 +0100 (CET)",
        "Message-ID": "<m1@torn.example>",
    } | headers
    for name, value in stated.items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    if html is not None:
        message.add_alternative(html, subtype="html", cte="base64")
    return message


def test_a_mail_is_read_without_its_envelope(read_one: ReadOne) -> None:
    article = read_one("a.eml", letter(html="<p>The ferry sails again.</p>").as_bytes())
    assert (article.id, article.headline, article.source) == (
        "m1@torn.example",
        "Fähre fährt wieder",
        "Harbour of Torn",
    )
    assert (
        article.body
        == "The ferry between Torn and Lesk sails again on Monday, the harbour master said.\n\nIt had lain at the quay for three weeks."  # noqa: E501
    )
    assert article.published
    assert article.published.isoformat() == "2024-03-04T09:10:00+01:00"
    assert article.published.found_in == "mail: Date"


def test_a_mail_whose_markup_says_more_is_read_from_it(read_one: ReadOne) -> None:
    html = f"<html><head><style>p {{ color: red }}</style></head><body>{''.join(f'<p>{line}</p>' for line in PROSE.split(chr(10)) if line)}<p>You are receiving this email because you signed up.</p></body></html>"  # noqa: E501
    article = read_one("a.eml", letter("View this email in your browser", html).as_bytes())
    assert article.body.startswith("The ferry between Torn and Lesk")
    assert article.body.count("\n\n") == 1


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8"])
def test_a_mail_is_decoded_as_it_declares(read_one: ReadOne, charset: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["MIME-Version"] = "Café", "a@b.example", "1.0"
    message.set_content(
        "Das Café in Torn öffnet wieder, sagte die Wirtin.",
        charset=charset,
        cte="8bit" if charset == "utf-8" else "quoted-printable",
    )
    assert read_one("a.eml", message.as_bytes()).body == "Das Café in Torn öffnet wieder, sagte die Wirtin."


def test_what_is_attached_is_read_as_a_file_of_its_own(read: Reading) -> None:
    message = letter()
    message.add_attachment(
        docx_of([("Title", "Bread"), ("Normal", "Bakers in Skern ask for more time.")]),
        maintype="application",
        subtype="vnd.x",
        filename="bread.docx",
    )
    message.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    message.add_attachment(
        letter(
            "Another letter says that the bridge is open.",
            **{"Message-ID": "<m2@torn.example>", "Subject": "Bridge"},
        )
    )
    mail, bread, inner, *rest = [one for one in read("a.eml", message.as_bytes()) if isinstance(one, Article)]
    assert (mail.headline, bread.headline, inner.headline, rest) == ("Fähre fährt wieder", "Bread", "Bridge", [])
    assert bread.origin.endswith("a.eml#bread.docx")
    assert "Bakers" not in mail.body


def test_a_mailbox_has_an_article_a_message(read: Reading) -> None:
    box = b"".join(
        b"From torn@x Mon Mar  4 09:10:00 2024\n"
        + letter(
            f"Ferry {number} sails.\n\n>From here it goes to Lesk.\n", **{"Message-ID": f"<{number}@x>"}
        ).as_bytes()
        + b"\n"
        for number in (1, 2, 3)
    )
    found = read("a.mbox", box)
    assert [one.id for one in found if isinstance(one, Article)] == ["1@x", "2@x", "3@x"]
    assert isinstance(found[0], Article)
    assert found[0].body == "Ferry 1 sails.\n\nFrom here it goes to Lesk."


def test_a_message_that_is_too_long_does_not_hide_the_others(read: Reading) -> None:
    box = b"".join(
        b"From a Mon\n" + letter(text * 200, **{"Message-ID": f"<{text[0]}@x>"}).as_bytes() + b"\n"
        for text in ("a ferry.\n", "b ferry sails to Lesk and Torn and back again every day.\n", "c ferry.\n")
    )
    found = read("a.mbox", box, max_record_bytes=6_000)
    assert [type(one) for one in found] == [Article, Skipped, Article]


def test_a_page_that_a_browser_saved_is_read_as_a_page(read_one: ReadOne) -> None:
    page = "<html><head><title>Ferry</title></head><body><article><h1>Ferry back</h1><p>The ferry sails again on Monday, the harbour master said in Torn.</p></article></body></html>"  # noqa: E501
    saved = f'From: <Saved by Blink>\r\nSnapshot-Content-Location: https://gazette.example/ferry\r\nSubject: Ferry\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n--b--\r\n'  # noqa: E501
    article = read_one("a.mht", saved)
    assert (article.headline, article.url) == ("Ferry back", "https://gazette.example/ferry")


def test_a_mail_without_a_text_says_so(refusal: Refusal) -> None:
    assert "no text" in refusal("a.eml", letter("https://torn.example/a\n").as_bytes())


@pytest.mark.parametrize(
    "text",
    [
        "Received: by x; Mon, 4 Mar 2024\nFrom: a@b\n\nText",
        "From a Mon Mar 4\nReturn-Path: <a@b>\nSubject: S\n\nText",
        "From: a@b.example\nTo: c@d.example\nSubject: S\nDate: Mon, 4 Mar 2024\n\nText",
        "Subject: a long\n one that is folded\nMessage-ID: <1>\n\nText",
    ],
)
def test_headers_make_a_mail(text: str) -> None:
    assert is_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        "Headline: Ferry\nDate: 2024-03-04\nFrom: Torn\n\nThe ferry sails.",
        "From Torn to Lesk in an hour\n\nThe ferry sails.",
        "Ferry: back at sea\n\nThe ferry sails.",
        "From: Torn\nThe ferry sails again.\n\nMore.",
        "Subject: the ferry\n\nIt sails again, said the master.",
    ],
)
def test_a_text_with_a_colon_is_no_mail(text: str) -> None:
    assert not is_mail(text)
