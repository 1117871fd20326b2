"""From files to articles: formats that are alike share a module, and one is chosen by content.

    find_files(paths) -> InputFile | Skipped
    read_file(file, options) -> Article | Skipped | Withdrawal

A reader tells its format by the head of a file and makes drafts of what it finds; `draft.finish` cleans every
draft into an article in one place. Nothing here touches the network. `IsolatedReader` reads in a process of its
own, within bounds of time and memory.
"""

from indexer.readers.content import find_files
from indexer.readers.contract import InputFile, Reading, ReadOptions, Skipped
from indexer.readers.isolation import IsolatedReader
from indexer.readers.registry import READERS, read_file

__all__ = [
    "READERS",
    "InputFile",
    "IsolatedReader",
    "ReadOptions",
    "Reading",
    "Skipped",
    "find_files",
    "read_file",
]
