"""Choose a backend for the configured model and load it."""

from collections.abc import Callable

from search.errors import ModelError
from search.models.embedding.embedder import Embedder, ModelCard
from search.models.embedding.openvino_backend import OpenVinoEmbedder
from search.models.embedding.prepared import ENOUGH_AGREEMENT, Prepared
from search.models.preparation import choose_precision, preparing_alone
from search.models.source import find_model
from search.settings import Settings


def load_embedder(settings: Settings, report: Callable[[str], None] = lambda _: None) -> Embedder:
    """Load the configured model, preparing it first if this machine has not done so yet.

    OpenVINO runs it where the export agrees with the original; otherwise torch does, and the card's `note`
    says why.

    Args:
        settings: Which model, backend, precision, threads and cache.
        report: Told, in words for people, what is being done when it takes long.

    Raises:
        ModelError: If the model cannot be found, is damaged, or the backend asked for cannot run it.
    """
    source = find_model(settings.model)
    folder = settings.cache / "models" / source.stamp()
    prepared = Prepared.load(folder)
    if prepared is None:
        from search.models.embedding.preparing import prepare_model

        with preparing_alone(folder, report):
            prepared = Prepared.load(folder) or prepare_model(source, folder, report)
    agreement = prepared.agreement
    agreeing = [name for name, value in agreement.items() if value >= ENOUGH_AGREEMENT]
    precision, objection = choose_precision(settings, prepared.failure, agreement, agreeing)
    if objection and settings.backend == "openvino":
        raise ModelError(f"OpenVINO cannot run {source.name}: {objection}.", "Use DATELINE_BACKEND=torch.")
    card = ModelCard(
        name=source.name,
        fingerprint=prepared.fingerprint,
        dimension=prepared.dimension,
        window=prepared.window,
        backend="torch" if objection else "openvino",
        precision="f32" if objection else precision,
        agreement=1.0 if objection else agreement[precision],
        spread=prepared.spread,
        note="" if settings.backend == "torch" else objection,
    )
    if objection:
        from search.models.embedding.torch_backend import TorchEmbedder, load_sentence_transformer

        return TorchEmbedder(load_sentence_transformer(source, settings.threads), card)
    return OpenVinoEmbedder(folder, prepared, card, settings.threads)
