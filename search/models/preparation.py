"""Preparation that all models share: one process does it, its folder appears whole, its graph is exported.

Models prepared on one machine run on others: `export_models` writes a folder with all that it takes, without
torch. Where the setting `prepared_models` names one, models come from it and from nowhere else.
"""

import json
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from filelock import FileLock, Timeout

from search.errors import ModelDamagedError, ModelError, ModelMissingError
from search.models.session import import_openvino, supported_precisions
from search.settings import BUNDLED_MODEL, Settings

if TYPE_CHECKING:
    import torch

T = TypeVar("T")
EMBEDDER = "embedder"
CLOSE_READER, SECOND_READER = "close-reader", "second-reader"
_RECORD = "models.json"
_FORMAT = 2


def read_record(path: Path, current: int, build: Callable[[dict[str, Any]], T], name: str) -> T | None:
    """Read the record of a prepared folder.

    Args:
        path: Its file.
        current: The format that can be used.
        build: Makes the record of its fields.
        name: What is prepared in the folder, for the message.

    Returns:
        The record; None when there is none or it is of another format.

    Raises:
        ModelDamagedError: If it is there but cannot be read.
    """
    if not path.is_file():
        return None
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return build(fields) if fields["format"] == current else None
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDamagedError(
            f"{path} cannot be read: {error}.", f"Delete {path.parent}; {name} is then prepared again."
        ) from error


@contextmanager
def preparing_alone(folder: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Keep other processes from preparing the same folder.

    Args:
        folder: What is to be prepared.
        report: Told, in words for people, when another process has to be waited for.

    Raises:
        ModelError: If nothing can be written where the folder belongs.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder.with_name(f".{folder.name}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report("waiting for another process to prepare the model")
            lock.acquire()
    except OSError as error:
        raise ModelError(
            f"No model can be prepared in {folder.parent}: {error.strerror or error}.",
            "Make the folder writable, or name another one in DATELINE_CACHE.",
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """Give a folder to fill, which then takes the place of `folder`; if filling it fails, nothing is changed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        yield making
        if folder.exists():
            shutil.rmtree(folder)
        making.rename(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def export_graph(
    module: "torch.nn.Module",
    inputs: Sequence[str],
    example: "Sequence[torch.Tensor]",
    path: Path,
    *,
    halved: bool = False,
) -> None:
    """Trace a module into an OpenVINO graph.

    Args:
        module: From arrays of shape (rows, tokens) to one array.
        inputs: Names of these arrays, in order.
        example: One of each, to trace with.
        path: The graph's file.
        halved: Whether its weights are kept in fp16.
    """
    import torch

    openvino = import_openvino()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what tracing warns of is what the check of agreement finds out
        graph = openvino.convert_model(module.eval(), example_input=tuple(example))
    for port, name in zip(graph.inputs, inputs, strict=True):
        port.get_tensor().set_names({name})
        port.get_node().set_partial_shape(openvino.PartialShape([-1, -1]))
    graph.validate_nodes_and_infer_types()
    openvino.save_model(graph, path, compress_to_fp16=halved)


def choose_precision(
    settings: Settings, failure: str, measured: Mapping[str, float], agreeing: Sequence[str]
) -> tuple[str, str]:
    """Choose what OpenVINO computes in, or say why it may not run a model at all.

    Args:
        settings: Which backend and precision are wanted.
        failure: Why the model could not be exported; empty if it was.
        measured: How the export compares with the original, by precision.
        agreeing: The precisions in which it compares well enough.

    Returns:
        The precision, and an objection to OpenVINO, empty if there is none.
    """
    if settings.backend == "torch":
        return "f32", "torch was asked for"
    if failure:
        return "f32", f"it could not be exported ({failure})"
    wanted = supported_precisions() if settings.precision == "auto" else (settings.precision,)
    for precision in wanted:
        if precision in agreeing:
            return precision, ""
    found = ", ".join(f"{name} {value}" for name, value in measured.items()) or "none"
    return "f32", f"the export does not agree with the original (agreement {found})"


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is in a folder of prepared models.

    Attributes:
        format: Layout of the folder.
        model: Name of the embedding model.
        readers: Fingerprint of each close reader, by its folder.
    """

    format: int
    model: str
    readers: Mapping[str, str]

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

    def check(self, reader: str, fingerprint: str, folder: Path) -> None:
        """Refuse a close reader that is not the one of this version.

        Args:
            reader: Its folder in the folder of models.
            fingerprint: What it should have.
            folder: The folder of models.

        Raises:
            ModelDamagedError: If it is another, or missing.
        """
        if self.readers.get(reader) != fingerprint:
            raise ModelDamagedError(
                f"The {reader.replace('-', ' ')} in {folder} is of another version of Dateline, or of another "
                "profile.",
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
    target: Path,
    model: str,
    readers: Mapping[str, str],
    folders: Sequence[tuple[str, Path]],
    report: Callable[[str], None],
) -> int:
    """Write a folder of prepared models, whole or not at all.

    Args:
        target: The folder; replaced if it holds such models already.
        model: Name of the embedding model.
        readers: Fingerprint of each close reader, by its folder.
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
        text = json.dumps(asdict(Shipped(_FORMAT, model, dict(readers))), indent=2)
        (making / _RECORD).write_text(f"{text}\n", encoding="utf-8")
        for path in (making, *making.rglob("*")):  # what is made in a cache is for its maker only
            path.chmod(0o755 if path.is_dir() else 0o644)
    return sum(file.stat().st_size for file in target.rglob("*") if file.is_file())
