"""Who says it past asides, papers, circumstances and other clauses, and what says nothing for all its words."""

import pytest

from search.statements import Statement, read_statements


def names(body: str) -> list[str | None]:
    return [one.speaker.name if one.speaker else None for one in read_statements(body)]


def parts(body: str) -> list[tuple[str | None, str]]:
    return [
        (part.speaker.name if part.speaker else None, body[part.start : part.end])
        for statement in read_statements(body)
        for part in statement.parts
    ]


def last(body: str) -> Statement:
    return read_statements(body)[-1]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        pytest.param("Ola Rem, visibly tired, praised the crew, saying it had won.", "Ola Rem", id="adjective"),
        pytest.param("Ola Rem, 57, quit and vowed to return.", "Ola Rem", id="age"),
        pytest.param("Ola Rem, the mayor, also said it was late.", "Ola Rem", id="apposition and adverb"),
        pytest.param("The diplomat, speaking from Tofte, also said it was late.", "diplomat", id="participle"),
        pytest.param("Ola Rem, who calls it “a ruin,” said it was late.", "Ola Rem", id="clause that quotes"),
        pytest.param("Rem, citing “the mood of the town,” said it was late.", "Rem", id="participle that quotes"),
        pytest.param("Some ministers -- say, Rem -- have called for help.", "ministers", id="dashes, auxiliary"),
        pytest.param("Ola Rem, a cook who ran the inn and is now mayor, said no.", "Ola Rem", id="two clauses"),
        pytest.param("“It is late,” Port Minister Ola Rem, told Lusa.", "Ola Rem", id="stray comma"),
        pytest.param("A sailor jailed for ten years said it was late.", "sailor", id="what befell somebody"),
        pytest.param("The majority of sailors who spoke to Lusa said no.", "majority of sailors", id="who did"),
        pytest.param("56 percent of the voters polled said no.", "56 percent of the voters", id="who were asked"),
        pytest.param(
            "More than 13,000 registered voters said no.", "More than 13,000 registered voters", id="form"
        ),
        pytest.param("While Jon Bask slept, Ola Rem left, saying it was late.", "Ola Rem", id="clause before"),
        pytest.param("Jon Bask slept, but Ola Rem left, saying it was late.", "Ola Rem", id="last main clause"),
        pytest.param("Ola Rem didn't stay, saying it was late.", "Ola Rem", id="contraction"),
        pytest.param("Ola Rem left his boat – saying it was late.", "Ola Rem", id="dash before a participle"),
        pytest.param("Ola Rem hailed the “golden week,” saying it was late.", "Ola Rem", id="quotation before"),
        pytest.param("Ola Rem issued a statement on Monday saying it was late.", "Ola Rem", id="paper"),
        pytest.param("“It was late,” mused Ola Rem.", "Ola Rem", id="muse"),
        pytest.param("“It was late,” agrees Ola Rem, 40, of Tofte.", "Ola Rem", id="agree"),
        pytest.param("“It was late,” one user commented.", "user", id="behind a quotation"),
        pytest.param("It was late, Ola Rem is quoted as saying.", "Ola Rem", id="is quoted"),
        pytest.param("It was late, Lusa quoted Ola Rem, head of the port, as saying.", "Ola Rem", id="office"),
        pytest.param("Ola Rem hit back: “It was late.”", "Ola Rem", id="hit back"),
        pytest.param("Ola Rem made clear that it was late.", "Ola Rem", id="make clear"),
        pytest.param("Ola Rem “strongly denied” the report.", "Ola Rem", id="quoted verb"),
        pytest.param("It was late, according to even her own crew.", "crew", id="own"),
        pytest.param(
            "It was late, a statement of the Port Union reaching here said.", "Port Union", id="received"
        ),
        pytest.param("It was late, according to a Brask statement made available today.", "Brask", id="available"),
        pytest.param("MOST officials said it was late.", "MOST officials", id="letters that are no quantifier"),
        pytest.param("The official News Agency of Norland said no.", "News Agency of Norland", id="body"),
        pytest.param("The widow of former mayor Ola Rem said no.", "widow of former mayor Ola Rem", id="widow"),
        pytest.param("According to the Sunday Times, it was late.", "Sunday Times", id="a day in a paper's name"),
        pytest.param("According to Ola Rem, Jon Bask denied it.", "Ola Rem", id="source at the front"),
        pytest.param("Jon Bask had denied it, Ola Rem said.", "Ola Rem", id="who closes a sentence"),
        pytest.param("Jon Bask denied it, the Tofte Courier reported.", "Jon Bask", id="a paper reports"),
    ],
)
def test_who_says_it_is_found_past_what_stands_between(sentence: str, name: str) -> None:
    assert names(sentence) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "The row began when Jon Bask left the club and accused it of theft.",
        "The army fired back at the rebels before noon.",
        "Paris, told to wait, waited.",
        "Nobody said it was late.",
        "The pier was denied by Rem, and closed.",
        "Spirits rose and hopes faded.",
        "Fire rages in the hills.",
        "The ferry denied Brask a berth.",
        "Rem slammed into the pier.",
        "Rem read the letter.",
        "Rem wrote for the weekly.",
        "The pier was opened in Porto, who said nothing.",
        "They met on Tuesday, which said nothing.",
    ],
)
def test_what_nobody_says_is_nobodys(sentence: str) -> None:
    (statement,) = read_statements(sentence)
    assert statement.speaker is None
    assert not statement.parts or statement.parts[0].speaker is not None
    assert [name for name, _ in parts(sentence) if name in {"Porto", "Tuesday", "Spirits", "Fire", "army"}] == []


@pytest.mark.parametrize(
    "circumstances",
    [
        "",
        ", the port minister",
        ", 62, the port minister",
        ", in Porto on Monday",
        ", the minister, at a talk in Vik",
    ],
)
def test_a_clause_at_the_end_is_about_who_did_it_past_when_and_where(circumstances: str) -> None:
    assert [name for name, _ in parts(f"It was announced by Ola Rem{circumstances}, who said it would sink.")] == [
        "Ola Rem"
    ]


def test_a_clause_at_the_end_is_about_no_place() -> None:
    body = "Officials met the mayor during a visit to Tofte, who said it was late."
    assert [name for name, _ in parts(body)] == ["mayor"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        pytest.param(
            "The Port Union said in a statement it was late. The statement said so.", "Port Union", id="said"
        ),
        pytest.param("It was late, according to a letter by Ola Rem. The letter said so.", "Ola Rem", id="by"),
        pytest.param("The Port Union said no. The statement said yes.", "statement", id="no paper of theirs"),
        pytest.param("The Port Union said no. The paper said yes.", "paper", id="no union is a paper"),
        pytest.param("The Tofte Courier said no. The paper said yes.", "Tofte Courier", id="a paper"),
        pytest.param("Tord Grip said no. “It is late,” added the Swede.", "Tord Grip", id="a nation's"),
        pytest.param("Eva Rem Monday said no. Rem said yes.", "Eva Rem", id="no day ends a name"),
        pytest.param("Omar Al-Zar left. “No,” al-Zar said.", "Omar Al-Zar", id="particle in small letters"),
        pytest.param("China said no. SW China was dry. China said yes.", "China", id="a state"),
        pytest.param("Michael Jordan won. Jordan said no.", "Michael Jordan", id="a name that is a state's, too"),
        pytest.param("Ola Rem said no. According to him, it was late.", "Ola Rem", id="him"),
        pytest.param("May said it was late.", "May", id="a name that is a month's, too"),
        pytest.param("On Friday May told Lusa it was late.", "May", id="behind a day"),
        pytest.param(
            "Jon Bask said no. Chairman Petra Rem said yes. She left. He said so.", "Jon Bask", id="she left"
        ),
        pytest.param("Kim Vos, 18, from Tofte, disagrees. “No,” he says.", "Kim Vos", id="an age is a person's"),
        pytest.param("The official News Agency of Vik said no. The official said yes.", "official", id="no body"),
        pytest.param("Lt. Gov. Ola Rem said no. The governor said yes.", "governor", id="a governor's lieutenant"),
        pytest.param("Lt. Gen. Ola Rem said no. The general said yes.", "Ola Rem", id="a general all the same"),
    ],
)
def test_a_short_form_means_who_was_named(body: str, name: str) -> None:
    assert names(body)[-1] == name


@pytest.mark.parametrize(
    ("body", "name"),
    [
        pytest.param("“One,” said Eva Rem. The pier is old. “Two.”", "Eva Rem", id="same paragraph"),
        pytest.param("“One,” said Eva Rem.\n\nThe pier is old.\n\n“Two.”", None, id="another paragraph"),
        pytest.param("Le Courrier went further. “It is late.”", "Le Courrier", id="who is the subject before"),
        pytest.param("The pier was closed. “It is late.”", None, id="no person before"),
        pytest.param(
            'Jon Bask said: "It is late. "It is over." Eva Rem said no.\n\nShe said so.', "Eva Rem", id="left open"
        ),
    ],
)
def test_a_quotation_alone_is_said_by_whom_its_paragraph_names(body: str, name: str | None) -> None:
    speaker = last(body).speaker
    assert (speaker.name if speaker else None) == name


@pytest.mark.parametrize(
    ("body", "words"),
    [
        pytest.param("Ola “Bear” Rem went further. “It is late.”", "Ola “Bear” Rem", id="a nickname"),
        pytest.param('Ola "Bear" Rem left. "No."', 'Ola "Bear" Rem', id="at the end of the text"),
        pytest.param("Ola (Port Union) Rem went further. “It is late.”", "Ola (Port Union) Rem", id="in brackets"),
        pytest.param("It rained. Ola\nRem went further. “It is late.”", "Ola\nRem", id="over two lines"),
    ],
)
def test_the_words_for_who_is_quoted_next_are_whole_and_in_the_text(body: str, words: str) -> None:
    speaker = read_statements(body)[-1].speaker
    assert speaker is not None
    assert body[speaker.start : speaker.end] == speaker.words == words


@pytest.mark.parametrize(
    ("body", "name"),
    [
        pytest.param("“It is late,” Eva Rem said by phone on Friday.", "Eva Rem", id="by phone"),
        pytest.param("The ministry confirmed by letter that it was late.", "ministry", id="by letter"),
        pytest.param("The remarks were made by Eva Rem.", None, id="by somebody"),
    ],
)
def test_by_what_a_message_comes_is_nobody(body: str, name: str | None) -> None:
    speaker = last(body).speaker
    assert (speaker.name if speaker else None) == name
