"""Documents for tests and fuzzing, made of as little as their formats allow."""

import io
import tarfile
import zipfile
from collections.abc import Iterable, Sequence

Line = tuple[float, float, float, str]
"""Left edge, height above the bottom, size, text."""


def pdf_of(pages: Sequence[Iterable[Line]]) -> bytes:
    """A PDF file of these lines on its pages, set in Helvetica."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids = []
    for lines in pages:
        stream = (
            b"BT "
            + b" ".join(
                f"/F1 {size} Tf 1 0 0 1 {left} {height} Tm (".encode() + _escaped(text) + b") Tj"
                for left, height, size, text in lines
            )
            + b" ET"
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        content = len(objects)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 "
            b"3 0 R >> >> >>" % content
        )
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return (
        out + end + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    )


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def set_in_columns(headline: str, columns: Sequence[Sequence[str]], *, width: int = 250) -> list[Line]:
    """The lines of a page with a headline over columns beside one another."""
    lines: list[Line] = [(50, 780, 24, headline)]
    for number, column in enumerate(columns):
        lines += [(50 + number * width, 740 - 14 * row, 11, text) for row, text in enumerate(column)]
    return lines


def zip_of(members: dict[str, bytes | str]) -> bytes:
    """A ZIP file of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return out.getvalue()


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx_of(paragraphs: Sequence[tuple[str, str]], inner: str = "") -> bytes:
    """A DOCX file of paragraphs, each with the name of its style."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    document = f'<?xml version="1.0"?><w:document xmlns:w="{_W}"><w:body>{body}{inner}</w:body></w:document>'
    return zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def odt_of(headline: str, paragraphs: Sequence[str]) -> bytes:
    """An ODT file of a heading and paragraphs."""
    office, text = (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    )
    body = f'<text:h text:outline-level="1">{headline}</text:h>' + "".join(
        f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs
    )
    content = f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body><office:text>{body}</office:text></office:body></office:document-content>'  # noqa: E501
    return zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


_PROSE = (
    "TORN, March 4 (CW) - The ferry between Torn and Lesk sails again on Monday, the harbour master said.",
    "It had lain at the quay for three weeks after a fire, in which nobody was hurt.",
)
_MAIL = (
    "From: Harbour of Torn <press@torn.example>\nTo: desk@gazette.example\nSubject: =?utf-8?Q?F=C3=A4hre?=\n"
    "Date: Mon, 4 Mar 2024 09:10:00 +0100\nMessage-ID: <m1@torn.example>\nMIME-Version: 1.0\n"
    'Content-Type: multipart/alternative; boundary="b1"\n\n--b1\nContent-Type: text/plain; charset=utf-8\n'
    "Content-Transfer-Encoding: quoted-printable\n\n{text}\n\n--b1\nContent-Type: text/html\n"
    "Content-Transfer-Encoding: base64\n\nPHA+VGhlIGZlcnJ5IHNhaWxzLjwvcD4=\n--b1--\n"
)


def sample_documents() -> list[tuple[bytes, str]]:
    """One document of each of these formats, with a name."""
    mail = _MAIL.format(text="\n\n".join(_PROSE)).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as bundle:
        entry = tarfile.TarInfo("ferry.txt")
        entry.size = len(_PROSE[0])
        bundle.addfile(entry, io.BytesIO(_PROSE[0].encode()))
    inner: dict[str, bytes | str] = {
        "ferry.txt": "\n\n".join(_PROSE),
        "mail/a.eml": mail,
        "a.jsonl": '{"text": "The ferry sails."}\n',
    }
    return [
        (mail, "a.eml"),
        (b"From torn Mon Mar  4 09:10:00 2024\n" + mail + b"\nFrom torn Mon Mar  4\n" + mail, "a.mbox"),
        (docx_of([("Title", "Ferry"), *(("Normal", line) for line in _PROSE)]), "a.docx"),
        (odt_of("Ferry", _PROSE), "a.odt"),
        (zip_of(inner), "a.zip"),
        (packed.getvalue(), "a.tar"),
        (
            pdf_of([set_in_columns("Ferry back", [_PROSE, _PROSE]), [(50, 700, 11, line) for line in _PROSE]]),
            "a.pdf",
        ),
        (b"main { margin: 0; }\n.a > p { color: red }\n", "a.css"),
        (b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "a.ics"),
    ]
