"""A sentence-transformers model small enough to make in a test, unlike the bundled one in every respect."""

from pathlib import Path

WORDS = (
    "rain fell on the harbour of lisbon while ministers met a treaty was signed query passage in who it".split()
)


def make_tiny_model(folder: Path, *, window: int = 64) -> None:
    """Save a two-layer BERT with a vocabulary of its own, CLS pooling, no normalisation, and prompts."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,:?!"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    vocabulary += [word for word in WORDS if word not in vocabulary]
    bare = folder / "bare"
    bare.mkdir(parents=True)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=128,
        initializer_range=0.2,  # as wide as a trained model, so that the text decides the vector
    )
    BertModel(config).save_pretrained(bare)
    numbered = {word: number for number, word in enumerate(vocabulary)}
    BertTokenizerFast(vocab=numbered, model_max_length=128).save_pretrained(bare)
    transformer = Transformer(str(bare), max_seq_length=window)
    pooling = Pooling(48, pooling_mode="cls")
    prompts = {"query": "query: ", "document": "passage: "}
    SentenceTransformer(modules=[transformer, pooling], prompts=prompts, device="cpu").save(str(folder / "model"))
