import os
import subprocess
import sys
from pathlib import Path

import pytest

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
