import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.english.sentences import sentences
from search.statements import Speaker, Standing, Statement, read_statements

PIECES = st.sampled_from(
    [
        "Ana Souza, the harbour master, said the ferry was late.",
        '"It will sail," she said. "It always does."',
        "Souza",
        "He",
        "Foreign Minister Jan Novak",
        "the spokesman",
        "according to",
        "said",
        "denied",
        "told reporters",
        '"',
        "“",
        "”",
        "(",
        ",",
        ".",
        "\n\n",
        "if",
        "will",
        "\U0001f30b",
        "é",
        "U.S.",
    ]
)


def speakers(body: str) -> list[tuple[str, str | None] | None]:
    """Name and role of each sentence's speaker."""
    return [(one.speaker.name, one.speaker.role) if one.speaker else None for one in read_statements(body)]


@given(st.text(max_size=200) | st.lists(PIECES, max_size=14).map(" ".join))
def test_every_sentence_is_read_and_attributions_are_slices(body: str) -> None:
    statements = read_statements(body)
    assert [(one.start, one.end) for one in statements] == [(span.start, span.end) for span in sentences(body)]
    for one in statements:
        if one.speaker:
            assert one.speaker.words == body[one.speaker.start : one.speaker.end] != ""
            assert one.speaker.name


def test_the_attribution_lies_where_it_says() -> None:
    body = 'Antony Blinken, US Secretary of State, told a news conference: "Russia will use them within weeks."'
    words = "Antony Blinken, US Secretary of State, told a news conference"
    assert read_statements(body) == [
        Statement(
            Standing.PREDICTED,
            Speaker("Antony Blinken", "US Secretary of State", words, 0, len(words)),
            0,
            len(body),
        )
    ]


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("US Secretary of State Antony Blinken said it was late.", "Antony Blinken", "US Secretary of State"),
        ('"It is late," said Ana Souza, mayor of Porto, on Monday.', "Ana Souza", "mayor of Porto"),
        ("It is late, company spokesman Jan Novak said.", "Jan Novak", "company spokesman"),
        ("Ana Souza, who owns two ferries, denied that they were late.", "Ana Souza", None),
        (
            "Ana Souza, vice-chair of the board, told AFP so.",
            "Ana Souza",
            "vice-chair of the board",
        ),
        ("The head of the port, Ana Souza, told reporters it was late.", "Ana Souza", "head of the port"),
        (
            "The British ambassador to Lebanon Jane Watt said it was late.",
            "Jane Watt",
            "British ambassador to Lebanon",
        ),
        ("The ferry was late, according to the Ministry of Transport.", "Ministry of Transport", None),
        ("The Foreign Ministry said it was late.", "Foreign Ministry", None),
        ("Police said it was late.", "Police", None),
        ("The Islamists, meanwhile, acknowledged that it was late.", "Islamists", None),
        ("Ruritania on Monday warned that it would retaliate.", "Ruritania", None),
        ("The newspaper quoted Ana Souza as saying that it was late.", "Ana Souza", None),
        ("The captain sailed home but denied that he was late.", "captain", None),
        ("It is late, the archdiocese said.", "archdiocese", None),
        ("It was late, AFP reported.", "AFP", None),
        ("The ferry was late, Ana Souza said, the Daily Courier reported.", "Ana Souza", None),
    ],
)
def test_the_speaker_is_read_from_the_sentence(sentence: str, name: str, role: str | None) -> None:
    assert speakers(sentence) == [(name, role)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry was late.",
        "The ferry, which Ana Souza said was safe, sank.",
        "Ana Souza was told to leave.",
        "The strike was called off.",
        "The minister was accused of theft.",
        "An estimated 400 people were hurt.",
        "Ana Souza never denied that it was late.",
        "The ministry neither confirmed nor denied that it was late.",
        "No minister denied that it was late.",
    ],
)
def test_what_the_article_says_itself_has_no_speaker(sentence: str) -> None:
    assert speakers(sentence) == [None]


def test_short_names_and_pronouns_mean_who_was_named_in_full() -> None:
    body = (
        "US Secretary of State Antony Blinken met allies in London. Blinken said they agreed.\n\n"
        '"We will act," he said. "We must."\n\n'
        "The secretary of state added that it was late."
    )
    blinken = ("Antony Blinken", "US Secretary of State")
    assert speakers(body)[0] is None
    assert speakers(body)[1:] == [blinken] * (len(speakers(body)) - 1)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Mr Novak said it was late. Ms Souza said it was early. He said it was noon.", "Novak"),
        ("Ana Souza said she was late. Jan Novak said he was early. She said it was noon.", "Ana Souza"),
        ("Spokeswoman Ana Souza said it was late. Jan Novak said he was early. She said so.", "Ana Souza"),
        ("Mr Souza sang. Ana Souza, spokesman of the port, said it was late. She said it was noon.", "Ana Souza"),
        ("Jan Novak said it was late. He said he was early. Ana Souza said she was not. He said so.", "Jan Novak"),
    ],
)
def test_he_and_she_mean_whom_they_can_mean(body: str, name: str) -> None:
    (*_, (spoke, _)) = [speaker for speaker in speakers(body) if speaker]
    assert spoke == name


def test_a_country_is_no_short_form_of_what_begins_with_its_name() -> None:
    body = "Flights of Iran Air.\n\nIran has denied it. The Washington Post came. Washington denied it."
    assert [speaker and speaker[0] for speaker in speakers(body)] == [None, "Iran", None, "Washington"]


def test_a_clause_about_somebody_is_no_speaker() -> None:
    body = "It was early for Pezeshkian, who took office in July and has said that he wants peace."
    assert speakers(body) == [None]


def test_family_names_may_come_first() -> None:
    body = "Li Wei, director of the port, said it was late. The pier is long. Li said it was built in 1990."
    assert speakers(body) == [("Li Wei", "director of the port"), None, ("Li Wei", "director of the port")]


def test_an_institution_is_meant_by_it_and_by_its_letters() -> None:
    body = (
        "The International Port Union (IPU) said ferries were late. It denied a cover-up. The IPU said so twice."
    )
    assert speakers(body) == [("International Port Union", None)] * 3


def test_a_quotation_that_goes_on_has_the_same_speaker() -> None:
    body = 'Ana Souza, the mayor, said: "The ferry is late."\n\n"It will come," she said.\n\n"It always does."'
    assert speakers(body) == [("Ana Souza", "mayor")] * 3
    assert read_statements(body)[2].speaker == read_statements(body)[1].speaker


def test_a_later_speaker_is_not_known_before() -> None:
    assert speakers("Souza said it was late. Ana Souza is the mayor.")[0] == ("Souza", None)


def test_nothing_is_read_in_nothing() -> None:
    assert read_statements("") == []


@pytest.mark.parametrize(
    "passage",
    [
        "Harbour master Ana Souza{n} said it was late. Souza{n} said no. Ana said yes. ",
        "Spokesman Ana Souza said it was late. The spokesman said no. The foreign minister said so. ",
        "Souza said it was late. He said so. ",
    ],
)
def test_the_time_that_reading_takes_grows_with_the_length_and_no_faster(passage: str) -> None:
    def seconds(passages: int) -> float:
        body = "".join(passage.format(n=n) for n in range(passages))
        began = time.process_time()
        read_statements(body)
        return time.process_time() - began

    seconds(10)
    assert seconds(2_400) < 8 * seconds(600) + 0.5  # were it quadratic: 16


BLINKEN = ("Antony Blinken", "US secretary of state")


@pytest.mark.parametrize(
    "body",
    [
        "Antony Blinken, the US secretary of state, came. It was late, according to Blinken.",
        "Antony Blinken, who is US secretary of state, came. According to Blinken, it was late.",
        "The US secretary of state, Antony Blinken, came. It was late, according to Mr Blinken.",
        "Antony Blinken, the US secretary of state, came. According to Secretary Blinken, it was late.",
        "Antony Blinken, the US secretary of state, came. It was late, according to a statement by Blinken.",
        "It came. It was late, according to Antony Blinken, the US secretary of state.",
        "It came. According to the US secretary of state, Antony Blinken, it was late.",
        "US secretary of state Antony Blinken came. It was late, the US secretary of state said.",
    ],
)
def test_who_is_meant_is_told_with_full_name_and_role(body: str) -> None:
    assert speakers(body) == [None, BLINKEN]


def test_a_family_name_means_the_only_one_whom_the_article_names_in_full_later() -> None:
    later = "Antony Blinken, the US secretary of state, came on Monday."
    assert speakers(f"It was late, according to Blinken. {later}") == [BLINKEN, None]
    assert speakers(f"Blinken said it was late. {later}") == [BLINKEN, None]
    assert speakers(f"Blinken said it was late. Tom Blinken, a nurse, sang. {later}")[0] == ("Blinken", None)
    assert speakers("Korea said it was late. The president of South Korea, Ana Park, came.")[0] == ("Korea", None)


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("Mr Novak said it was late.", "Novak", None),
        ("Dr Novak said it was late.", "Novak", "Dr"),
        ("Speaking on Monday, the mayor of Porto, Ana Souza, said it was late.", "Ana Souza", "mayor of Porto"),
        ("Visiting President Ana Souza said it was late.", "Ana Souza", "Visiting President"),
        ("Ana Souza, 43, a nurse, said it was late.", "Ana Souza", "nurse"),
        ("According to Souza, the ministers met.", "Souza", None),
        ("According to police, Ana Souza, 43, was late.", "police", None),
        ("The ferry was late, according to a joint statement from the two banks.", "two banks", None),
        ("Ana Souza tweeted that it was late.", "Ana Souza", None),
        ("The Justice Department said it was late.", "Justice Department", None),
        ("The General Assembly said it was late.", "General Assembly", None),
        ("Britain, France and Germany said it was late.", "Britain, France and Germany", None),
        ("In London, France and Germany said it was late.", "France and Germany", None),
        ("PORTO (AP) — Sen. Ana Souza said it was late.", "Ana Souza", "Sen."),
        ("PORTO (AP) – Ana Souza denied that it was late.", "Ana Souza", None),
        ("PORTO (Reuters) - In a statement the bank said it was late.", "bank", None),
        (
            "The Health Ministry and other agencies, including the army, will join the search, said Phinij Souza.",
            "Phinij Souza",
            None,
        ),
        ("Moody's said it was late.", "Moody", None),
        ("Ana Souza, of the Sunday Times, said it was late.", "Ana Souza", None),
        ("Denying claims that it was late, Ana Souza said it was not.", "Ana Souza", None),
        ("Ana Souza, the mayor of Porto, said Ruritania last week sent ferries.", "Ana Souza", "mayor of Porto"),
        ("‘The ferry denied us entry,’ Mr Novak said.", "Novak", None),
        ("Porto's claims that the ferry sank are untrue, Ana Souza said on Monday.", "Ana Souza", None),
        ("The WHO said the virus would spread.", "WHO", None),
        ("It was late, according to a survey of 1,002 adults.", "survey of 1,002 adults", None),
        ('"Where is the ferry?" Sen. Ana Souza said.', "Ana Souza", "Sen."),
        ("Ana Souza agreed that it was late.", "Ana Souza", None),
    ],
)
def test_titles_occasions_and_ages_are_no_part_of_who_speaks(sentence: str, name: str, role: str | None) -> None:
    assert speakers(sentence) == [(name, role)]
