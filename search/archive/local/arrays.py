"""Arrays in one file, mapped into memory when they are read: a line that names them, then one after the other."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from search.archive.local.files import sync
from search.errors import ViewDamagedError

Array = npt.NDArray[Any]

_ALIGNED = 64


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays into a file where there is none yet.

    Raises:
        OSError: If it cannot be written.
    """
    head = json.dumps({name: [array.dtype.str, *array.shape] for name, array in arrays.items()}).encode()
    with path.open("xb") as file:
        file.write(head.ljust(-(-(len(head) + 1) // _ALIGNED) * _ALIGNED - 1) + b"\n")
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(-array.nbytes % _ALIGNED))
    sync(path)


def map_arrays(path: Path) -> dict[str, Array]:
    """Map the arrays of a file, by name; they cannot be written to.

    Raises:
        ViewDamagedError: If it is no such file.
    """
    arrays: dict[str, Array] = {}
    try:
        with path.open("rb") as file:
            head = file.readline()
        whole = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
        begin = len(head)
        for name, (kind, *shape) in json.loads(head).items():
            dtype = np.dtype(kind)
            size = dtype.itemsize * int(np.prod(shape))
            arrays[name] = whole[begin : begin + size].view(dtype).reshape(shape)
            begin += size + -size % _ALIGNED
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ViewDamagedError(f"{path} cannot be read.") from error
    return arrays
