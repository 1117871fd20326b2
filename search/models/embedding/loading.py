"""The configured model: prepared once, then loaded with the backend that suits it.

Preparing exports it to OpenVINO and checks that it still says the same.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.errors import ModelDamagedError, ModelError
from search.models.embedding.backends import (
    ENOUGH_AGREEMENT,
    FORMAT,
    GRAPH,
    TOKENIZER,
    OpenVinoEmbedder,
    Prepared,
    TorchEmbedder,
    load_sentence_transformer,
)
from search.models.embedding.embedder import Embedder, ModelCard, Vectors
from search.models.preparation import (
    EMBEDDER,
    Shipped,
    cannot_run,
    choose_precision,
    export_graph,
    made_whole,
    preparing_alone,
)
from search.models.session import supported_precisions
from search.models.source import ModelSource, check_bundled_weights, find_model
from search.settings import Settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_WINDOW_IF_UNSTATED = 512

PROBES = (
    "Rain.",
    "Who signed the treaty, and when?",
    "The central bank raised its benchmark rate by a quarter of a point on Wednesday.",
    "LISBON, March 3 - Fishermen on the coast said the catch had halved since 2019, from 41,300 tonnes.",
    '"We will be back," the coach told reporters after the match, which ended 2-1 in extra time.',
    "A new species of frog no longer than a fingernail was found in leaf litter high in the mountains.",
    "Where was the painting kept during the war?",
    "The carmaker recalled 120,000 vans because a hose under the bonnet may leak.",
    "Voters in the province go to the polls next month to choose a governor.",
    "How many passengers were on the ferry?",
    "Doctors at the university hospital transplanted a liver from a living donor for the first time.",
    "Her second novel, about two sisters on an island, won the prize for fiction.",
    "Power was restored to most of the city by dawn, but schools stayed closed.",
    "The court struck down a law that had banned the sale of alcohol on Sundays.",
    "What did the astronomers see through the telescope?",
    "Wheat prices fell for a third week as rain reached the northern plains.",
    "Police arrested four men over the theft of a truckload of smartphones.",
    "The orchestra will play all nine symphonies in the old railway depot this summer.",
    "Engineers are digging a tunnel under the strait to carry cables and trains.",
    "Why did the minister resign?",
    "The choir master retired after teaching three generations of the village to sing.",
    "Der Minister trat am Montag zurück; 最終報告は来月公表される。",
    " ".join(
        f"In year {year} the harbour handled {year % 97} thousand containers and {year % 13} cruise ships."
        for year in range(1990, 2020)
    ),
)
"""Unrelated texts, short and long, with figures, quotations and other scripts: what the exported model must embed
as the original does, and from which the scale of a model's cosines is taken."""


def prepare_model(source: ModelSource, folder: Path, report: Callable[[str], None]) -> Prepared:
    """Export a model into a prepared folder and record how well it agrees with the original.

    The folder appears whole or not at all. A model that cannot be exported is recorded as such, with the
    reason, and is then run by torch.

    Args:
        source: Where the model is.
        folder: The prepared folder to make; replaced if it exists.
        report: Told, in words for people, what is being done.

    Raises:
        ModelDamagedError: If the bundled model's weights are not the published ones.
    """
    check_bundled_weights(source)
    report(f"preparing the model {source.name} (once): loading it with torch")
    model = load_sentence_transformer(source)
    facts = Prepared(
        format=FORMAT,
        fingerprint=source.fingerprint(),
        dimension=model.get_embedding_dimension() or 0,
        window=model.get_max_seq_length() or _WINDOW_IF_UNSTATED,
        inputs=tuple(model.tokenizer.model_input_names),
        pad_id=model.tokenizer.pad_token_id or 0,
        question_prompt=model.prompts.get("query") or "",
        passage_prompt=model.prompts.get("document") or "",
        spread=0.0,
        agreement={},
    )
    with made_whole(folder) as making:
        prepared = _export(model, facts, making, report)
        prepared.save(making)
    return prepared


def _export(
    model: "SentenceTransformer", facts: Prepared, folder: Path, report: Callable[[str], None]
) -> Prepared:
    expected = TorchEmbedder(model, _card(facts, "torch", "f32")).embed_passages(PROBES)
    facts = replace(facts, spread=_spread(expected))
    report("preparing the model: exporting it to OpenVINO")
    try:
        model.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
        _convert(model, facts.inputs, folder / GRAPH)
        report("preparing the model: checking that the export agrees with the original")
        agreement = _agreement(expected, facts, folder)
    except Exception as error:  # noqa: BLE001 - any failure of an export means: run it with torch, and say why
        return replace(facts, failure=f"{type(error).__name__}: {error}")
    return replace(facts, agreement=agreement)


def _convert(model: "SentenceTransformer", inputs: tuple[str, ...], path: Path) -> None:
    """Trace the whole module chain (transformer, pooling, normalisation ...) into an OpenVINO graph."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *arrays: torch.Tensor) -> torch.Tensor:
            features: dict[str, torch.Tensor] = self.model(dict(zip(inputs, arrays, strict=True)))
            return features["sentence_embedding"]

    encoded = model.tokenizer(["two rows", "of unlike length, for the trace"], padding=True, return_tensors="pt")
    export_graph(Whole(), inputs, [encoded[name] for name in inputs], path)


def _agreement(expected: Vectors, facts: Prepared, folder: Path) -> dict[str, float]:
    """Smallest cosine between export and original over the probes, by precision."""
    agreement = {}
    for precision in supported_precisions():
        exported = OpenVinoEmbedder(folder, facts, _card(facts, "openvino", precision), threads=1)
        cosines = (exported.embed_passages(PROBES) * expected).sum(axis=1)
        agreement[precision] = round(float(cosines.min()), 6)
    return agreement


def _spread(vectors: Vectors) -> float:
    """Standard deviation of the cosines between all pairs of unit vectors."""
    first, second = np.triu_indices(len(vectors), k=1)
    return round(float((vectors @ vectors.T)[first, second].std()), 6)


def _card(facts: Prepared, backend: str, precision: str) -> ModelCard:
    return ModelCard("", facts.fingerprint, facts.dimension, facts.window, backend, precision, 1.0, facts.spread)


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
    if shipped := Shipped.load(settings):
        found, place = shipped
        prepared = Prepared.load(place / EMBEDDER)
        if prepared is None:
            raise ModelDamagedError(f"{place} has no embedding model.", "Write it anew: dateline model export")
        card, objection = _chosen(settings, found.model, prepared)
        if objection:
            raise cannot_run(found.model, objection)
        return OpenVinoEmbedder(place / EMBEDDER, prepared, card, settings.threads)
    source, folder, prepared = ensure_prepared(settings, report)
    card, objection = _chosen(settings, source.name, prepared)
    if objection and settings.backend == "openvino":
        raise ModelError(f"OpenVINO cannot run {source.name}: {objection}.", "Use DATELINE_BACKEND=torch.")
    if objection:
        return TorchEmbedder(load_sentence_transformer(source, settings.threads), card)
    return OpenVinoEmbedder(folder, prepared, card, settings.threads)


def ensure_prepared(
    settings: Settings, report: Callable[[str], None] = lambda _: None
) -> tuple[ModelSource, Path, Prepared]:
    """Prepare the configured model if this machine has not done so yet; see `load_embedder`.

    Returns:
        The model, the prepared folder and its record.
    """
    source = find_model(settings.model)
    folder = settings.cache / "models" / source.stamp()
    prepared = Prepared.load(folder)
    if prepared is None:
        with preparing_alone(folder, report):
            prepared = Prepared.load(folder) or prepare_model(source, folder, report)
    return source, folder, prepared


def _chosen(settings: Settings, name: str, prepared: Prepared) -> tuple[ModelCard, str]:
    """Choose how a prepared model is run; gives an objection to OpenVINO too, empty if there is none."""
    agreement = prepared.agreement
    agreeing = [name for name, value in agreement.items() if value >= ENOUGH_AGREEMENT]
    precision, objection = choose_precision(settings, prepared.failure, agreement, agreeing)
    card = ModelCard(
        name=name,
        fingerprint=prepared.fingerprint,
        dimension=prepared.dimension,
        window=prepared.window,
        backend="torch" if objection else "openvino",
        precision="f32" if objection else precision,
        agreement=1.0 if objection else agreement[precision],
        spread=prepared.spread,
        note="" if settings.backend == "torch" else objection,
    )
    return card, objection
