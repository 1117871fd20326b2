"""The command line as it is typed: in this process where what it does is tested, else in one of its own."""

import contextlib
import io
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import search.models
from dateline.__main__ import main
from search.settings import Settings

REPOSITORY = Path(__file__).resolve().parent.parent
_MODULE = ("-m", "dateline")
_LOGGERS = ("search", "indexer")
_LOADERS = (
    (search.models.embedding, "load_embedder"),
    (search.models.close_reading, "load_close_reader"),
    (search.models, "load_close_reader"),
)
_loaded: dict[tuple[str, str], Any] = {}


def run_command(
    *words: str | Path, said: str | bytes = b"", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `dateline` with these words: its parser, its output and its exit code, but no new Python.

    Models are loaded as always and then kept for the next command with the same settings.

    Args:
        words: What is typed after `dateline`.
        said: What stands on standard input.
        environment: Variables beside those that are set.
    """
    typed = ["dateline", *map(str, words)]
    given = io.TextIOWrapper(io.BytesIO(said.encode() if isinstance(said, str) else said), encoding="utf-8")
    printed, told = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(REPOSITORY), _notices_of_its_own():
        patch.setattr(sys, "argv", typed)
        for name, stream in (("stdin", given), ("stdout", printed), ("stderr", told)):
            patch.setattr(sys, name, stream)
        for name, value in ({"COLUMNS": "200"} | environment).items():
            patch.setenv(name, value)
        for module, loader in _LOADERS:
            patch.setattr(module, loader, _keeping(loader, getattr(module, loader)))
        try:
            main()
        except SystemExit as end:
            code = end.code
    texts = [stream.buffer.getvalue().decode() for stream in (printed, told)]  # type: ignore[attr-defined]
    assert code is None or isinstance(code, int), code
    return subprocess.CompletedProcess(typed, code or 0, *texts)


def _keeping(name: str, load: Callable[..., Any]) -> Callable[..., Any]:
    def load_once(settings: Settings, *more: Any) -> Any:
        key = (name, settings.model_dump_json(exclude={"index"}))
        if key not in _loaded:
            _loaded[key] = load(settings, *more)
        return _loaded[key]

    return load_once


@contextlib.contextmanager
def _notices_of_its_own():  # noqa: ANN202
    """Take back what a command did to the loggers, which a process takes with it when it ends."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [(logger, logger.handlers[:], logger.propagate) for logger in loggers]
    try:
        yield
    finally:
        for logger, handlers, propagate in before:
            logger.handlers[:], logger.propagate = handlers, propagate


def start_command(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `dateline` with these words in a process of its own, as a shell does."""
    return subprocess.run(
        [sys.executable, *_MODULE, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        cwd=REPOSITORY,
        env=os.environ | {"COLUMNS": "200"} | environment,
    )
