"""A server of an archive, and one question to a server.

python -m tests.cluster.replica INDEX HOST PORT
python -m tests.cluster.replica URL
"""

import sys
import urllib.request
from urllib.error import HTTPError, URLError


def serve(index: str, host: str, port: str) -> None:
    """Serve until it is ended, with the embedder of tests."""
    import uvicorn

    from api.http import HttpSettings
    from api.http.app import create_app
    from tests.fakes import HashEmbedder

    uvicorn.run(create_app(HttpSettings.load(index=index), HashEmbedder()), host=host, port=int(port))


def ask(url: str) -> None:
    """Write status and answer; 0 is the status of one that does not answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=60) as answer:
            told = f"{answer.status} {answer.read().decode()}"
    except HTTPError as error:
        told = f"{error.code} {error.read().decode()}"
    except (URLError, OSError) as error:
        told = f"0 {error}"
    sys.stdout.write(told)


if __name__ == "__main__":
    (serve if len(sys.argv) > 2 else ask)(*sys.argv[1:])
