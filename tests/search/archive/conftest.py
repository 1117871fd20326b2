"""What fails inside the shared life is told as fully as what fails in a test."""

import pytest

pytest.register_assert_rewrite("tests.search.archive.life")
