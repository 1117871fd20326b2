"""Models prepared on one machine and run on others: a folder with all that it takes, without torch.

It is written by `export_models`. Where the setting `prepared_models` names one, models come from it and from
nowhere else.
"""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from search.errors import ModelDamagedError, ModelError, ModelMissingError
from search.models.preparation import made_whole, read_record
from search.settings import BUNDLED_MODEL, Settings

EMBEDDER = "embedder"
CLOSE_READER = "close-reader"
_RECORD = "models.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is in a folder of prepared models.

    Attributes:
        format: Layout of the folder.
        model: Name of the embedding model.
        close_reader: Fingerprint of the close reader.
    """

    format: int
    model: str
    close_reader: str

    @classmethod
    def load(cls, settings: Settings) -> "tuple[Self, Path] | None":
        """Read the record of the folder that the settings name; None when they name none.

        Raises:
            ModelMissingError: If there is no such folder.
            ModelDamagedError: If it cannot be read.
            ModelError: If it holds another model than the settings name.
        """
        folder = settings.prepared_models
        if folder is None:
            return None
        found = read_record(folder / _RECORD, _FORMAT, lambda fields: cls(**fields), "the folder")
        if found is None:
            raise ModelMissingError(
                f"{folder} is no folder of prepared models that this version can use.", _WRITE_ANEW.format(folder)
            )
        if settings.model not in {BUNDLED_MODEL, found.model}:
            raise ModelError(
                f"{folder} holds the model {found.model}, and the settings name {settings.model}.",
                "Leave DATELINE_MODEL out, or write the folder anew with that model: dateline model export",
            )
        return found, folder

    def check_close_reader(self, fingerprint: str, folder: Path) -> None:
        """Refuse a close reader that is not the one of this version.

        Raises:
            ModelDamagedError: If it is another.
        """
        if self.close_reader != fingerprint:
            raise ModelDamagedError(
                f"The close reader in {folder} is of another version of Dateline, or of another profile.",
                _WRITE_ANEW.format(folder),
            )


_WRITE_ANEW = (
    "Write it with the same version and DATELINE_PROFILE, where torch is installed: dateline model export {}"
)


def cannot_run(noun: str, objection: str) -> ModelError:
    """Say that a shipped model cannot be run: there is no torch to run it instead."""
    return ModelError(
        f"OpenVINO cannot run {noun}: {objection}.", "Unset DATELINE_PREPARED_MODELS where torch is installed."
    )


def export_models(
    target: Path, model: str, close_reader: str, folders: Sequence[tuple[str, Path]], report: Callable[[str], None]
) -> int:
    """Write a folder of prepared models, whole or not at all.

    Args:
        target: The folder; replaced if it holds such models already.
        model: Name of the embedding model.
        close_reader: Fingerprint of the close reader.
        folders: What to copy, each under its name.
        report: Told, in words for people, what is being done.

    Returns:
        How many bytes it has.

    Raises:
        ModelError: If something else is in its place.
    """
    if target.exists() and any(target.iterdir()) and not (target / _RECORD).is_file():
        raise ModelError(f"{target} is not empty and holds no prepared models.", "Name another folder.")
    with made_whole(target.resolve()) as making:
        for name, folder in folders:
            report(f"copying the {name.replace('-', ' ')}")
            shutil.copytree(folder, making / name)
        text = json.dumps(asdict(Shipped(_FORMAT, model, close_reader)), indent=2)
        (making / _RECORD).write_text(f"{text}\n", encoding="utf-8")
        for path in (making, *making.rglob("*")):  # what is made in a cache is for its maker only
            path.chmod(0o755 if path.is_dir() else 0o644)
    return sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
