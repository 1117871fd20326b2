"""What identifies an optional model."""

from dataclasses import dataclass


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
