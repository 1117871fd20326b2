"""What the health endpoints answer with."""

from typing import Literal

from pydantic import Field

from api.schemas import Shape


class Health(Shape):
    """How the server is."""

    status: Literal["alive", "ready"] = Field(
        description="`alive`: it answers. `ready`: archive and model are there and fit together.",
        examples=["alive"],
    )
