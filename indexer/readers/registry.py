"""The readers, and the choice among them."""

from collections.abc import Iterator

from indexer.readers.content import Content
from indexer.readers.contract import InputFile, Reader, Reading, ReadOptions, Skipped
from indexer.readers.feeds import FeedReader
from indexer.readers.json_records import JsonLinesReader, JsonReader
from indexer.readers.legacy_wire import LegacyWireReader
from indexer.readers.markdown import MarkdownReader
from indexer.readers.newsml1 import NewsMl1Reader
from indexer.readers.newsml_g2 import NewsMlG2Reader
from indexer.readers.nitf import NitfReader
from indexer.readers.pages import PageReader
from indexer.readers.plain_text import PlainTextReader
from indexer.readers.tables import CsvReader, ParquetReader
from indexer.readers.warc import WarcReader
from indexer.readers.xml_kinds import OtherXmlReader
from search.errors import InputError

#: In the order in which they are asked whether they recognise a content: the certain before the vague.
READERS: tuple[Reader, ...] = (
    ParquetReader(),
    WarcReader(),
    LegacyWireReader(),
    NitfReader(),
    NewsMlG2Reader(),
    NewsMl1Reader(),
    FeedReader(),
    PageReader(),
    OtherXmlReader(),
    JsonLinesReader(),
    JsonReader(),
    MarkdownReader(),
    CsvReader(),
    PlainTextReader(),
)


def _flaw(error: Exception) -> str:
    """What to say of an error that no reader foresaw."""
    return f"a flaw in the reader, which did not expect {type(error).__name__}: {error}"


def read_file(file: InputFile, options: ReadOptions) -> Iterator[Reading]:
    """Read the articles of a file, in order.

    The format is told by the content; the file's extension decides only what the content leaves open. Nothing is
    raised for bad content: a file or record that cannot be read comes out as `Skipped`, and the rest goes on.
    """
    content = Content.of(file, options)
    try:
        if not content.head:
            yield Skipped(content.origin, "is empty.")
            return
        reader = next(reader for reader in READERS if reader.recognises(content))
        yield from reader.read(content, options)
    except InputError as error:
        yield Skipped(content.origin, str(error))
    except OSError as error:
        yield Skipped(content.origin, f"cannot be read: {error.strerror or error}.")
    except Exception as error:  # noqa: BLE001 - the flaw of one parser on one file must not end the reading of an archive
        yield Skipped(content.origin, f"{_flaw(error)}; the file is not read beyond it.")
