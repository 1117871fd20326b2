"""`dateline info`: the settings in effect, each with where it comes from, and what runs them."""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from rich.table import Table
from rich.text import Text

from api.cli.options import AsJson, IndexFolder
from api.cli.parts import load_every_setting
from api.cli.rendering import plain, print_table
from api.cli.terminal import failing_clearly, output

if TYPE_CHECKING:
    from search.settings import Settings

_SET = "(set; secrets are not shown)"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting in effect.

    Attributes:
        variable: The environment variable that sets it.
        value: Its value as JSON has it; that it is set, where it is a secret.
        origin: Where it comes from: `default`, `environment` or `command line`.
    """

    variable: str
    value: Any
    origin: str


def _told(index: Path | str) -> str:
    """Say where the archive is; of an address nothing is asked of its storage."""
    if isinstance(index, str):
        return index
    return f"{index.absolute()}{'' if index.is_dir() else ' (not there)'}"


def info(index_folder: IndexFolder = None, as_json: AsJson = False) -> None:
    """Print the settings in effect and where each comes from; secrets are left out. No archive is needed."""
    with failing_clearly(as_json=as_json):
        settings = load_every_setting(index_folder)
        told = settings_in_effect(settings, os.environ, {"index"} if index_folder else frozenset())
        about = {
            "version": version("dateline"),
            "python": platform.python_version(),
            "system": platform.platform(),
            "installed in": str(Path(__file__).resolve().parents[2]),
            "archive": _told(settings.index),
        }
        if as_json:
            rows = [asdict(setting) for setting in told]
            text = json.dumps(about | {"settings": rows}, indent=2, ensure_ascii=False)
            sys.stdout.write(f"{text}\n")
            return
        console = output()
        for name, value in about.items():
            console.print(Text(f"{name}: ", "dim") + Text(plain(value)))
        console.print()
        table = Table(box=None, padding=(0, 2, 0, 0))
        for column in ("setting", "value", "from"):
            table.add_column(column)
        for setting in told:
            style = "dim" if setting.origin == "default" else "bold"
            shown = "none" if setting.value in ("", None, []) else str(setting.value)
            table.add_row(setting.variable, Text(plain(shown), style), Text(setting.origin, style))
        print_table(console, table)


def settings_in_effect(
    settings: "Settings", environment: "os._Environ[str] | dict[str, str]", typed: "set[str] | frozenset[str]"
) -> list[Setting]:
    """List the settings in effect, those that are secret without their value.

    Args:
        settings: Those in effect.
        environment: The variables that they were read from.
        typed: Names of those that were given on the command line.
    """
    from pydantic import SecretStr

    given = {name.upper() for name in environment}
    values = settings.model_dump(mode="json")
    found = []
    for name, field in type(settings).model_fields.items():
        variable = f"DATELINE_{name.upper()}"
        is_secret = SecretStr in (field.annotation, *get_args(field.annotation))
        origin = "command line" if name in typed else "environment" if variable in given else "default"
        value = (_SET if getattr(settings, name) else None) if is_secret else values[name]
        found.append(Setting(variable, value, origin))
    return found
