"""To whom "the German foreign minister said" is given: everything of that form in a set of articles.

    python benchmarks/offices.py NEWS/wire.jsonl.gz
    python benchmarks/offices.py NEWS/wire.jsonl.gz --read

Of each attribution that names an office with something before it, it is told whether the office stays as it is
named or goes to a holder; and of those that go to one, whether the holder is said to have all that qualifies the
office. Words are compared as they stand, but for endings of places ("German", "Germany"); nothing here knows how
descriptions are read. `--read` lists those whose holder lacks a word, to be judged by hand.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from draw_statements import articles_of

from search.article import Article
from search.english.people import Noun, words
from search.english.places import with_standard_places
from search.statements import Speaker, read_statements

_ROLES = "|".join(sorted(words(Noun.ROLE), key=len, reverse=True))
_OFFICE = re.compile(
    rf"(?:[a-z]+\s+|[Aa]ccording\s+to\s+)?[Tt]he\s+(?P<qualifiers>(?:[\w'’.-]+\s+){{1,4}}?)(?P<role>{_ROLES})"
    r"(?![\w'’-])(?!\s+[A-Z])"
)
_ARTICLES_OF_NOUNS = frozenset({"of", "and", "the", "for", "a", "an", "s"})


@dataclass(frozen=True, slots=True)
class Office:
    """An office that is said to speak.

    Attributes:
        article: Id of the article.
        said: The words that attribute it.
        qualifiers: What stands between "the" and the role.
        speaker: To whom it was given.
    """

    article: str
    said: str
    qualifiers: str
    speaker: Speaker

    @property
    def is_given_to_a_holder(self) -> bool:
        """Whether somebody else is the speaker than the office as it is named."""
        return self.speaker.name.casefold() not in self.said.casefold()

    @property
    def lacking(self) -> list[str]:
        """The qualifiers that neither the holder's role nor name has."""
        held = set(_plain(f"{self.speaker.role or ''} {self.speaker.name}"))
        return [word for word in _plain(self.qualifiers) if word not in held]


def offices(article: Article) -> Iterator[Office]:
    """Find the offices that speak in an article."""
    for statement in read_statements(article.body):
        for one in (statement, *statement.parts):
            speaker = one.speaker
            found = _OFFICE.match(speaker.words) if speaker else None
            if speaker and found and one.start <= speaker.start < one.end:
                yield Office(article.id, speaker.words, found["qualifiers"], speaker)


def _plain(text: str) -> list[str]:
    text = re.sub(r"['’]s?(?!\w)", "", text).replace(".", "").replace("-", " ")
    return [word for word in with_standard_places(text.lower()).split() if word not in _ARTICLES_OF_NOUNS]


def main() -> None:
    """Read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="+", metavar="ARTICLES")
    parser.add_argument("--read", action="store_true", help="List those whose holder lacks a qualifier.")
    arguments = parser.parse_args()
    found = [one for path in arguments.articles for article in articles_of(path) for one in offices(article)]
    held = [one for one in found if one.is_given_to_a_holder]
    counts = Counter(bool(one.lacking) for one in held)
    print(f"{len(found)} offices speak; {len(held)} are given to a holder")
    print(f"  the holder is said to have every qualifier: {counts[False]}")
    print(f"  the holder lacks a qualifier: {counts[True]}")
    for one in held if arguments.read else ():
        if one.lacking:
            print(f"{one.article}: {one.said!r} -> {one.speaker.name} ({one.speaker.role}): {one.lacking}")


if __name__ == "__main__":
    main()
