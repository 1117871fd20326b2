"""A prepared model: the folder in the cache that lets it run without torch."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from search.models.preparation import read_record

GRAPH = "model.xml"
TOKENIZER = "tokenizer.json"
_RECORD = "prepared.json"

FORMAT = 2
"""Changes whenever prepared folders of an older Dateline can no longer be used."""

ENOUGH_AGREEMENT = 0.999
"""Smallest cosine with torch in fp32 at which the exported model stands for the original."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was learnt and checked when a model was prepared.

    Attributes:
        format: Layout of the folder.
        fingerprint: See `ModelCard.fingerprint`.
        dimension: Length of a vector.
        window: Most tokens of one text, special tokens included.
        inputs: Names of the graph's inputs, in order.
        pad_id: Token id that fills a batch's shorter rows.
        question_prompt: What the model wants written before a question.
        passage_prompt: What the model wants written before a passage.
        spread: See `ModelCard.spread`.
        agreement: Smallest cosine with torch in fp32 over the probe texts, by precision (`bf16`, `f32`);
            empty when the model could not be exported.
        failure: Why the model could not be exported; empty when it was.
    """

    format: int
    fingerprint: str
    dimension: int
    window: int
    inputs: tuple[str, ...]
    pad_id: int
    question_prompt: str
    passage_prompt: str
    spread: float
    agreement: dict[str, float]
    failure: str = ""

    def save(self, folder: Path) -> None:
        """Write the record into a prepared folder."""
        text = json.dumps(asdict(self), indent=2) + "\n"
        (folder / _RECORD).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self | None:
        """Read the record of a prepared folder; None when there is none or it is of another format.

        Raises:
            ModelDamagedError: If the record is there but cannot be read.
        """
        return read_record(
            folder / _RECORD,
            FORMAT,
            lambda fields: cls(**{**fields, "inputs": tuple(fields["inputs"])}),
            "the model",
        )
