import logging
from collections.abc import Iterator

import pytest

from api.cli.terminal import show_notices


@pytest.fixture
def notices() -> Iterator[None]:
    show_notices()
    show_notices()
    yield
    for name in ("search", "indexer"):
        logger = logging.getLogger(name)
        logger.propagate = True
        for handler in list(logger.handlers):
            logger.removeHandler(handler)


@pytest.mark.usefixtures("notices")
def test_a_remark_is_one_line_on_standard_error_that_controls_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logging.getLogger("search.archive.local.views").warning("%s is odd.", "\x1b[31mfile")
    logging.getLogger("search.archive.local.views").info("nothing to say")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "Notice:  [31mfile is odd.\n"
