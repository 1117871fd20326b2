"""What is embedded of a passage: its headline and its text, not its date.

Measured (docs/measurements.md): the headline tells what "he" and "the ministry" are about and improves
retrieval. The publication date helps little if at all, and would make equal passages of different days unlike.
"""

HEADLINE_CHARACTERS = 200
"""Longest part of a headline that is embedded with a passage."""


def in_context(headline: str, text: str) -> str:
    """Put the headline before a text, as a sentence of its own."""
    context = headline[:HEADLINE_CHARACTERS].strip()
    if not context:
        return text
    return f"{context} {text}" if context[-1] in ".!?:" else f"{context}. {text}"
