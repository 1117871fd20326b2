import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from search.models.session import Session, TokenRow, import_openvino
from search.stages import Stage, watched_by

CODE = """
import faulthandler, os, signal
faulthandler.enable()
from search.models.embedding import load_embedder
from search.settings import Settings
embedder = load_embedder(Settings.load())
embedder.embed_question("When will the ferry sail?")
caught = []
signal.signal(signal.SIGINT, lambda number, frame: caught.append(number))
for _ in range(20):
    os.kill(os.getpid(), signal.SIGINT)
    embedder.embed_question("When will the ferry sail?")
print(len(caught))
"""


@pytest.mark.model
def test_signals_reach_their_handlers_beside_a_loaded_model(model_cache: Path) -> None:
    environment = os.environ | {"DATELINE_CACHE": str(model_cache)}
    ended = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "20\n"), ended.stderr


class Impatient:
    """Watches a trip, and ends it at its second step."""

    def __init__(self) -> None:
        self.steps = 0

    @contextmanager
    def stage(self, _: Stage) -> Iterator[None]:
        yield

    def step(self) -> None:
        self.steps += 1
        if self.steps == 2:
            raise InterruptedError

    def verified(self, status: str, number: int) -> None:
        pass


def test_rows_are_read_no_further_than_somebody_waits_for_them(tmp_path: Path) -> None:
    openvino = import_openvino()
    ops = openvino.opset13
    names = ("input_ids", "attention_mask")
    inputs = [ops.parameter([-1, -1], np.int64, name) for name in names]
    for node, name in zip(inputs, names, strict=True):
        node.output(0).get_tensor().set_names({name})
    sums = ops.convert(ops.add(*inputs), "f32")
    openvino.save_model(openvino.Model([sums], inputs, "sums"), tmp_path / "model.xml")
    session = Session(tmp_path / "model.xml", names, precision="f32", threads=1, pad_id=0, window=16)
    rows = [TokenRow([1, 2, 3]) for _ in range(50)]
    assert len(session.infer_each(rows)) == 50
    impatient = Impatient()
    with watched_by(impatient), pytest.raises(InterruptedError):
        session.infer_each(rows)
    assert impatient.steps == 2
