"""Whose words sentences are: other holders, nicknames, unknown occupations, asides, nested and joined sayings."""

import pytest

from search.article import Span
from search.statements import Statement, read_statements, speaker_of


def names(body: str) -> list[str | None]:
    return [one.speaker.name if one.speaker else None for one in read_statements(body)]


def parts(body: str) -> list[Statement]:
    return [part for statement in read_statements(body) for part in statement.parts]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Mayor Ida Lohm said it rained. The deputy mayor said it did not.", ["Ida Lohm", "deputy mayor"]),
        (
            "Captain Jan Vos said no. The harbour captain of Tofte said yes.",
            ["Jan Vos", "harbour captain of Tofte"],
        ),
        ("Brask governor Leo Falk said no. The governor of Vik said yes.", ["Leo Falk", "governor of Vik"]),
        ("The Norlandish navy denied it. The Sorlandish navy did not deny it.", ["Norlandish navy", None]),
        ("The provost, Eli Strand, said no. The provost said so twice.", ["Eli Strand", "Eli Strand"]),
        (
            "Chief executive Nina Foss of Sea Lines said no. The chief executive of giant Brask said yes.",
            ["Nina Foss", "chief executive of giant Brask"],
        ),
        ("The Port Ministry of Tofte said it wept. The ministry said no.", ["Port Ministry of Tofte"] * 2),
        (
            "The Port Ministry said no. The Norlandish Port Ministry said yes.",
            ["Port Ministry", "Norlandish Port Ministry"],
        ),
        ("Rep. Al Lund said no. The congressman said so twice.", ["Al Lund", "Al Lund"]),
        ("Mayor-elect Ida Lohm said no. The mayor said yes.", ["Ida Lohm", "mayor"]),
        (
            "The Norlandish health minister said no. The Corvian government said it would reply.",
            ["Norlandish health minister", "Corvian government"],
        ),
    ],
)
def test_an_office_with_a_word_that_its_holder_lacks_is_anothers(body: str, expected: list[str | None]) -> None:
    assert names(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("“We wait,” said Karl “Kalle” van den Brink, 60.", ["Karl van den Brink"]),
        ("“We wait,” said Eva 'Evi' de la Torre.", ["Eva de la Torre"]),
        ("“We wait,” said Nasser “the Baker” al-Amin, a cook.", ["Nasser al-Amin"]),
        ("Olga (Olya) Petrak said no. Olya said yes. Petrak laughed.", ["Olga Petrak", "Olga Petrak", None]),
        ("Karl Brink called it “late”. Brink said so.", ["Karl Brink", "Karl Brink"]),
        ("The Port Union (PU) Council said no.", ["Port Union Council"]),
    ],
)
def test_a_name_goes_on_behind_a_nickname(body: str, expected: list[str | None]) -> None:
    assert names(body) == expected


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("Ferry passenger Ana Souza said it was late.", "Ana Souza", "Ferry passenger"),
        ("“It was late,” said ferry passenger Ana Souza when asked.", "Ana Souza", "ferry passenger"),
        ("Souza ally Jan Novak said it was late.", "Jan Novak", "Souza ally"),
        ("Senator Ana Souza of Porto said it was late.", "Ana Souza", "Senator"),
        ("Sen. Ana Souza (L-Porto) told reporters that it was late.", "Ana Souza", "Sen."),
        ("Cultural counsellor of the Norlandish Embassy Jan Novak said no.", "Jan Novak", None),
        ("Jan Novak, spokesman for the ferry firm Brask said it was late.", "Jan Novak", None),
        ("Jan Novak, who moved to Aurora, Colorado, in July, said it was late.", "Jan Novak", None),
        ("The mayor -- a former sailor -- said it was late.", "mayor", None),
        ("In its report on the ferry the committee said it was late.", "committee", None),
        ("“It was late,“ said Will Hall, a sailor.", "Will Hall", "sailor"),
        ("Mr. Boxer went on to say that it was late.", "Boxer", None),
        ("A new poll last week showed Souza ahead.", "new poll", None),
        ("It was late, according to a Brask logbook seen by Lusa.", "Brask logbook", None),
        ("It was late, the agency reported, citing port officials.", "port officials", None),
        ("As Ana Souza said, the ferry was late.", "Ana Souza", None),
        ("Ferries, Ana Souza suggested, would be late.", "Ana Souza", None),
        ("(Ana Souza says it was late.)", "Ana Souza", None),
        ("Ana Souza, who owns a ferry, did not sail but told Lusa that it was late.", "Ana Souza", None),
        ("Washington (AFP) – Ana Souza left the talks, saying that it was late.", "Ana Souza", None),
        ("Ana Souza won them over by saying that it was late.", "Ana Souza", None),
        ("Ana Souza: “It was late.”", "Ana Souza", None),
    ],
)
def test_who_says_it_is_found(sentence: str, name: str, role: str | None) -> None:
    (speaker,) = [
        one.speaker
        for statement in read_statements(sentence)
        for one in (statement, *statement.parts)
        if one.speaker
    ]
    assert speaker.name == name
    assert role is None or speaker.role == role


@pytest.mark.parametrize(
    "sentence",
    [
        "The law showed its age.",
        "Brask reported a loss of 5 million euros.",
        "The port added another pier.",
        "Berlin backed off.",
        "Walking in Aurora, Colorado, is cheap.",
        "The mayor -- a former sailor -- left.",
        "Hours later ferries sailed.",
        "Tomorrow: rain in the west.",
        "Either embrace it or leave.",
    ],
)
def test_what_nobody_says_has_no_speaker(sentence: str) -> None:
    (statement,) = read_statements(sentence)
    assert (statement.speaker, statement.parts) == (None, ())


def test_a_nested_saying_keeps_who_reports_it() -> None:
    (part,) = parts("Minister Ana Souza said on Monday that Jan Novak had denied the charge.")
    assert part.speaker is not None
    assert part.reporter is not None
    assert (part.speaker.name, part.reporter.name) == ("Jan Novak", "Ana Souza")
    assert part.standing == "denied"


def test_two_who_speak_side_by_side_report_nothing_of_each_other() -> None:
    (part,) = parts("Ana Souza said it was late, but Jan Novak said it was early.")
    assert part.speaker is not None
    assert (part.speaker.name, part.reporter) == ("Jan Novak", None)


def test_a_pronoun_within_what_somebody_says_is_nobody_else() -> None:
    body = "The Norlandish minister said no. The Corvian government said it would reply and that it denied it."
    assert not [part for part in parts(body) if part.speaker and "Norlandish" in part.speaker.name]


@pytest.mark.parametrize(
    ("body", "last"),
    [
        (
            "Jan Novak said no.\n\n“It was late,” Ana Souza said. “I was there.”\n\nHe said he was not.",
            "Jan Novak",
        ),
        ("Ana Souza said no. Tom Reed said yes. She said it was late.", "Ana Souza"),
        ("Ana Souza said no. Kim Vos said yes. She said it was late.", "Kim Vos"),
        ("Tom Reed said no. The latest poll showed that it was late. He said so twice.", "Tom Reed"),
        ("Steven Vos was late. Vos likes trains. Last year he described them as slow.", "Steven Vos"),
    ],
)
def test_a_given_name_tells_the_pronoun(body: str, last: str) -> None:
    assert names(body)[-1] == last


def test_who_only_attributes_says_nothing_itself() -> None:
    assert names("“I left early…” Ana Souza added.\n\nAna Souza said:\n\n“It was late.”") == [
        "Ana Souza",
        None,
        "Ana Souza",
    ]


TRANSCRIPT = """The hearing on the ferry.

SEN. HALL: Was it late?

SOUZA: It was. Novak says so too.

I was ill that day.

HALL: Thank you.

The hearing ended."""


def test_a_transcript_is_said_by_whom_its_labels_name() -> None:
    assert names(TRANSCRIPT) == [None, "Hall", "Souza", "Souza", "Souza", "Hall", None]


def test_the_label_is_no_part_of_what_is_asked() -> None:
    assert [one.standing for one in read_statements(TRANSCRIPT)][1] == "asked"


@pytest.mark.parametrize(
    "body",
    [
        "Q: Was it late?\n\nA: It was.\n\nQ: Why?\n\nA: It rained.",
        "Monday: rain\n\nTuesday: sun\n\nWednesday: rain",
        "Age: 34\n\nCity: Porto\n\nAge: 35\n\nCity: Vik",
        "England: Reed, Hall\n\nWales: Vos, Moe",
    ],
)
def test_labels_that_name_nobody_speak_for_nobody(body: str) -> None:
    assert not any(names(body))


def test_names_that_end_like_participles_are_no_verbs() -> None:
    (statement,) = read_statements("Khalid Ahmed would open the bridge in May, Ana Souza said.")
    assert statement.standing == "predicted"


@pytest.mark.parametrize(
    ("body", "name", "role"),
    [
        (
            "The lock was opened by Ana Souza, the mayor of Porto, who said it would hold.",
            "Ana Souza",
            "mayor of Porto",
        ),
        ("He met Nils Berg, who has said that the ferry was late.", "Nils Berg", None),
        (
            "The strike was ended by the transport minister, who said that it had cost too much.",
            "transport minister",
            None,
        ),
    ],
)
def test_a_clause_about_somebody_says_what_they_say(body: str, name: str, role: str | None) -> None:
    (part,) = parts(body)
    assert part.speaker is not None
    assert (part.speaker.name, part.speaker.role) == (name, role)
    assert read_statements(body)[0].speaker is None


@pytest.mark.parametrize(
    "body",
    [
        "The lock was opened by Ana Souza, who never said that it would hold.",
        "The inquiry was led by a lawyer from Englewood, New Jersey, who said it was over.",
        "The lock was opened by Ana Souza, who closed it again.",
    ],
)
def test_a_clause_about_somebody_who_says_nothing_has_no_speaker(body: str) -> None:
    assert not parts(body)


def test_who_says_a_slice_is_whose_part_it_stands_in() -> None:
    body = "Ana Souza said it was late, but Jan Novak said it was early."
    (statement,) = read_statements(body)
    late, early = (Span(body.index(word), body.index(word) + len(word)) for word in ("late", "early"))
    assert [one and one.name for one in (speaker_of(statement, late), speaker_of(statement, early))] == [
        "Ana Souza",
        "Jan Novak",
    ]


def test_what_is_reported_of_somebody_is_said_by_who_reports_it() -> None:
    body = "Minister Ana Souza said on Monday that Jan Novak had denied the charge."
    (statement,) = read_statements(body)
    speaker = speaker_of(statement, Span(body.index("charge"), body.index("charge") + 6))
    assert speaker is not None
    assert speaker.name == "Ana Souza"


def test_what_somebody_wants_is_not_said_by_them() -> None:
    body = "Ana Souza wants the bridge closed by June."
    (statement,) = read_statements(body)
    assert speaker_of(statement, Span(body.index("June"), body.index("June") + 4)) is None


def test_champions_who_light_a_fire_champion_nothing() -> None:
    assert not parts("Two French champions, the rower Ana Lima and the skier Rui Melo, lit the fire.")
    assert [one.speaker.name for one in parts("Ana Lima champions the new bridge.") if one.speaker] == ["Ana Lima"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Vera Holm, the prefect, left early. The prefect said it rained.", "Vera Holm"),
        ("Vera Holm, prefect of Tofte, left early. The prefect of Vik said it rained.", "prefect of Vik"),
        ("Her Norlandish counterpart, Jan Vos, said it rained.", "Jan Vos"),
        ("His guest, Princess Ada, said it rained.", "Ada"),
        ("In a letter, the shipping line said it rained.", "shipping line"),
        ("The Tofte Lifeboat Trust said no. The TLT said it rained.", "Tofte Lifeboat Trust"),
        ("Ian Vos built it. Mrs. Vos said it rained.", "Mrs. Vos"),
        ("Ian Vos built it. Mr. Vos said it rained.", "Ian Vos"),
        ("Jan Vos and Ida Lohm said no. They said it rained.", "Jan Vos and Ida Lohm"),
        ('Jan Vos, a diver, left. As Vos put it: "We waited."', "Jan Vos"),
        ('The ferry line said no. "We apologise," it said.', "ferry line"),
        ("Ida Lohm said no. Holm and Vik said no. It said it rained.", "Holm and Vik"),
        ("The TLT said no. The Tofte Lifeboat Trust is old. The TLT said it rained.", "Tofte Lifeboat Trust"),
    ],
)
def test_who_is_meant_by_less_than_a_name(body: str, expected: str) -> None:
    assert names(body)[-1] == expected


def test_a_label_of_one_name_means_who_had_it_in_full() -> None:
    body = "IDA LOHM: It was late.\n\nJAN VOS: It was not.\n\nLOHM: You saw it.\n\nVOS: I did not."
    assert names(body) == ["Ida Lohm", "Jan Vos", "Ida Lohm", "Jan Vos"]


def test_who_puts_something_somewhere_says_nothing() -> None:
    assert names("Jan Vos put it in the safe.") == [None]
    assert names("Jan Vos put it in a letter to the board: the harbour was full.") == ["Jan Vos"]


def test_a_medium_with_a_name_is_not_who_spoke_last() -> None:
    assert (
        names("The Port Board said no. The Tofte news agency reported that it rained.")[-1] == "Tofte news agency"
    )
