"""Serve a GGUF model behind llama.cpp's OpenAI-compatible endpoint: python benchmarks/serve_model.py GGUF PORT.

Needs `pip install xllamacpp`. 2,048 tokens of context for each of the conversations that it holds at once.
"""

import argparse
import threading

_CONTEXT = 2_048


def main() -> None:
    """Serve until it is ended; tell the address once it listens."""
    import xllamacpp

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a GGUF file")
    parser.add_argument("port", type=int, help="0 for any that is free")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=1, help="conversations, which share each step of the model")
    given = parser.parse_args()
    wanted = xllamacpp.CommonParams()
    wanted.model.path, wanted.port, wanted.hostnames = given.model, given.port, ["127.0.0.1"]
    wanted.n_ctx, wanted.n_parallel, wanted.warmup = _CONTEXT * given.at_once, given.at_once, False
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = given.threads
    server = xllamacpp.Server(wanted)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
