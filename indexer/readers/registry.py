"""The readers, and the choice among them."""

from collections.abc import Iterator

from indexer.canonical import clean_line
from indexer.readers.bundles import BundleReader
from indexer.readers.content import Content
from indexer.readers.contract import InputFile, Reader, Reading, ReadOptions, Skipped
from indexer.readers.feeds import FeedReader
from indexer.readers.foreign import OtherFileReader, OtherXmlReader
from indexer.readers.json_records import JsonLinesReader, JsonReader
from indexer.readers.legacy_wire import LegacyWireReader
from indexer.readers.mail import MailReader
from indexer.readers.newsml1 import NewsMl1Reader
from indexer.readers.newsml_g2 import NewsMlG2Reader
from indexer.readers.nitf import NitfReader
from indexer.readers.office import OfficeReader
from indexer.readers.pages import PageReader
from indexer.readers.pdf import PdfReader
from indexer.readers.plain_text import MarkdownReader, PlainTextReader
from indexer.readers.tables import CsvReader, ParquetReader
from indexer.readers.warc import WarcReader
from search.article import Article
from search.errors import InputError

NO_MEMORY = "needs more memory than may be taken (max_read_memory_bytes); the file is not read beyond it."
_MAX_REASON_CHARS = 1000


def read_content(content: Content) -> Iterator[Reading]:
    """Read the articles of a content with the reader that recognises it.

    Raises:
        InputError: If it cannot be read (any further).
    """
    yield from reader_of(content).read(content, content.options)


def reader_of(content: Content) -> Reader:
    """The first reader that recognises a content.

    Raises:
        InputError: If it is empty or cannot be opened.
    """
    if not content.head:
        raise InputError("is empty.")
    return next(reader for reader in READERS if reader.recognises(content))


def _read_part(content: Content) -> Iterator[Reading]:
    """Read a file that lies inside of another; what is wrong with it does not end the reading of the other."""
    try:
        yield from read_content(content)
    except InputError as error:
        yield Skipped(content.origin, str(error))


#: In the order in which they are asked whether they recognise a content: the certain before the vague.
READERS: tuple[Reader, ...] = (
    ParquetReader(),
    WarcReader(),
    PdfReader(),
    OfficeReader(),
    BundleReader(_read_part),
    LegacyWireReader(),
    MailReader(_read_part),
    NitfReader(),
    NewsMlG2Reader(),
    NewsMl1Reader(),
    FeedReader(),
    PageReader(),
    OtherXmlReader(),
    JsonLinesReader(),
    JsonReader(),
    OtherFileReader(),
    MarkdownReader(),
    CsvReader(),
    PlainTextReader(),
)


def flaw(error: Exception) -> str:
    """What to say of an error that nobody foresaw: words for people, without a full stop."""
    return f"a flaw in the reader, which did not expect {type(error).__name__}: {_presentable(str(error))}"


def read_file(file: InputFile, options: ReadOptions) -> Iterator[Reading]:
    """Read the articles of a file, in order.

    The format is told by the content; the file's extension decides only what the content leaves open. Nothing is
    raised for bad content: a file or record that cannot be read comes out as `Skipped`, and the rest goes on.
    """
    articles = 0
    for reading in _read(file, options):
        if isinstance(reading, Skipped):
            yield Skipped(_presentable(reading.origin), _presentable(reading.reason))
            continue
        articles += isinstance(reading, Article)
        if articles > options.max_file_articles:
            yield Skipped(
                str(file.path),
                f"has more than {options.max_file_articles:,} articles (max_file_articles); "
                "the file is not read beyond them.",
            )
            return
        yield reading
    if _has_changed(file):
        yield Skipped(str(file.path), "changed while it was read. Index it again.")


def _read(file: InputFile, options: ReadOptions) -> Iterator[Reading]:
    content = Content.of(file, options)
    try:
        yield from read_content(content)
    except InputError as error:
        yield Skipped(content.origin, str(error))
    except OSError as error:
        yield Skipped(content.origin, f"cannot be read: {error.strerror or error}.")
    except MemoryError:
        yield Skipped(content.origin, NO_MEMORY)
    except Exception as error:  # noqa: BLE001 - the flaw of one parser on one file must not end the reading of an archive
        yield Skipped(content.origin, f"{flaw(error)}; the file is not read beyond it.")


def _presentable(text: str) -> str:
    """A text that may quote anything from a file, on one line and of a bounded length."""
    line = clean_line(text)
    return line if len(line) <= _MAX_REASON_CHARS else f"{line[: _MAX_REASON_CHARS - 1]}…"


def _has_changed(file: InputFile) -> bool:
    """Whether a file is no longer as it was when it was found; one that is gone has not changed."""
    try:
        status = file.path.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) != (file.size, file.modified_ns)
