import pytest

from indexer.readers.decoding import decode
from search.errors import InputError

RUSSIAN = "Правительство сообщило, что переговоры в столице продолжатся завтра утром."


def test_a_byte_order_mark_decides_and_is_dropped() -> None:
    assert decode("Café".encode("utf-8-sig")) == ("Café", "utf-8-sig")
    assert decode("Café".encode("utf-16")) == ("Café", "utf-16")


def test_valid_utf8_is_utf8_whatever_is_declared() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-1"?><p>Décès à Genève</p>'
    assert decode(page.encode())[0] == page


def test_a_declared_encoding_is_used_for_what_is_not_utf8() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-1"?><p>Genève “nie”</p>'
    assert decode(page.encode("cp1252"))[0] == page
    assert decode(b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"))[0].endswith(RUSSIAN)
    assert decode(RUSSIAN.encode("koi8-r"), "koi8-r") == (RUSSIAN, "koi8-r")


def test_an_encoding_of_escapes_is_not_taken_for_ascii() -> None:
    assert decode("地震".encode("iso2022_jp"), "iso-2022-jp")[0] == "地震"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        ("La región votará mañana, según anunció el Gobierno en una rueda de prensa.", "cp1252"),
        ("Die Gespräche könnten scheitern, erklärte die Ministerin für Äußeres.", "latin-1"),
        ("The levy cost £4 million, officials said on Tuesday.", "cp1252"),
        ("专家在会议上说，双方的合作符合国际社会的共同利益，这是重要的一步。", "gb18030"),
        ("首相は記者会見で、来月の会談の成否について語った。野党は国会で説明を求める考えだ。", "shift_jis"),
        ("정부는 화요일에 합동 훈련 계획을 발표했다고 말했다.", "cp949"),
    ],
)
def test_an_undeclared_encoding_is_detected(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("A kormány közölte, hogy az őszi választások előtt új törvény születik.", "cp1250"),
        ("Hükümet yeni yasayı açıkladı, şehirde gösteri düzenlendi.", "cp1254"),
    ],
)
def test_a_text_that_reads_as_two_languages_is_refused_until_its_encoding_is_declared(
    text: str, encoding: str
) -> None:
    with pytest.raises(InputError, match="it may be any of"):
        decode(text.encode(encoding))
    assert decode(text.encode(encoding), encoding)[0] == text


def test_bytes_without_a_trustworthy_encoding_are_refused() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        decode(bytes(range(128, 256)) * 3)


def test_a_false_declaration_is_refused() -> None:
    with pytest.raises(InputError, match="not valid shift_jis"):
        decode(b'<?xml version="1.0" encoding="shift_jis"?><p>\xe9\xff\xfe</p>')
    with pytest.raises(InputError, match="unknown encoding 'klingon'"):
        decode(b"<meta charset=klingon>\xe9\xff")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n123", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"some\x00thing", "binary"),
        (b"x" * 70_000 + b"\x00\x10" * 300, "binary"),
        (b"one\x00two\x00three\x00" * 200, "binary"),
        ("The ferry sails again.".encode("utf-16-le"), "UTF-16"),
    ],
)
def test_binary_content_is_named(content: bytes, kind: str) -> None:
    with pytest.raises(InputError, match=kind):
        decode(content)


def test_a_text_that_begins_like_a_program_is_text() -> None:
    assert decode(b"MZ, the band, and BMW report.")[0].startswith("MZ")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            b"The ferry\x00 sails again\x00, the harbour master said.",
            "The ferry sails again, the harbour master said.",
        ),
        (b"x" * 70_000 + b"\x00", "x" * 70_000),
        ("Die Fähre fährt wieder. ".encode() * 9 + "ä".encode()[:1], "Die Fähre fährt wieder. " * 9),
        (b"The ferry sails again. " * 9 + "€".encode()[:2], "The ferry sails again. " * 9),
        (b"It sails\xa0again \x96 at last", "It sails\xa0again \u2013 at last"),
        ("Die Fähre fährt wieder. ".encode() * 30 + b"\xe4 ", "Die Fähre fährt wieder. " * 30 + "\ufffd "),
        ("Die Fähre\x00 fährt wieder.".encode("cp1252") * 9, "Die Fähre fährt wieder." * 9),
    ],
)
def test_a_few_broken_bytes_do_not_make_a_text_another_thing(content: bytes, text: str) -> None:
    assert decode(content)[0] == text


def test_a_letter_at_the_end_of_a_text_in_a_single_byte_encoding_is_kept() -> None:
    assert decode(b"The ferry called at the old caf\xe9")[0].endswith("café")
