import pytest

from indexer.readers.languages import language_code


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en-US", "en"), ("EN_gb", "en"), ("eng", "en"), ("English", "en"), ("zh-Hans-CN", "zh"),
        ("nb", "nb"), ("fi-FI", "fi"),
        ("x-default", None), ("und", None), ("", None), (None, None), ("tlh", None),
    ],
)  # fmt: skip
def test_a_tag_becomes_a_two_letter_code(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code
