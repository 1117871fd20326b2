"""The command `dateline`, also as `python -m dateline`: checks what it will import, then runs the command line."""

import json
import sys

from dateline import refuse_foreign_packages

_USAGE = 2


def main() -> None:
    """Run the command line, or say which foreign module stands in its way."""
    try:
        refuse_foreign_packages()
    except ImportError as error:
        message = json.dumps({"error": str(error), "remedy": ""}) if "--json" in sys.argv else str(error)
        sys.stderr.write(f"{message}\n")
        sys.exit(_USAGE)
    from api.cli import main as run

    run()


if __name__ == "__main__":
    main()
