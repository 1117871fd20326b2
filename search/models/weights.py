"""Whether a loaded model is the model that was saved."""

from typing import TYPE_CHECKING

from search.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel


class UnsuitableModelError(ModelError):
    """A model cannot do what it was chosen for: the problem begins with "it" or "its" and has no full stop."""


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
