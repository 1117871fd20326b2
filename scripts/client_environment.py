"""Make the environment in which a client for a framework is tested: python client_environment.py NAME FOLDER.

NAME is a folder of `clients/`. An environment takes 200 to 280 MB, 50 to 70 MB of it downloaded.
"""

import subprocess
import sys
import venv
from pathlib import Path

CLIENTS = Path(__file__).resolve().parent.parent / "clients"
_MOST_SECONDS = 1_200


def main() -> None:
    """Make the environment of a client, with the client and what its tests need installed from here."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    venv.create(folder, with_pip=True, clear=True)
    wanted = ["--editable", str(CLIENTS / "http"), "--editable", f"{CLIENTS / name}[test]"]
    subprocess.run(  # noqa: S603 - of fixed words, a name and a folder
        [folder / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
        check=True,
        timeout=_MOST_SECONDS,
    )


if __name__ == "__main__":
    main()
