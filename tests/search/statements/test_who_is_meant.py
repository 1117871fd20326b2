"""Whom an office, a short name, a pronoun or a label means, and whom it does not."""

import pytest

from search.statements import read_statements


def names(body: str) -> list[str | None]:
    return [one.speaker.name if one.speaker else None for one in read_statements(body)]


@pytest.mark.parametrize(
    ("body", "last"),
    [
        pytest.param(
            "Captain Ola Rem said no. The co-captain said yes.", "co-captain", id="a companion is another"
        ),
        pytest.param(
            "Co-captain Ola Rem said no. The captain said yes.", "captain", id="whom a companion serves with"
        ),
        pytest.param("Interim mayor Ola Rem said no. The mayor said yes.", "Ola Rem", id="for the time being"),
        pytest.param("Former mayor Ola Rem said no. The mayor said yes.", "mayor", id="no longer"),
        pytest.param(
            "Navy spokesman Captain Jon Bask said no. The police spokesman said yes. The navy spokesman said so.",
            "Jon Bask",
            id="a grade between office and name",
        ),
        pytest.param(
            "Sorlandish President Ida Lohm said no. The Vikish president said yes. The Sorlandish leader said so.",
            "Ida Lohm",
            id="the leader of a state",
        ),
        pytest.param(
            "Sorlandish Finance Minister Ida Lohm said no. The Sorlandish leader said yes.",
            "Sorlandish leader",
            id="a minister leads no state",
        ),
        pytest.param(
            "The Vikish court said no. The Mosish court said yes. The court in Tofte said it rained.",
            "court",
            id="elsewhere",
        ),
        pytest.param("The Vikish court said no. The court said it rained.", "Vikish court", id="the same one"),
    ],
)
def test_an_office_means_its_holder_and_nobody_of_another(body: str, last: str) -> None:
    assert names(body)[-1] == last


@pytest.mark.parametrize(
    ("body", "last"),
    [
        pytest.param("Karl van den Brink said no. Van den Brink said so.", "Karl van den Brink", id="particles"),
        pytest.param("“No,” said Luis “Lucho” de Melo. Lucho said so.", "Luis de Melo", id="a nickname"),
        pytest.param("Ian Vos said no. Eva Vos said yes. Mrs. Vos said so.", "Eva Vos", id="of two, the woman"),
        pytest.param("Ian Vos said no. Eva Vos said yes. Mr. Vos said so.", "Ian Vos", id="of two, the man"),
        pytest.param("Ian Vos said no. Mrs. Vos said so.", "Mrs. Vos", id="nobody of that style"),
        pytest.param("Amos Luther King III said no.", "Amos Luther King III", id="a numeral ends a name"),
        pytest.param("Cpt. Ola Rem said no.", "Ola Rem", id="an abbreviated grade"),
    ],
)
def test_a_short_name_means_who_has_it(body: str, last: str) -> None:
    assert names(body)[-1] == last


@pytest.mark.parametrize(
    ("body", "last"),
    [
        pytest.param(
            "Mayor Eva Rem said no. “It was late,” said Nils Bask. She said it rained.", "Eva Rem", id="she"
        ),
        pytest.param(
            "Jon Bask said no.\n\nThe brewery said it would pay.\n\n“I doubt it,” he said.",
            "Jon Bask",
            id="no house is he",
        ),
        pytest.param("The Blues said no. They said it rained.", "Blues", id="several"),
        pytest.param("The brewery, Brask, said no. It said it rained.", "Brask", id="a body in apposition"),
        pytest.param(
            "Senator Eva Rem voted no. Her colleague Jon Bask voted yes. “It rained,” he said.",
            "Jon Bask",
            id="who the sentence before is about",
        ),
        pytest.param(
            "Eva Rem said no. “He never cooks,” she said of Tor Rem. Tor Rem said he did. “I cook,” he said.",
            "Tor Rem",
            id="one family",
        ),
        pytest.param("The accused, Per Bask, said no. He said it rained.", "Per Bask", id="an accused"),
    ],
)
def test_a_pronoun_means_whom_it_can(body: str, last: str) -> None:
    assert names(body)[-1] == last


def test_a_quotation_over_paragraphs_is_said_by_who_is_named_where_it_goes_on() -> None:
    assert names("“The pier is gone.\n\n“We saw it go,” said Eva Rem.\n\n“It was late.”") == ["Eva Rem"] * 3
    assert names("“The pier is gone.”\n\n“We saw it go,” said Eva Rem.") == [None, "Eva Rem"]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Professor Eva Rem from the University of Vik said it was late.", "Eva Rem"),
        ("Analyst Jon Bask at Brask Bank said it was late.", "Jon Bask"),
        ("Left-back Jon Bask said it was late.", "Jon Bask"),
        ("“He lies,” said Rem of the captain.", "Rem"),
        ("Rem, 45, who was elected in 2019, told parliament: “It was late.”", "Rem"),
        ("Barely a week ago Rem said it was early.", "Rem"),
        ("Two days later the port said it was late.", "port"),
        ("Prosecutors allege Bask took the boat.", "Prosecutors"),
        ("The Royal Bank of Vik said it was late.", "Royal Bank of Vik"),
        ("The prime minister of Vik said it was late.", "prime minister of Vik"),
        ("May said it was late.", "May"),
        ("One hopeful, Ana Rem, said it was late.", "Ana Rem"),
        ("Rem's former agent, Ana Bask, said it was late.", "Ana Bask"),
        ("“It was late,” said one person with knowledge of the plan, who would not be named.", "person"),
        ("People briefed on the plan said it was late.", "People"),
        ("Opponents of the new pier, however, say it was late.", "Opponents of the new pier"),
        ("Sen. Ana Rem (G-Vik. ), who has a boat, said it was late.", "Ana Rem"),
        ("Rem threw her weight behind the pier, saying that it was late.", "Rem"),
        ("As first reported by the Tofte Courier, the pier is gone.", "Tofte Courier"),
        ("The pier was, in the words of Rem, a ruin.", "Rem"),
        ("Rem described how the pier sank.", "Rem"),
    ],
)
def test_who_says_it_is_named_without_what_stands_beside(sentence: str, name: str) -> None:
    assert names(sentence) == [name]


@pytest.mark.parametrize(
    "sentence",
    [
        "In May officials met.",
        "Two days later ferries sailed.",
        "Rem was told that it was late.",
        "A self-described sailor, Rem left.",
        "The band released a record.",
        "In the eyes of the law it was late.",
    ],
)
def test_nobody_is_named(sentence: str) -> None:
    assert names(sentence) == [None]


def test_an_interview_is_said_by_whom_its_labels_name() -> None:
    asked = "Was it late?\n\nEva Rem: It was.\n\nWho knew?\n\nEva Rem: All of us.\n\nWhy?\n\nEva Rem: It rained."
    assert names(asked) == [None, "Eva Rem"] * 3
    labelled = "Host: Was it late?\n\nMinister Bask: It was.\n\nHost: Why?\n\nMinister Bask: It rained."
    assert [name for name in names(labelled) if name != "Host"] == ["Bask", "Bask"]


def test_a_list_of_names_is_no_interview() -> None:
    assert names("Eva Rem: 5 points.\n\nJon Bask: 3 points.\n\nIda Lohm: 2 points.") == [None] * 3
