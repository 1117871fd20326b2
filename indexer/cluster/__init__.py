"""Indexing by many machines: workers read, prepare and embed, and stage what one writer puts, in order."""
