"""Bytes to text, or a clear reason why not. Text in a wrongly guessed encoding is never let through."""

import codecs
import re

from search.errors import InputError

_MAGIC = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"OggS", "an Ogg recording"),
    (b"ID3", "an MP3 recording"),
    (b"RIFF", "a RIFF recording or image"),
    (b"{\\rtf", "a rich text (RTF) file"),
    (b"wOF", "a font"),
)
_NEEDS_NUL = {b"BM", b"MZ", b"ID3", b"BZh", b"RIFF", b"wOF"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARATION_WITHIN = 4096
# Encodings whose text is plain ASCII bytes, so that being valid UTF-8 says nothing.
_ESCAPING = re.compile(r"iso-?2022|^hz|utf-?7", re.IGNORECASE)
# What the web's Encoding Standard reads under these labels.
_WINDOWS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
# Codecs of Python that are no character sets; some take a time that grows with the square of the length.
_NO_CHARACTER_SETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_MULTIBYTE = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
_SINGLE_BYTE = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_2", "koi8_r", "tis_620",
)  # fmt: skip
# The letters beyond ASCII of the languages written in Windows-1252, with those of common loanwords. Bytes of
# another code page give mixtures that no one of them has: Hungarian reads as Portuguese and German at once.
_WESTERN = (
    "áéíóúüñç",  # Spanish, English
    "àâæçéèêëîïôœùûüÿ",  # French, English
    "äöüßéèàç",  # German, English
    "àèéìíîòóùú",  # Italian
    "áâãàçéêíóôõúü",  # Portuguese
    "äåöéèáàüçæø",  # Swedish, Danish, Norwegian, Finnish
    "éëïöüèêáíóú",  # Dutch, English
    "àçéèíïóòúü",  # Catalan
)
# Control characters that no text has; those that frame wire messages and part records are none of them.
_FLAWS = tuple(
    bytes([byte])
    for byte in (*range(0x01), *range(0x05, 0x07), 0x0E, 0x0F, *range(0x10, 0x14), *range(0x17, 0x1A))
)
_FEW_FLAWS = 16
_FLAWS_APART = 500  # bytes to a flaw in a long text
_LEAST_TEXT = 20  # bytes to a flaw in a short one
_RIGHT_A_BROKEN = 20  # characters beyond ASCII that are right to one that is broken
_ASCII = frozenset(range(0x80))
# What is the same in every Windows code page of Latin, Greek and Cyrillic letters: quotation marks, dashes, the
# ellipsis, blanks and a few signs.
_SAME_EVERYWHERE = frozenset({0x85, *range(0x91, 0x98), 0xA0, 0xA7, 0xA9, 0xAB, 0xAE, 0xB0, 0xB1, 0xBB})
_MAX_MESS = 0.1
_LAST_ASCII = 0x7F
_MOSTLY_BEYOND_ASCII = 0.3  # share of bytes above which a text is not in Latin letters
_MOSTLY_ASCII = 0.15  # share of bytes below which it is
_SAMPLE_BYTES = 256 * 1024


def binary_kind(head: bytes) -> str | None:
    """What kind of binary file begins with `head`, in words for people; None when it may be text."""
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (magic not in _NEEDS_NUL or b"\x00" in head):
            return kind
    if head[4:8] == b"ftyp":
        return "a video or image (ISO media)"
    if any(head.startswith(bom) for bom, _ in _BOMS):
        return None
    if b"\x00" in head and not _is_text_with_flaws(head):
        return "binary data (it contains NUL bytes), or UTF-16 text without a byte order mark"
    return None


def _is_text_with_flaws(head: bytes) -> bool:
    """Whether bytes are a text in which a few are broken: NULs, other controls that no text has."""
    flaws = sum(map(head.count, _FLAWS))
    return flaws <= max(_FEW_FLAWS, len(head) // _FLAWS_APART) and flaws * _LEAST_TEXT <= len(head)


def decode(content: bytes, declared: str | None = None) -> tuple[str, str]:  # noqa: C901, PLR0911 - one return a way
    """Decode a text.

    In this order: byte order mark; UTF-8 when the bytes are valid UTF-8 (text that a declaration mislabels is
    common, text of another encoding that happens to be valid UTF-8 is not); the encoding declared by the caller
    or by an XML or HTML declaration in the text; detection, accepted only when it leaves one plausible reading.

    A few broken bytes do not make a text another thing: NULs are left out, the beginning of a character at the
    very end too, and in a text that is plainly UTF-8 what is none becomes U+FFFD.

    Args:
        content: The bytes.
        declared: An encoding declared outside the content: an HTTP header, an option.

    Returns:
        The text without its byte order mark, and the name of the encoding.

    Raises:
        InputError: If the content is binary or no encoding can be trusted.
    """
    kind = binary_kind(content[:_DECLARATION_WITHIN])
    has_bom = any(content.startswith(bom) for bom, _ in _BOMS)
    if kind is None and not has_bom and b"\x00" in content and not _is_text_with_flaws(content):
        kind = "binary data (it contains NUL bytes)"
    if kind:
        raise InputError(f"not text but {kind}.")
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decode_strictly(content, encoding), encoding
    content = content.replace(b"\x00", b"")
    declaration = declared or _declared_within(content)
    if declaration and _ESCAPING.search(declaration):
        return _decode_strictly(content, declaration), declaration
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        position = error.start
        is_cut = error.end == len(content) and error.reason == "unexpected end of data"
        # One byte behind plain ASCII may as well be the last letter of a text in a single-byte encoding.
        if is_cut and (error.end - error.start > 1 or not content[:position].isascii()):
            return content[:position].decode("utf-8"), "utf-8"
    if declaration:
        encoding = _codec_name(declaration)
        if encoding != "utf-8":
            return _decode_strictly(content, encoding), encoding
    if set(content[position:]) - _ASCII <= _SAME_EVERYWHERE and content[:position].isascii():
        return content.decode("cp1252"), "cp1252"
    if _is_mostly_utf8(content):
        return content.decode("utf-8", errors="replace"), "utf-8"
    return _detect(content, position)


def _is_mostly_utf8(content: bytes) -> bool:
    """Whether nearly all that is beyond ASCII is valid UTF-8, which text in another encoding is not."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    right = sum(character > "\x7f" for character in text) - broken
    return broken * _RIGHT_A_BROKEN <= right


def _declared_within(content: bytes) -> str | None:
    found = _DECLARATION.search(content[:_DECLARATION_WITHIN])
    return next(group for group in found.groups() if group).decode("ascii") if found else None


def _codec_name(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        raise InputError(f"declares the unknown encoding {label!r}.") from None
    if name in _NO_CHARACTER_SETS:
        raise InputError(f"declares the encoding {label!r}, in which no text is sent.")
    return _WINDOWS.get(name, name)


def _decode_strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise InputError(f"is not valid {encoding}, which it declares ({error}).", "Save it as UTF-8.") from None


def _is_western(sample: bytes) -> bool:
    """Whether the bytes, read as Windows-1252, have the letters of one Western European language."""
    text = sample.decode("cp1252", errors="replace").lower()
    letters = {character for character in text if character.isalpha() and not character.isascii()}
    return any(letters <= set(alphabet) for alphabet in _WESTERN) and not set(text) & set("¹³¶¼¾\ufffd")


def _detect(content: bytes, position: int) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    sample = content[max(0, position - _SAMPLE_BYTES // 2) :][:_SAMPLE_BYTES]
    matches = [
        match
        for match in from_bytes(sample, cp_isolation=[*_MULTIBYTE, *_SINGLE_BYTE], threshold=_MAX_MESS)
        if match.chaos <= _MAX_MESS
    ]
    cleanest = min((match.chaos for match in matches), default=0.0)
    ties = [match for match in matches if match.chaos <= cleanest + 0.03]
    names = {name for match in ties for name in (match.encoding, *match.could_be_from_charset)}
    beyond_ascii = sum(byte > _LAST_ASCII for byte in sample) / len(sample)
    multibyte = [match.encoding for match in ties if match.encoding in _MULTIBYTE]
    if beyond_ascii > _MOSTLY_BEYOND_ASCII and len(multibyte) == 1:
        chosen = multibyte[0]
    elif "cp1252" in names and beyond_ascii < _MOSTLY_ASCII and _is_western(sample):
        chosen = "cp1252"
    elif len(ties) == 1:
        chosen = ties[0].encoding
    else:
        found = f"it may be any of {', '.join(sorted(names))}" if names else "none fits"
        raise InputError(
            f"not UTF-8 (byte {position}) and its encoding is not declared: {found}.",
            "Save it as UTF-8 or declare its encoding.",
        )
    return _decode_strictly(content, chosen), chosen
