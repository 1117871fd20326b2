"""The adapted model run by torch: the reference, and where OpenVINO cannot run it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from search.models.close_reading.adapter import adapted, check_base
from search.models.close_reading.running import Logits
from search.models.embedding.torch_backend import quiet_loading
from search.models.session import TokenRow
from search.models.source import ModelSource, check_bundled_weights

if TYPE_CHECKING:
    import torch


def load_torch_reader(source: ModelSource, threads: int = 0) -> tuple["torch.nn.Module", Any]:
    """Load the embedding model, adapt it, and load its tokenizer (of the `tokenizers` library).

    Raises:
        ModelError: If the model, or what adapts it, is not as it was published.
    """
    from transformers import AutoModel, AutoTokenizer

    check_bundled_weights(source)
    check_base(source)
    with quiet_loading(threads):
        model = AutoModel.from_pretrained(source.folder, local_files_only=True, attn_implementation="eager")
        tokenizer = AutoTokenizer.from_pretrained(source.folder, local_files_only=True)
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    return adapted(model), backend


class TorchSession:
    """A `Runner` over torch in fp32."""

    def __init__(self, module: "torch.nn.Module") -> None:
        self._module = module

    def infer_each(self, rows: Sequence[TokenRow]) -> list[Logits]:
        """Run each row by itself."""
        return [self._infer(row) for row in rows]

    def _infer(self, row: TokenRow) -> Logits:
        import torch

        ids = torch.tensor([list(row.ids)])
        types = torch.zeros_like(ids)
        types[0, row.first_length :] = 1
        with torch.no_grad():
            found: Logits = self._module(ids, torch.ones_like(ids), types)[0].numpy()
        return found
