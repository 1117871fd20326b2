from collections.abc import Callable

import pytest
from sample_documents import docx_of, odt_of, pdf_of, set_in_columns, zip_of

from search.article import Article

ReadOne = Callable[..., Article]
Refusal = Callable[..., str]

LEFT = [
    "TORN, March 4 (CW) - The ferry between Torn",
    "and Lesk sails again on Monday, the har-",
    "bour master said.",
    "Nobody was hurt in the fire.",
]
RIGHT = [
    "The council has paid for the repairs, which",
    "took three weeks.",
    "A second ferry will follow in autumn.",
]


def test_columns_of_a_pdf_are_read_one_after_the_other(read_one: ReadOne) -> None:
    pytest.importorskip("pypdfium2")
    article = read_one("a.pdf", pdf_of([set_in_columns("Ferry back at sea", [LEFT, RIGHT])]))
    assert article.headline == "Ferry back at sea"
    assert article.dateline == "TORN, March 4"
    flat = article.body.replace("\n\n", " ")
    assert flat == (
        "TORN, March 4 (CW) - The ferry between Torn and Lesk sails again on Monday, the harbour master said. "
        "Nobody was hurt in the fire. "
        "The council has paid for the repairs, which took three weeks. A second ferry will follow in autumn."
    )


def test_the_pages_of_a_pdf_are_known(read_one: ReadOne) -> None:
    pytest.importorskip("pypdfium2")
    pages = [
        [
            (50, 800, 9, "The Gazette"),
            *((50, 700 - 14 * row, 11, text) for row, text in enumerate(lines)),
            (290, 20, 9, str(number)),
        ]
        for number, lines in enumerate(
            (
                ["The ferry sails again, said", "the master of the harbour, who had"],
                ["waited for three weeks. It was", "repaired in Skern."],
                ["Bread is dear in Larna."],
            ),
            start=1,
        )
    ]
    article = read_one("a.pdf", pdf_of(pages))
    assert "Gazette" not in article.body
    assert [part.page for part in article.parts] == [1, 2, 3]
    first, second, third = (article.body[part.start : part.end] for part in article.parts)
    assert first.endswith("who had")
    assert second == "waited for three weeks. It was repaired in Skern."
    assert third == "Bread is dear in Larna."
    assert "who had waited for three weeks" in article.body


def test_a_pdf_of_pictures_says_so(refusal: Refusal) -> None:
    pytest.importorskip("pypdfium2")
    assert "no text layer" in refusal("a.pdf", pdf_of([[]]))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"0 obj" * 500])
def test_a_damaged_pdf_says_so(refusal: Refusal, content: bytes) -> None:
    pytest.importorskip("pypdfium2")
    assert "PDF" in refusal("a.pdf", content)


def test_a_docx_is_read_paragraph_by_paragraph(read_one: ReadOne) -> None:
    deleted = "<w:p><w:del><w:r><w:delText>Not this.</w:delText></w:r></w:del><w:r><w:t>Bread is </w:t></w:r><w:r><w:t>dear.</w:t></w:r></w:p>"  # noqa: E501
    article = read_one(
        "a.docx",
        docx_of(
            [
                ("Title", "Ferry back at sea"),
                ("Normal", "By Ada Roe"),
                ("Normal", "TORN, March 4 (CW) - The ferry sails again."),
                ("Normal", "Nobody was hurt."),
            ],
            deleted,
        ),
    )
    assert (article.headline, article.byline, article.dateline) == (
        "Ferry back at sea",
        "Ada Roe",
        "TORN, March 4",
    )
    assert article.body == "TORN, March 4 (CW) - The ferry sails again.\n\nNobody was hurt.\n\nBread is dear."


def test_an_odt_is_read_paragraph_by_paragraph(read_one: ReadOne) -> None:
    article = read_one(
        "a.odt", odt_of("Ferry back at sea", ["The ferry sails<text:s/>again, she said.", "Nobody was hurt."])
    )
    assert (article.headline, article.body) == (
        "Ferry back at sea",
        "The ferry sails again, she said.\n\nNobody was hurt.",
    )


def test_pages_are_known_where_a_document_says_how_it_was_laid_out(read_one: ReadOne) -> None:
    break_ = "<w:lastRenderedPageBreak/>"
    documents = {
        "a.odt": odt_of(
            "Ferry back at sea",
            [
                "The ferry sails again.",
                "It had waited <text:soft-page-break/>for three weeks.",
                "</text:p><text:soft-page-break/><text:p>Bread is dear.",
            ],
        ),
        "a.docx": docx_of(
            [("Title", "Ferry back at sea"), ("Normal", "The ferry sails again.")],
            f'<w:p><w:r><w:t xml:space="preserve">It had waited </w:t></w:r><w:r>{break_}'
            "<w:t>for three weeks.</w:t></w:r></w:p>"
            f'<w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p><w:r>{break_}<w:t>Bread is dear.</w:t></w:r></w:p>',
        ),
    }
    for name, content in documents.items():
        article = read_one(name, content)
        assert article.body == "The ferry sails again.\n\nIt had waited for three weeks.\n\nBread is dear."
        assert [(part.page, article.body[part.start : part.end]) for part in article.parts] == [
            (1, "The ferry sails again.\n\nIt had waited"),
            (2, "for three weeks."),
            (3, "Bread is dear."),
        ]


def test_a_document_that_was_not_laid_out_has_no_pages(read_one: ReadOne) -> None:
    breaking = '<w:p><w:r><w:br w:type="page"/><w:t>Bread is dear.</w:t></w:r></w:p>'
    assert not read_one("a.docx", docx_of([("Normal", "The ferry sails again.")], breaking)).parts
    assert not read_one("a.odt", odt_of("Ferry", ["The ferry sails.", "Bread is dear."])).parts


def test_a_word_that_a_page_parts_stays_one(read_one: ReadOne) -> None:
    article = read_one("a.odt", odt_of("Ferry", ["The har<text:soft-page-break/>bour is shut."]))
    assert article.body == "The harbour is shut."
    assert [part.page for part in article.parts] == [1, 2]


def test_other_office_documents_are_named(refusal: Refusal) -> None:
    assert "spreadsheet" in refusal(
        "a.xlsx", zip_of({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<a/>"})
    )


def test_a_document_that_packs_a_bomb_is_refused(refusal: Refusal) -> None:
    bomb = docx_of([("Normal", "a" * 5_000_000)])
    assert "max_unpacking" in refusal("a.docx", bomb, max_unpacking=2)


def test_entities_in_a_document_are_refused(refusal: Refusal) -> None:
    evil = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert "entities" in refusal("a.docx", zip_of({"[Content_Types].xml": "<T/>", "word/document.xml": evil}))
