from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from api.http.incoming import in_words


class Form(BaseModel, extra="forbid"):
    number: Annotated[int, Field(ge=1, le=9)] = 1
    text: Annotated[str, Field(min_length=2, max_length=4, pattern="^a")] = "ab"
    switch: bool = False
    kind: Literal["a", "b"] = "a"
    members: Annotated[tuple[int, ...], Field(max_length=1)] = ()
    raw: bytes = b""
    ours: str = ""

    @field_validator("ours")
    @classmethod
    def _not_x(cls, given: str) -> str:
        if given == "x":
            raise ValueError("Not x")
        return given


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"number": "ten"}, "It must be a whole number"),
        ({"number": 10}, "It must be at most 9"),
        ({"number": 0}, "It must be at least 1"),
        ({"text": 1}, "It must be a text"),
        ({"text": "a"}, "It must have 2 or more characters"),
        ({"text": "abcde"}, "It must have at most 4 characters"),
        ({"text": "bbb"}, "It is not of the form ^a"),
        ({"text": "a\ud83d"}, "It holds half of a surrogate pair; give it as Unicode text"),
        ({"switch": "maybe"}, "It must be true or false"),
        ({"kind": "c"}, "It must be 'a' or 'b'"),
        ({"members": 3}, "It must be a list"),
        ({"members": [1, 2]}, "It must have at most 1 members"),
        ({"none": 1}, "There is no such field"),
        ({"raw": 1}, "It is not valid"),
        ({"ours": "x"}, "Not x"),
    ],
)
def test_a_fault_is_told_in_our_own_words(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(given)
    assert [in_words(fault) for fault in caught.value.errors()] == [said]
