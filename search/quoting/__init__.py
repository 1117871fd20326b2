"""Checked quotes: alignment with a text, verification of claims, and the ids of citations."""
