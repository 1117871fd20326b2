"""A graph over rows of tokens, run by OpenVINO: batches of rows of like length, several streams.

For processors with AMX, OpenVINO gives the thread that loads its CPU plugin an alternate signal stack of the least
size that Linux accepts. Python has its handlers run on the alternate stack where there is one (`SA_ONSTACK`), and
that one has no room for them: Ctrl-C or SIGTERM may then end the process with a segmentation fault.
"""

import ctypes
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
import numpy.typing as npt

from search.settings import processor_count
from search.stages import tell_step

_DISABLED = 2  # SS_DISABLE


class _Stack(ctypes.Structure):
    """The structure `stack_t` of sigaltstack(2) on Linux."""

    _fields_ = (("start", ctypes.c_void_p), ("flags", ctypes.c_int), ("size", ctypes.c_size_t))


@contextmanager
def keeping_the_signal_stack() -> Iterator[None]:
    """Let signals run on this thread's own stack again, if something inside gave it an alternate one."""
    before = _alternate_stack()
    try:
        yield
    finally:
        after = _alternate_stack()
        if before and after and after.start != before.start:
            ctypes.CDLL(None).sigaltstack(ctypes.byref(_Stack(None, _DISABLED, 0)), None)


def _alternate_stack() -> _Stack | None:
    """This thread's alternate signal stack; None where there is no such thing to ask for."""
    if not sys.platform.startswith("linux"):
        return None
    found = _Stack()
    return found if ctypes.CDLL(None).sigaltstack(None, ctypes.byref(found)) == 0 else None


TOKENS_A_BATCH = 1_024
"""Padded tokens that go through the model at once; more was no faster on two cores."""

LENGTH_STEP = 16
"""Rows are padded to a multiple of so many tokens: OpenVINO compiles its kernels anew for every shape it meets."""

_MANY_TOKENS = 8_192
_MANY_LENGTH_STEP = 8
"""The same for more tokens than that: all shapes are soon met, and passages take 3% less."""


def import_openvino() -> Any:
    """Import OpenVINO with its telemetry replaced by its own stub, so that nothing is ever sent."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def supported_precisions() -> tuple[str, ...]:
    """List the precisions that this processor computes natively, the preferred one first."""
    with keeping_the_signal_stack():
        capabilities = import_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return ("bf16", "f32") if "BF16" in capabilities else ("f32",)


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One text, or two, as a model reads them.

    Attributes:
        ids: Token ids, special tokens included.
        first_length: How many tokens belong to the first of two texts; None where there is but one.
    """

    ids: Sequence[int]
    first_length: int | None = None


class Session:
    """A graph that takes `input_ids`, `attention_mask` and, where it wants them, `token_type_ids`.

    Safe to share between threads; results do not depend on who else is running.
    """

    def __init__(
        self, graph: Path, inputs: Sequence[str], *, precision: str, threads: int, pad_id: int, window: int
    ) -> None:
        """Compile a graph.

        Args:
            graph: Its file.
            inputs: Names of its inputs.
            precision: `"bf16"` or `"f32"`.
            threads: How many, a stream each; 0 for one a processor.
            pad_id: Token id that fills a batch's shorter rows.
            window: Most tokens of a row.
        """
        self._names = tuple(inputs)
        self._pad_id = pad_id
        self._window = window
        core = import_openvino().Core()
        model = core.read_model(graph)
        streams = threads or processor_count()
        # Results must not depend on who else is running: one thread a stream, streams in parallel.
        settings = {
            "INFERENCE_PRECISION_HINT": precision,
            "NUM_STREAMS": str(streams),
            "INFERENCE_NUM_THREADS": streams,
            # Else every process binds its threads to the same cores, the first ones: several got half of two.
            "ENABLE_CPU_PINNING": False,
        }
        self._requests: Queue[Any] = Queue(streams)
        # Threads of our own: OpenVINO's AsyncInferQueue now and then aborts the process at exit.
        self._pool = ThreadPoolExecutor(streams, "dateline-inference")
        with keeping_the_signal_stack():
            compiled = core.compile_model(model, "CPU", settings)
            for _ in range(streams):
                self._requests.put(compiled.create_infer_request())
            # OpenVINO's binding looks NumPy up at its first use, and deadlocks when two threads do so at once.
            self.infer([TokenRow([pad_id])])

    def infer(self, rows: Sequence[TokenRow], step: int = LENGTH_STEP) -> npt.NDArray[np.float32]:
        """Run one batch, padded to a multiple of `step` tokens; the first output, a row for each row."""
        request = self._requests.get()
        try:
            found: npt.NDArray[np.float32] = request.infer(self._inputs(rows, step))[0].astype(np.float32)
            return found
        finally:
            self._requests.put(request)

    def infer_each(self, rows: Sequence[TokenRow]) -> list[npt.NDArray[np.float32]]:
        """Run each row by itself, so that what comes of it does not depend on the others: the first outputs."""
        found = []
        for logits in self._pool.map(lambda row: self.infer([row])[0], rows):
            tell_step()  # if that ends the trip, the rows that have not begun are dropped
            found.append(logits)
        return found

    def infer_all(self, rows: Sequence[TokenRow]) -> Iterator[tuple[list[int], npt.NDArray[np.float32]]]:
        """Run any number of rows, batch by batch.

        Yields:
            The places of the rows of a batch, and the first output for them, as batches are done.
        """
        streams = self._requests.maxsize
        step = LENGTH_STEP if sum(len(row.ids) for row in rows) <= _MANY_TOKENS else _MANY_LENGTH_STEP

        def run(places: list[int]) -> tuple[list[int], npt.NDArray[np.float32]]:
            return places, self.infer([rows[place] for place in places], step)

        lengths = [self._padded(len(row.ids), step) for row in rows]
        yield from self._pool.map(run, _batches(lengths, streams))

    def _padded(self, length: int, step: int) -> int:
        """Round a row's length up to the next step, within the model's window."""
        return min(-(-length // step) * step, self._window)

    def _inputs(self, rows: Sequence[TokenRow], step: int) -> dict[str, npt.NDArray[np.int64]]:
        """Pad a batch to its longest row, and a little more: arrays of shape (rows, length), int64."""
        shape = (len(rows), self._padded(max(len(row.ids) for row in rows), step))
        arrays = {name: np.zeros(shape, dtype=np.int64) for name in self._names}
        arrays["input_ids"].fill(self._pad_id)
        for place, row in enumerate(rows):
            length = len(row.ids)
            arrays["input_ids"][place, :length] = row.ids
            arrays["attention_mask"][place, :length] = 1
            if row.first_length is not None:
                arrays["token_type_ids"][place, row.first_length : length] = 1
        return arrays


def _batches(lengths: Sequence[int], streams: int) -> Iterator[list[int]]:
    """Group rows of like length, longest first.

    Rows x longest stays within what goes through the model at once. Few rows are shared out among the streams in
    as many batches, or one would work and the others wait.
    """
    order = sorted(range(len(lengths)), key=lambda row: (-lengths[row], row))
    most = len(order) if sum(lengths) > TOKENS_A_BATCH * streams else -(-len(order) // streams)
    batch: list[int] = []
    for row in order:
        if batch and (len(batch) == most or (len(batch) + 1) * lengths[batch[0]] > TOKENS_A_BATCH):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
