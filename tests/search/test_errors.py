import inspect
import re

from search import errors


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if not (match := re.match(r"^ {4}([ │├└─]*)(\w+Error)\b", line)):
            continue
        depth = len(match[1]) // 4
        del above[depth:]
        drawn[match[2]] = above[-1] if above else "Exception"
        above.append(match[2])
    classes = {
        name: kind.__base__.__name__
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if kind.__module__ == errors.__name__
    }
    assert drawn == classes


def test_an_error_says_what_was_wrong_and_what_to_do() -> None:
    error = errors.QueryError("It is empty.", "Ask something.")
    assert (error.problem, error.remedy, str(error)) == (
        "It is empty.",
        "Ask something.",
        "It is empty. Ask something.",
    )


def test_an_error_without_a_remedy_is_its_problem() -> None:
    assert str(errors.InputError("It is empty.")) == "It is empty."
