"""Every word list of English stands once, in `search/english`; other modules ask for it there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.english.calendar import month_numbers, named, shortened
from search.english.numbers import number_words
from search.english.table import table, words_of
from search.english.verbs import Nature, forms

ROOT = Path(__file__).parents[3]
PACKAGES = ("api", "dateline", "indexer", "search")

MOST = 2
"""Words of a kind that may stand together in a string or a collection: a rule may name one or two of them."""

KINDS = {
    "months": frozenset(month_numbers()) - {"may", "mar", "dec"},
    "weekdays": frozenset(named("weekday")) | frozenset(shortened("weekday")) - {"sat"},
    "numbers": frozenset(number_words("one"))
    | frozenset(number_words("ten"))
    | frozenset(number_words("multiple")),
    "verbs of saying": forms(Nature.SURELY) | forms(Nature.INVERTS),
    "auxiliaries": words_of("function_words", "be", "do", "have", "modal"),
    "question words": words_of("function_words", "asking"),
    "particles of names": words_of("name_parts", "particle") - {"la", "le"},
}
MORE = {"auxiliaries": 12, "question words": 6, "particles of names": 6}
"""Of these a rule names some: "is, are, was, were"."""


def strings(tree: ast.AST) -> Iterator[tuple[int, list[str]]]:
    """Each string of a module, docstrings apart, and the strings of each collection, with their lines."""
    spoken = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in spoken:
                yield node.lineno, [text]
            case ast.Set(elts=members) | ast.List(elts=members) | ast.Tuple(elts=members) | ast.Dict(keys=members):
                yield (
                    node.lineno,
                    [one.value for one in members if isinstance(one, ast.Constant) and isinstance(one.value, str)],
                )


def word_lists(source: str) -> Iterator[tuple[int, str, list[str]]]:
    """Where too many words of a kind stand together."""
    for line, texts in strings(ast.parse(source)):
        words = {word.lower() for text in texts for word in re.findall(r"[A-Za-z]+", text)}
        for kind, members in KINDS.items():
            if len(found := words & members) > MORE.get(kind, MOST):
                yield line, kind, sorted(found)


NO_LISTS = {
    "api/cli/answers.py",  # what a standing is called
    "search/archive/local/schema.py",  # SQL with comments
    "search/models/embedding/loading.py",  # sentences that a model is tried on
    "search/statements/markers.py",  # clauses with finite verbs of every kind
}

ASKED_FOR = re.compile(
    r"""\b(?:words_of|any_word_of|any_phrase_of)\(\s*['"](\w+)['"],\s*((?:['"][^'"{}]+['"],?\s*)+)\)"""
)

MODULES = [
    path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if path.parent != ROOT / "search" / "english" and str(path.relative_to(ROOT)) not in NO_LISTS
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_has_a_word_list_of_its_own(path: Path) -> None:
    assert list(word_lists(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ('MONTHS = ("june", "july", "august")', ["months"]),
        ('PATTERN = r"(?:Monday|Tuesday|Friday)"', ["weekdays"]),
        ('WORDS = frozenset("two three four".split())', ["numbers"]),
        ('SAYING = {"said": 1, "added": 2, "told": 3}', ["verbs of saying"]),
        ('"""Read "one", "two" and "three"."""', []),
        ('RULE = "THE?MONTH(?P<day>DAY)YEAR"', []),
        ('PAIR = ("one", "two")', []),
    ],
)
def test_a_word_list_is_found_and_a_word_or_two_are_none(source: str, kinds: list[str]) -> None:
    assert sorted({kind for _, kind, _ in word_lists(source)}) == kinds


def test_every_kind_of_words_that_is_asked_for_is_in_the_data() -> None:
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for name, kinds in ASKED_FOR.findall(path.read_text(encoding="utf-8")):
            for kind in re.findall(r"""['"]([^'"]+)['"]""", kinds):
                assert any(row["kind"] == (kind,) for row in table(name)), f"{path}: {name}, {kind}"
