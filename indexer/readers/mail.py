"""Mail: single messages (`.eml`), mailboxes (`.mbox`) and pages saved as messages (`.mht`).

Newsletters and press releases come this way. Headers, boundaries and transfer encodings are not prose; of several
forms of one text the fuller is read; what is attached is read as a file of its own.
"""

import email
import io
import re
from collections.abc import Callable, Iterator
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from indexer.published import StatedDate
from indexer.readers.content import Content, TruncatedError
from indexer.readers.contract import Reading, ReadOptions, Skipped, in_bytes
from indexer.readers.decoding import decode
from indexer.readers.draft import Draft, finish
from indexer.readers.furniture import byline_of, is_notice, left_out_of, without_sign_off
from indexer.readers.markup import fragment_paragraphs, without_repeats
from indexer.readers.pages import draft_of_page
from indexer.readers.quotations import join_quotations
from search.english.datelines import dateline_of
from search.errors import InputError

_SUFFIXES = frozenset({".eml", ".emlx", ".mbox", ".mbx", ".mht", ".mhtml"})
_HEADER = re.compile(r"(?P<name>[!-9;-~]{1,60}):(?:[ \t].*|$)")
_TRANSPORT = frozenset(
    "message-id mime-version received delivered-to return-path content-transfer-encoding x-mailer dkim-signature"
    " list-unsubscribe list-id in-reply-to x-original-to authentication-results arc-seal x-received envelope-to "
    "thread-index".split()
)
_LETTER = frozenset({"from", "to", "subject", "date", "cc", "reply-to", "sender"})
_LEAST_OF_LETTER = 3
_MBOX = re.compile(rb"From [^\r\n]*\r?\n")
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")
_FORWARDED = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs)\s*(?:\[\d+\])?:\s*)+", re.IGNORECASE)
_LINK = re.compile(r"\s*[<(\[]\s*(?:https?://|mailto:)\S+?\s*[>)\]]|(?<=\s)https?://\S{40,}")
_ONLY_LINKS = re.compile(r"(?:\W*(?:https?://|www\.|mailto:)\S+\s*)+\W*")
_RULE = re.compile(r"[\W_]{3,}")
_SHARE_OF_PLAIN = 0.6  # of the length of the HTML form, from which the plain form is the whole text, too
_DEEPEST = 12
_MOST_PARTS = 500
_PASSED_OVER = ("image/", "audio/", "video/", "font/", "application/pgp", "application/pkcs7",
    "application/x-pkcs7", "text/calendar",
                "text/x-vcard", "text/vcard", "application/ics", "message/delivery-status", "message/disposition")  # fmt: skip # noqa: E501


class MailReader:
    """Reads mails, one article a message and one for each file attached to it that is read."""

    name = "mail"

    def __init__(self, read_part: Callable[[Content], Iterator[Reading]]) -> None:
        """Make a reader.

        Args:
            read_part: Reads a file that lies inside of another.
        """
        self._read_part = read_part

    def recognises(self, content: Content) -> bool:
        """A block of headers of which some are those of transport, or those of a letter with addresses."""
        head = content.head_text
        return is_mail(head, is_named=content.suffix in _SUFFIXES)

    def read(self, content: Content, options: ReadOptions) -> Iterator[Reading]:
        """Read the messages, and behind each what is attached to it."""
        is_box = bool(_MBOX.match(content.head.lstrip()))
        if not is_box:
            yield from self._read_message(content.read_all(), content, options)
            return
        with content.open() as stream:
            for number, message in _messages(stream, options.max_record_bytes, content):
                inner = content.part(str(number), message if isinstance(message, bytes) else b"", options)
                if isinstance(message, InputError):
                    yield Skipped(inner.origin, str(message))
                else:
                    yield from self._read_message(message, inner, options)

    def _read_message(self, message: bytes, content: Content, options: ReadOptions) -> Iterator[Reading]:
        parsed = email.message_from_bytes(message)
        attached = [
            part for number, part in enumerate(_parts(parsed, 0)) if number < _MOST_PARTS and _is_attached(part)
        ]
        readings: list[Reading] = []
        for number, part in enumerate(attached, start=1):
            readings.extend(self._read_attached(part, number, content, options))
        try:
            yield finish(draft_of_mail(parsed, options), content.origin, options)
        except InputError as error:
            if not any(not isinstance(reading, Skipped) for reading in readings):
                yield Skipped(content.origin, str(error))
        yield from readings

    def _read_attached(
        self, part: Message, number: int, content: Content, options: ReadOptions
    ) -> Iterator[Reading]:
        kind = part.get_content_type()
        name = _text(part.get_filename()) or f"attachment {number}"
        if kind == "message/rfc822":
            inner = part.get_payload()
            wrapped = inner[0] if isinstance(inner, list) and inner else None
            payload = wrapped.as_bytes() if isinstance(wrapped, Message) else b""
        else:
            payload = _payload(part)
        origin = content.part(name, payload, options)
        if kind.startswith(_PASSED_OVER):
            yield Skipped(origin.origin, f"an attachment that has no prose ({kind}).")
            return
        yield from self._read_part(origin)


def is_mail(head: str, *, is_named: bool = False) -> bool:
    """Tell whether a text opens with the headers of a mail.

    Args:
        head: The beginning of the text.
        is_named: Whether its file is named as mails are.
    """
    text = head.replace("\r\n", "\n")
    if text.startswith("From ") and "\n" in text:
        text = text.partition("\n")[2]
    block = text.partition("\n\n")[0]
    names: set[str] = set()
    values: dict[str, str] = {}
    for line in block.split("\n"):
        if line[:1] in {" ", "\t"} and names:
            continue
        found = _HEADER.fullmatch(line)
        if found is None:
            return False
        name = found["name"].lower()
        names.add(name)
        values.setdefault(name, line)
    if names & _TRANSPORT and names & _LETTER:
        return True
    letter = names & _LETTER
    has_address = any("@" in values.get(name, "") for name in ("from", "to", "cc", "sender"))
    return (len(letter) >= _LEAST_OF_LETTER and has_address) or (is_named and bool(letter) and len(names) > 1)


def draft_of_mail(message: Message, options: ReadOptions) -> Draft:
    """Read one message without what is attached to it.

    Raises:
        InputError: If it has no text.
    """
    page, address = _saved_page(message)
    if page is not None:
        return draft_of_page(page, address, options)
    subject = _FORWARDED.sub("", _header(message, "Subject"))
    paragraphs = _paragraphs(message, options)
    body = without_repeats([line for line in paragraphs if not is_notice(line)], subject)
    byline = next((name for line in body[:2] if (name := byline_of(line))), None)
    body = without_sign_off([line for line in body if not byline or byline_of(line) is None])
    if not body:
        raise InputError("no text: the mail has none.")
    whole = join_quotations(body)
    opening = dateline_of(body[0])
    name, sender = parseaddr(_header(message, "From"))
    list_name = re.sub(r"\s*<.*$", "", _header(message, "List-Id")).strip(' "')
    received = _header(message, "Received").rpartition(";")[2]
    return Draft(
        id=_header(message, "Message-ID").strip("<> ") or None,
        headline=subject,
        is_headline_sure=True,
        body=whole,
        left_out=left_out_of(paragraphs, (subject, *whole)),
        byline=byline,
        dateline=opening.line if opening else None,
        source=name.strip() or list_name or sender.rpartition("@")[2] or None,
        url=_header(message, "Archived-At").strip("<> ") or None,
        language=_header(message, "Content-Language") or None,
        published=(
            StatedDate(_COMMENT.sub("", _header(message, "Date")) or None, "mail: Date"),
            StatedDate(_COMMENT.sub("", received).strip() or None, "mail: Received"),
        ),
    )


def _messages(  # noqa: C901 - one loop over the lines, whose state is in one place
    stream: io.BufferedReader, limit: int, content: Content
) -> Iterator[tuple[int, bytes | InputError]]:
    """The messages of a mailbox, numbered from 1; an error in the place of one that is too long."""
    number, size = 0, 0
    lines: list[bytes] = []
    after_blank = True
    is_long = False

    def finished() -> tuple[int, bytes | InputError]:
        if is_long:
            return number, InputError(f"a message longer than the limit of {in_bytes(limit)} (max_record_bytes).")
        return number, b"".join(lines)

    while True:
        try:
            line = stream.readline(limit + 1)
        except TruncatedError as error:
            if number:
                yield finished()
            yield number + 1, InputError(f"{error} The messages before are read.")
            return
        except OSError as error:
            raise InputError(f"{content.origin} cannot be read on: {error.strerror or error}.") from error
        if not line or (after_blank and _MBOX.match(line)):
            if number:
                yield finished()
            if not line:
                return
            number, size, lines, is_long = number + 1, 0, [], False
            continue
        after_blank = not line.strip()
        size += len(line)
        is_long = is_long or size > limit
        # The format quotes lines that would begin a message.
        if is_long:
            lines = []
        else:
            lines.append(re.sub(rb"^>(>*From )", rb"\1", line))


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """The leaves of a message, messages within it as one."""
    inner = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(inner, list) and depth <= _DEEPEST:
        for part in inner:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    else:
        yield message


def _is_attached(part: Message) -> bool:
    kind = part.get_content_type()
    if part.get_content_disposition() == "attachment" or kind == "message/rfc822":
        return True
    if kind in {"text/plain", "text/html"}:
        return bool(part.get_filename()) and part.get_content_disposition() != "inline"
    # Pictures that stand in the text are not attached to it.
    return not kind.startswith(("text/", "multipart/", "image/"))


def _paragraphs(message: Message, options: ReadOptions) -> list[str]:
    plain: list[str] = []
    marked: list[str] = []
    for number, part in enumerate(_parts(message, 0)):
        if number >= _MOST_PARTS or _is_attached(part):
            continue
        kind = part.get_content_type()
        if kind == "text/html":
            marked += fragment_paragraphs(_without_head(_decoded(part, options)))
        elif kind in {"text/plain", "text/enriched"}:
            plain += _plain_paragraphs(_decoded(part, options))
    marked = [line for line in map(_without_links, marked) if line]
    length = sum(map(len, marked))
    return plain if plain and sum(map(len, plain)) >= _SHARE_OF_PLAIN * length else marked


def _without_head(html: str) -> str:
    return re.sub(r"(?is)<(head|style|script|title)\b.*?</\1\s*>", "", html)


def _plain_paragraphs(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    ends = next((number for number, line in enumerate(lines) if line in {"-- ", "--"}), len(lines))
    quoted = [re.sub(r"^(?:>\s?)+", "", line) for line in lines[:ends]]
    blocks = re.split(r"\n[ \t]*\n", "\n".join(quoted))
    found = [_without_links(" ".join(block.split())) for block in blocks]
    return [paragraph for paragraph in found if paragraph and not _RULE.fullmatch(paragraph)]


def _without_links(paragraph: str) -> str:
    return "" if _ONLY_LINKS.fullmatch(paragraph) else _LINK.sub("", paragraph).strip()


def _decoded(part: Message, options: ReadOptions) -> str:
    try:
        return decode(_payload(part), part.get_content_charset() or options.encoding)[0]
    except InputError as error:
        raise InputError(f"its text cannot be decoded: {error}") from None


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _saved_page(message: Message) -> tuple[bytes | None, str | None]:
    """The page and its address where the message is a page that a browser saved."""
    address = _header(message, "Snapshot-Content-Location")
    if message.get_content_type() != "multipart/related" or not (address or "Blink" in _header(message, "From")):
        return None, None
    for part in _parts(message, 0):
        if part.get_content_type() == "text/html":
            return _payload(part), address or _header(part, "Content-Location") or None
    return None, None


def _header(message: Message, name: str) -> str:
    return _text(message.get(name))


def _text(value: object) -> str:
    """A header's value with its encoded words decoded."""
    stated = " ".join(str(value or "").split())
    try:
        pieces = decode_header(stated)
        decoded = "".join(
            piece.decode(charset or "utf-8", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in pieces
        )
    except (ValueError, LookupError, UnicodeError):
        return stated
    return " ".join(decoded.split())
