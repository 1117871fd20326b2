"""Reading the statements of an article: every sentence with its standing and its speaker."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from search.article import Span
from search.english.quotations import nicknames, plain, without_nicknames
from search.english.sentences import sentences
from search.english.table import any_word_of, words_of
from search.statements.attribution import Attribution, find_attributions, main_attribution
from search.statements.cast import Cast
from search.statements.descriptions import Genders, read_description
from search.statements.first_subject import first_subject
from search.statements.lexicon import ATTENDANTS, GROUPS, NATIONALS, ROLES
from search.statements.naming import Kind, Naming, is_document, read_naming
from search.statements.quotations import BLANK, begins_quoted, is_left_open, is_quotation, unquoted
from search.statements.standing import LONGEST_READ, as_prose, main_standing
from search.statements.statement import Speaker, Statement
from search.statements.transcripts import Turn, Turns, labelled

_OF_HIMSELF = re.compile(r"\s+(?:that\s+)?(?P<pronoun>he|she|it)\b")
_QUOTED_SOURCE = re.compile(
    r"\s*,?\s+(?:quoting|citing)\s+(?P<who>[^,;:~\"“”]{3,80}?)\s*(?:[,.]|\s+as\s+saying\b|\Z)"
)
_PARTY = re.compile(r"(?<=[^\W\d_]) \((?![A-Z]{2,7}\))[^()\n\"“”]{1,80}\)")
"""What stands in brackets behind a name: "(R-Iowa)"; letters that stand for a name are kept."""
_OPENING = frozenset("\"“‘'")
_PARTED = re.compile(r"[,;:~\"“”]|\b(?:but|and|while|although|though|because|as|after|when)\b")
"""Between two who say something: what the second says is not what the first does."""
_SEVERAL = re.compile(r"[^s']s\Z")
_NEXT_SENTENCE = re.compile(r"[.!?][\"”]\s+(?=[A-Z])")
_PAPER = re.compile(rf"\b(?P<paper>{any_word_of('name_parts', 'paper')}|letter)\b")
_IN_A_PAPER = re.compile(
    rf"\b(?:in|{any_word_of('saying', 'issues a paper')})\s+(?:an?|the|its|his|her|their)\s+"
    rf"(?:[\w'’-]+\s+){{0,3}}?"
    rf"(?P<paper>{any_word_of('name_parts', 'paper')}|letter)\b(?!\s+(?:by|from|of)\b)"
)
"""A paper in which somebody says so: "the Port Union said in a statement"."""
_AGED = re.compile(r"\d{1,3}[- ]year[- ]olds?")
_BETWEEN_NAMES = r"\W+(?:\([^()]*\)\W*)?"
"""Between the names of somebody, with what is left out of them: "Ana (R-Iowa) Souza"."""
_MOST_WORDS_BEFORE_QUOTED = 8
_MOST_PERSONS = 50
_FARTHEST = 8
"""Sentences across which a pronoun is followed."""


@dataclass(slots=True)
class _Said:
    """Who spoke last, by the kind of pronoun that would mean them."""

    speaker: Speaker
    sentence: int


def read_statements(body: str) -> list[Statement]:
    """Read each sentence of an English body.

    Args:
        body: Canonical text of an article; offsets of the result count its code points.

    Returns:
        One statement for each sentence of `search.english.sentences.sentences`, in order.
    """
    return _Reader(body).read()


class _Reader:
    def __init__(self, body: str) -> None:
        self._body = body
        text = plain(body)
        self._text = _PARTY.sub(lambda match: " " * len(match.group()), without_nicknames(text))
        self._cast = Cast(self._text, nicknames(text))
        self._turns = Turns(text)
        self._genders = Genders(self._text)
        self._last: dict[str, _Said] = {}
        self._earlier: dict[str, _Said] = {}
        self._things: set[str] = set()
        self._persons: deque[Speaker] = deque(maxlen=_MOST_PERSONS)
        self._papers: dict[str, _Said] = {}
        self._former: Speaker | None = None
        self._former_text = ""
        self._former_sentence: Span | None = None
        self._in_paragraph: Speaker | None = None

    def read(self) -> list[Statement]:
        read: list[Statement] = []
        for number, sentence in enumerate(sentences(self._body)):
            statement = self._statement(number, sentence)
            quoted = bool(read) and self._text[read[-1].start] in _OPENING
            if (quoted or sentence.of(self._text).endswith(":")) and self._only_attributes(statement):
                # It tells whose the quotation before or behind it is, and says nothing itself.
                if quoted and read[-1].speaker is None:
                    read[-1] = replace(read[-1], speaker=statement.speaker)
                statement = replace(statement, speaker=None)
            self._give_what_goes_on(read, statement)
            read.append(statement)
        return read

    def _give_what_goes_on(self, read: list[Statement], statement: Statement) -> None:
        """Give the paragraphs of a quotation that has not closed before a statement to who is named only in it."""
        if statement.speaker is None or not begins_quoted(self._text[statement.start : statement.end]):
            return
        for place in reversed(range(len(read))):
            former = read[place]
            if former.speaker is not None or not is_left_open(self._text[former.start : former.end]):
                return
            read[place] = replace(former, speaker=statement.speaker)

    def _only_attributes(self, statement: Statement) -> bool:
        """Tell whether a sentence has nothing but who says something: "Souza said:"."""
        speaker = statement.speaker
        if speaker is None or not statement.start <= speaker.start < statement.end:
            return False
        rest = self._text[statement.start : speaker.start] + self._text[speaker.end : statement.end]
        return not any(character.isalnum() for character in rest)

    def _statement(self, number: int, sentence: Span) -> Statement:
        if self._former_sentence is None or "\n\n" in self._text[self._former_sentence.end : sentence.start]:
            self._in_paragraph = None
        text = as_prose(sentence.of(self._text)[:LONGEST_READ])
        text = " " + text[1:] if text.startswith("(") else text
        blank = unquoted(text)
        found = find_attributions(blank)
        attribution = main_attribution(found)
        speaker: Speaker | None = None
        if attribution is not None:
            speaker = self._speaker(attribution, sentence, number)
            of_himself = _OF_HIMSELF.match(text, attribution.verb_end)
            if speaker is not None and of_himself:
                self._learn(speaker, attribution.naming, of_himself["pronoun"])
        elif label := labelled(blank, first=number == 0, body=self._text):
            attribution, speaker = self._labelled(*label, sentence)
        elif is_quotation(text):
            speaker = self._former or self._quoted_in_paragraph(sentence)  # a quotation that goes on
        spoken = any(map(str.isalnum, text)) and not text.endswith(":") and not text.startswith(" ")
        if spoken and (turn := self._turns.at(sentence.start)):
            # Under a label everything is said by whom it names, and what that is has no label.
            speaker = self._turn_of(turn)
            text = text[max(0, turn.label.end + 1 - sentence.start) :].lstrip()
            blank, attribution, found = unquoted(text), None, []
        standing = main_standing(text, blank, attribution)
        parts = tuple(self._parts(found, attribution, speaker, sentence, number, text, blank))
        if speaker is None and len(found) == 1 and len(parts) == 1 and parts[0].speaker is not None:
            self._remember(parts[0].speaker, number, found[0].naming)
        self._former = speaker
        self._former_text = text
        self._former_sentence = sentence
        self._in_paragraph = speaker if speaker is not None else self._in_paragraph
        if speaker is not None:
            self._remember(speaker, number, attribution.naming if attribution is not None else None)
            if (paper := _PAPER.search(speaker.words)) and paper["paper"] not in speaker.name:
                self._papers[paper["paper"]] = _Said(speaker, number)
            self._papers |= {
                match["paper"].lower(): _Said(speaker, number) for match in _IN_A_PAPER.finditer(blank)
            }
        self._remember_who_goes_on(found, attribution, parts, sentence, number, text)
        return Statement(standing, speaker, sentence.start, sentence.end, None, parts)

    def _remember_who_goes_on(
        self,
        found: Sequence[Attribution],
        main: Attribution | None,
        parts: Sequence[Statement],
        sentence: Span,
        number: int,
        text: str,
    ) -> None:
        """Take for the last speaker who speaks behind a quotation that ends inside of what is one sentence."""
        for one in found:
            if main is None or one.aside or one.start < main.end:
                continue
            part = next((part for part in parts if part.start <= sentence.start + one.start < part.end), None)
            behind = _NEXT_SENTENCE.search(text, main.end, one.start + 1)
            if behind and part is not None and part.speaker is not None and one.naming.kind is not Kind.PRONOUN:
                self._former = self._in_paragraph = part.speaker
                self._remember(part.speaker, number, one.naming)

    def _quoted_in_paragraph(self, sentence: Span) -> Speaker | None:
        """Who is quoted behind a sentence that nobody says: whom it is about if it is short, else who spoke.

        "Le Courrier went further. “It was late.”"
        """
        former = self._former_sentence
        if former is None or "\n\n" in self._text[former.end : sentence.start]:
            return None
        subject = first_subject(unquoted(self._former_text))
        if subject is None or subject[0].kind is not Kind.NAME:
            return self._in_paragraph
        if len(self._former_text.split()) > _MOST_WORDS_BEFORE_QUOTED:
            return None
        words = _BETWEEN_NAMES.join(map(re.escape, subject[0].name.split()))
        written = re.compile(words).search(self._text, former.start + subject[1], former.end)
        if written is None:
            return None
        start, end = former.start + subject[1], written.end()
        name, role = self._cast.complete(subject[0], start)
        return Speaker(name, role, self._body[start:end], start, end)

    def _parts(
        self,
        found: Sequence[Attribution],
        main: Attribution | None,
        speaker: Speaker | None,
        sentence: Span,
        number: int,
        text: str,
        blank: str,
    ) -> Iterator[Statement]:
        """Read what others than the speaker of the main statement say, think or want in the sentence."""
        ordered = sorted(found, key=lambda one: one.start)
        for place, one in enumerate(ordered):
            if one is main:
                continue
            former = max((other.end for other in ordered[:place] if other.end <= one.start), default=0)
            behind = min(
                (other.start for other in ordered[place + 1 :] if other.start >= one.end), default=len(text)
            )
            start, end = (former, one.end) if one.before else (one.start, behind)
            nested = main is not None and main.end <= one.start and not main.before
            if nested and one.naming.kind is Kind.PRONOUN:
                continue  # "Souza said she would": herself, or nobody that can be told
            said_by = self._speaker(one, sentence, number)
            if said_by is None or (speaker is not None and said_by.name == speaker.name):
                continue
            said = blank[start : one.start] if one.before else blank[one.verb_end : end]
            if not any(character.isalpha() or character == BLANK for character in said):
                continue
            within = replace(
                one, start=one.start - start, end=one.end - start, verb_end=one.verb_end - start, verbs=()
            )
            standing = main_standing(text[start:end], blank[start:end], within)
            piece = text[start:end]
            start += len(piece) - len(piece.lstrip(" ,;"))
            end = start + len(piece.strip(" ,;"))
            reports = nested and main is not None and not _PARTED.search(blank, main.end, one.start)
            reporter = speaker if reports else None
            yield Statement(standing, said_by, sentence.start + start, sentence.start + end, reporter)

    def _learn(self, speaker: Speaker, naming: Naming, pronoun: str) -> None:
        """Note by which pronoun a speaker goes who speaks of himself, or of itself."""
        if pronoun == "it":
            self._things |= {speaker.name} if naming.kind is Kind.DESCRIPTION else set()
        elif naming.kind is Kind.NAME:
            self._genders.learn(speaker.name, pronoun)

    def _turn_of(self, turn: Turn) -> Speaker | None:
        """Name who speaks under a label."""
        if turn.naming is None:
            return None
        name, role = self._cast.complete(turn.naming, turn.label.start)
        return Speaker(name, role, turn.label.of(self._body), turn.label.start, turn.label.end)

    def _labelled(self, naming: Naming, label: Span, sentence: Span) -> tuple[Attribution, Speaker]:
        """Read who is named by the label before what a sentence quotes."""
        start, end = sentence.start + label.start, sentence.start + label.end
        name, role = self._cast.complete(naming, start)
        attribution = Attribution(naming, "says", label.start, label.end + 1, label.end + 1, before=False)
        return attribution, Speaker(name, role, self._body[start:end], start, end)

    def _speaker(self, attribution: Attribution, sentence: Span, number: int) -> Speaker | None:
        start, end = sentence.start + attribution.start, sentence.start + attribution.end
        words = self._body[start:end]
        naming = attribution.naming
        if naming.medium and (source := self._source(attribution, sentence)):
            return source
        if naming.kind is Kind.PRONOUN:
            meant = self._meant(naming.name, sentence, number)
            return meant and Speaker(meant[0], meant[1], words, start, end)
        if same := self._same(naming, number):
            return Speaker(same.name, same.role, words, start, end)
        name, role = self._cast.complete(naming, sentence.start + attribution.start)
        return Speaker(name, role, words, start, end)

    def _source(self, attribution: Attribution, sentence: Span) -> Speaker | None:
        """Whom a medium quotes for what it reports: "the agency said, citing police"."""
        found = _QUOTED_SOURCE.match(self._text, sentence.start + attribution.end, sentence.end)
        naming = read_naming(found["who"], surely=True) if found else None
        if found is None or naming is None or naming.kind is Kind.PRONOUN:
            return None
        start, end = found.span("who")
        name, role = self._cast.complete(naming, start)
        return Speaker(name, role, self._body[start:end], start, end)

    def _same(self, naming: Naming, number: int) -> Speaker | None:
        """Who spoke last, where a description means nobody else: "the Swede", "the daily", "the report"."""
        swede = naming.kind is Kind.NAME and naming.role is None and naming.name.lower() in NATIONALS
        if not naming.definite or not (naming.kind is Kind.DESCRIPTION or swede):
            return None
        head = naming.name.lower().split()[-1]
        said: _Said | None
        if head in self._papers and naming.name.islower() and " " not in naming.name:
            said = self._papers[head]
        elif head in NATIONALS or _AGED.fullmatch(naming.name):
            persons = [self._last[pronoun] for pronoun in ("he", "she") if pronoun in self._last]
            said = max(persons, key=lambda one: one.sentence, default=None)
        elif head in words_of("name_parts", "meant by it") and naming.name.islower():
            said = self._last.get("it")
            if head != "agency" and said is not None and said.speaker.name.lower().split()[-1] in GROUPS | ROLES:
                return None  # "the paper" is no government
        else:
            return None
        return said.speaker if said is not None and number - said.sentence <= 2 * _FARTHEST else None

    def _meant(self, pronoun: str, sentence: Span, number: int) -> tuple[str, str | None] | None:
        """Whom a pronoun means: who the sentence before is about, else who spoke last."""
        said = self._last.get(pronoun)
        known = self._genders.pronouns_of(said.speaker.name, None) if said is not None else ()
        if pronoun in {"he", "she"} and known and pronoun not in known:
            said = self._earlier.get(pronoun)  # who is "she" is not "he"
        recent = said is not None and number - said.sentence <= _FARTHEST
        meant = (said.speaker.name, said.speaker.role) if said is not None and recent else None
        if pronoun in {"he", "she"} and (said is None or said.sentence != number - 1):
            about = self._cast.subject_of(self._former_text, sentence.start) or self._spoken_before()
            if about is not None and pronoun in self._genders.pronouns_of(*about):
                meant = about
        if meant is not None and pronoun in {"he", "she"}:
            self._genders.learn(meant[0], pronoun)
            if said is not None and said.speaker.name == meant[0]:
                self._persons.append(said.speaker)
        return meant

    def _spoken_before(self) -> tuple[str, str | None] | None:
        """Who the sentence before is about, if it names somebody who has been "he" or "she" before."""
        subject = first_subject(unquoted(self._former_text))
        if subject is None or subject[0].kind is not Kind.NAME:
            return None
        last = subject[0].name.split()[-1]
        known = (one for one in self._persons if one.name.split()[-1] == last)
        return next(((one.name, one.role) for one in known), None)

    def _remember(self, speaker: Speaker, number: int, naming: Naming | None) -> None:
        if naming is None or naming.kind is Kind.PRONOUN:
            kinds = [kind for kind, said in self._last.items() if said.speaker.name == speaker.name]
            self._last |= {kind: _Said(speaker, number) for kind in kinds}
            return
        for kind in self._pronouns_of(speaker, naming):
            former = self._last.get(kind)
            if former is not None and former.speaker.name != speaker.name:
                self._earlier[kind] = former
            self._last[kind] = _Said(speaker, number)

    def _pronouns_of(self, speaker: Speaker, naming: Naming) -> Sequence[str]:
        """By which pronouns somebody may be meant behind such a naming."""
        persons = tuple(self._genders.pronouns_of(speaker.name, speaker.role))
        words = speaker.name.lower().split()
        last = words[-1]
        is_name = naming.kind is Kind.NAME and naming.role is None
        kinds: Sequence[str] = persons
        if naming.medium or (is_name and naming.definite):
            kinds = ("it", "they") if _SEVERAL.search(last) and not naming.medium else ("it",)
        elif naming.kind is Kind.NAME and _is_of_a_body(speaker.role):
            kinds = ("it",)
        elif is_name and "and" in words:
            two_persons = all(" " in side for side in speaker.name.split(" and "))
            kinds = ("they",) if two_persons else ("it", "they")
        elif is_document(naming):
            kinds = ("it",)
        elif last in ROLES | GROUPS and last.endswith("s"):
            kinds = ("they",)
        elif last in ROLES and last not in GROUPS and naming.kind is Kind.DESCRIPTION:
            kinds = persons
        elif (last in GROUPS and last not in ROLES) or (speaker.role is None and len(words) != 2):  # noqa: PLR2004
            kinds = ("it", "they") if last in GROUPS else ("it", *persons)
        elif naming.kind is Kind.DESCRIPTION and last not in ROLES | ATTENDANTS:
            kinds = ("it",) if speaker.name in self._things else ("it", *persons)
        return kinds


def _is_of_a_body(role: str | None) -> bool:
    """Tell whether a role is what a body is: "the firm" of "the firm, Brask"."""
    heads = read_description(role).heads if role else frozenset()
    return bool(heads) and heads <= GROUPS - ROLES - ATTENDANTS
