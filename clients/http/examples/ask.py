"""Ask a server a question: python ask.py http://127.0.0.1:8000 when will missiles be used?"""

import sys

from dateline_client import Client


def main() -> None:
    """Print the quotes that answer, each with who says it and where it stands."""
    address, *words = sys.argv[1:]
    with Client(address) as client:
        answer = client.ask(" ".join(words))
    if not answer.found:
        sys.stdout.write(f"Not found. {answer.reason}\n")
    for citation in answer.citations:
        speaker = citation.speaker.name if citation.speaker else citation.source
        sys.stdout.write(
            f'"{citation.quote}" - {speaker}, {citation.article_id} [{citation.start}:{citation.end}]\n'
        )


if __name__ == "__main__":
    main()
