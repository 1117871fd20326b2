"""Models small enough to be trained in a test, which then do what their big relatives do.

The cross-encoder scores a text high when it shares a word with the question; the reader marks the year in a text
that has one. Both are real BERTs with a vocabulary of their own, trained on sentences made at random.
"""

import random
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = (
    "rain storm harbour minister treaty ferry court strike bank rates frog painting tunnel wheat novel police "
    "orchestra bridge doctor school power vote carmaker coast"
).split()
FILL = "the of a was on in by and said it".split()
WHEN = "when did it happen?"

WINDOW = 64
_WIDTH = 48
_BATCH = 32
_LEARNT = 0.02
_MOST_STEPS = 300


def make_cross_encoder(folder: Path) -> None:
    """Train and save a cross-encoder that likes shared words."""
    from sentence_transformers import CrossEncoder

    save(_learnt(_begin_cross_encoder, rate=1e-3), folder / "bare", make_tokenizer())
    CrossEncoder(str(folder / "bare"), device="cpu").save(str(folder / "model"))


def make_reader(folder: Path) -> None:
    """Train and save a reader that marks years, and the first token where there is none."""
    save(_learnt(_begin_reader, rate=3e-3), folder, make_tokenizer())


def _begin_cross_encoder(chance: random.Random) -> tuple[Any, Callable[[], Any]]:
    """A model to train and its loss on a new batch."""
    import torch
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification(_config(heads=1, num_labels=1))
    with torch.no_grad():
        # From here, where each word looks for its like anywhere, a hundred steps are enough.
        model.bert.embeddings.position_embeddings.weight.zero_()
        looking = model.bert.encoder.layer[0].attention.self
        looking.query.weight.copy_(torch.eye(_WIDTH))
        looking.key.weight.copy_(torch.eye(_WIDTH))
    tokenizer = make_tokenizer()

    def loss() -> Any:
        pairs = [_pair(chance, shared=number % 2 == 0) for number in range(_BATCH)]
        encoded = tokenizer(*map(list, zip(*pairs, strict=True)), padding=True, return_tensors="pt")
        wanted = torch.tensor([float(number % 2 == 0) for number in range(_BATCH)])
        found = model(**encoded).logits[:, 0]
        return torch.nn.functional.binary_cross_entropy_with_logits(found, wanted)

    return model, loss


def _begin_reader(chance: random.Random) -> tuple[Any, Callable[[], Any]]:
    """A model to train and its loss on a new batch."""
    import torch
    from transformers import BertForQuestionAnswering

    model = BertForQuestionAnswering(_config(heads=2))
    tokenizer = make_tokenizer()

    def loss() -> Any:
        dated = [_dated(chance, with_year=number % 3 > 0) for number in range(_BATCH)]
        texts = [text for text, _ in dated]
        encoded = tokenizer([WHEN] * _BATCH, texts, padding=True, return_tensors="pt")
        spans = [(0, 0)] * _BATCH
        for number, (_, year) in enumerate(dated):
            if year is not None:
                first = encoded.char_to_token(number, year, sequence_index=1)
                spans[number] = (first, encoded.char_to_token(number, year + 3, sequence_index=1))
        starts, ends = torch.tensor(spans).T
        return model(**encoded, start_positions=starts, end_positions=ends).loss

    return model, loss


def make_tokenizer(window: int = WINDOW) -> Any:
    """A WordPiece tokenizer that knows the words above and spells the others."""
    from transformers import BertTokenizerFast

    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,:?!"
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    tokens += [word for word in [*WORDS, *FILL, "when", "did", "happen"] if word not in tokens]
    return BertTokenizerFast(vocab={token: number for number, token in enumerate(tokens)}, model_max_length=window)


def make_byte_tokenizer(window: int = WINDOW, **special: str) -> Any:
    """A tokenizer to which every byte of UTF-8 is a token, as in RoBERTa and GPT."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    bytes_ = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate(["<s>", "<pad>", "</s>", *bytes_])}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    if "cls_token" in special:
        tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",  # noqa: S106
        model_max_length=window,
        model_input_names=["input_ids", "attention_mask"],
        **special,
    )


def untrained(kind: str, **more: Any) -> Any:
    """A BERT of transformers' class `kind` with random weights of the size of trained ones."""
    import torch
    import transformers

    torch.manual_seed(7)
    return getattr(transformers, kind)(_config(heads=2, initializer_range=0.5, **more))


def save(model: Any, folder: Path, tokenizer: Any) -> None:
    """Save a model and its tokenizer."""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _config(*, heads: int, **more: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        **{
            "vocab_size": len(make_tokenizer()),
            "hidden_size": _WIDTH,
            "num_hidden_layers": 2,
            "num_attention_heads": heads,
            "intermediate_size": 96,
            "max_position_embeddings": WINDOW,
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
            "initializer_range": 0.1,
            **more,
        }
    )


def _pair(chance: random.Random, *, shared: bool) -> tuple[str, str]:
    asked = chance.sample(WORDS, 2)
    words = chance.sample([word for word in WORDS if word not in asked], 3)
    if shared:
        words[0] = chance.choice(asked)
    words += chance.sample(FILL, 3)
    chance.shuffle(words)
    return " ".join(asked), " ".join(words)


def _dated(chance: random.Random, *, with_year: bool) -> tuple[str, int | None]:
    words = chance.sample(WORDS + FILL, chance.randint(2, 15))
    words[:2] = ("".join(chance.choices(string.ascii_lowercase, k=chance.randint(1, 6))) for _ in range(2))
    chance.shuffle(words)
    if not with_year:
        return " ".join(words) + ".", None
    place = chance.randrange(len(words) + 1)
    words.insert(place, str(chance.randint(1900, 2099)))
    return " ".join(words) + ".", len(" ".join([*words[:place], ""]))


def _learnt(begin: Callable[[random.Random], tuple[Any, Callable[[], Any]]], *, rate: float) -> Any:
    """Train a model; from some beginnings it gets stuck, and then begins again from the next.

    On one thread, which is the fastest for models of this size.
    """
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for seed in range(7, 17):
            torch.manual_seed(seed)
            model, loss = begin(random.Random(seed))  # noqa: S311
            if _train(model, loss, rate):
                return model
    finally:
        torch.set_num_threads(threads)
    raise AssertionError("it learnt nothing from any beginning")


def _train(model: Any, loss: Callable[[], Any], rate: float) -> bool:
    """Train until the loss is small; tell whether it became so."""
    import torch

    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    model.train()
    recent = 1.0
    for _ in range(_MOST_STEPS):
        optimizer.zero_grad()
        now = loss()
        now.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        recent = 0.9 * recent + 0.1 * now.item()
        if recent < _LEARNT:
            model.eval()
            return True
    return False
