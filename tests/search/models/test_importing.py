import subprocess
import sys

IMPORT_AND_LOAD_NONE = """
import sys
import search.asking.engine
from search.models import load_answer_marker, load_reranker
from search.settings import Settings

settings = Settings.load()
assert load_reranker(settings) is None
assert load_answer_marker(settings) is None
heavy = {"torch", "transformers", "sentence_transformers", "huggingface_hub", "regex"}
print(sorted(heavy & {name.split(".")[0] for name in sys.modules}))
"""


def test_models_that_are_not_configured_load_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_AND_LOAD_NONE], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
