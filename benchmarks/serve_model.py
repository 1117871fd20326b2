"""Serve a GGUF model behind llama.cpp's OpenAI-compatible endpoint: python benchmarks/serve_model.py GGUF PORT.

Needs `pip install xllamacpp`. One thread, 4,096 tokens of context.
"""

import sys
import threading

_CONTEXT = 4_096


def main() -> None:
    """Serve until it is ended; tell the address once it listens."""
    import xllamacpp

    path, port = sys.argv[1:]
    wanted = xllamacpp.CommonParams()
    wanted.model.path, wanted.port, wanted.hostnames = path, int(port), ["127.0.0.1"]
    wanted.n_ctx, wanted.n_parallel, wanted.warmup = _CONTEXT, 1, False
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(wanted)
    print(server.listening_address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
