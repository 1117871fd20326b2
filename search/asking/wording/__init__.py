"""Is a sentence that a model wrote borne out by the quotes that it cites? Nothing in here knows of models."""

from search.asking.wording.check import Draft, Rule, checked, parted
from search.asking.wording.evidence import telling

__all__ = ["Draft", "Rule", "checked", "parted", "telling"]
