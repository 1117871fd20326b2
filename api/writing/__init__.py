"""Written answers: a language model words the evidence, and only what the evidence bears out is given on.

The model is somebody else's, behind an OpenAI-compatible endpoint that the operator names; without one nothing
here is used. What it gives is checked sentence by sentence (`search.asking.wording`).
"""
