"""What pydantic finds wrong with a value, in our own plain words."""

from collections.abc import Mapping
from typing import Any

_KINDS = {
    "missing": "It is missing",
    "string_type": "It must be a text",
    "string_unicode": "It holds half of a surrogate pair; give it as Unicode text",
    "int_type": "It must be a whole number",
    "int_parsing": "It must be a whole number",
    "int_parsing_size": "It must be a whole number of fewer digits",
    "int_from_float": "It must be a whole number",
    "float_type": "It must be a number",
    "float_parsing": "It must be a number",
    "finite_number": "It must be a finite number",
    "bool_type": "It must be true or false",
    "bool_parsing": "It must be true or false",
    "tuple_type": "It must be a list",
    "list_type": "It must be a list",
    "dict_type": "It must be an object",
    "model_type": "It must be an object",
    "model_attributes_type": "It must be an object",
    "path_type": "It must be a path",
    "extra_forbidden": "There is no such field",
    "string_pattern_mismatch": "It is not of the form {pattern}",
    "string_too_short": "It must have {min_length} or more characters",
    "string_too_long": "It must have at most {max_length} characters",
    "too_short": "It must have {min_length} or more members",
    "too_long": "It must have at most {max_length} members",
    "greater_than": "It must be greater than {gt}",
    "greater_than_equal": "It must be at least {ge}",
    "less_than": "It must be less than {lt}",
    "less_than_equal": "It must be at most {le}",
    "enum": "It must be {expected}",
    "literal_error": "It must be {expected}",
}
_OURS = "Value error, "


def in_words(fault: Mapping[str, Any]) -> str:
    """Say what is wrong with a value, without the full stop.

    Args:
        fault: One of `ValidationError.errors()`; what our own validators say is left as it is.
    """
    kind: str = fault["type"]
    message: str = fault["msg"]
    if kind in _KINDS:
        return _KINDS[kind].format_map(fault.get("ctx") or {})
    if kind.startswith("date"):
        return "It is no day of the calendar; write YYYY-MM-DD"
    return message.removeprefix(_OURS) if message.startswith(_OURS) else "It is not valid"
