import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.article import Article
from search.english.sentences import LONGEST_JOINED, paragraphs, sentences
from tests.fakes import NEWS

newslike = st.lists(
    st.sampled_from(
        [*'Ab é東.,!?"“”‘’()-\n\t', "\n\n", " ", "Mr. ", "U.S. ", '."', "Sept. 10", "said ", "3.5", "He "]
    ),
    max_size=60,
).map("".join)


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Gen. Smith met Sen. Warren in the U.S. on Sept. 10. He left at 5 p.m. on Monday.",
            ["Gen. Smith met Sen. Warren in the U.S. on Sept. 10.", "He left at 5 p.m. on Monday."],
            id="ranks-and-months",
        ),
        pytest.param(
            "Mr. and Mrs. Jones went to Washington, D.C. They stayed.",
            ["Mr. and Mrs. Jones went to Washington, D.C.", "They stayed."],
            id="an-abbreviation-that-ends-a-sentence",
        ),
        pytest.param(
            "No. 10 Downing St. is closed. J. P. Morgan Inc. rose 3.5 percent.",
            ["No. 10 Downing St. is closed.", "J. P. Morgan Inc. rose 3.5 percent."],
            id="numbers-and-initials",
        ),
        pytest.param(
            '"We will win. We must," Mr. Powell said. He left.',
            ['"We will win. We must," Mr. Powell said.', "He left."],
            id="a-quotation-stays-with-its-speaker",
        ),
        pytest.param(
            'He continued: "Is it so?" Mr Blair said he would go.',
            ['He continued: "Is it so?"', "Mr Blair said he would go."],
            id="what-somebody-says-next-is-another-sentence",
        ),
        pytest.param(
            '"Where is the ransom?" Sen. Mark Warner said. "Here!" He left.',
            ['"Where is the ransom?" Sen. Mark Warner said.', '"Here!"', "He left."],
            id="a-question-stays-with-whoever-asks-it",
        ),
        pytest.param(
            "“Stop. Go,” she said. End.",
            ["“Stop. Go,” she said.", "End."],
            id="typographic-quotation",
        ),
        pytest.param(
            "The yard lost $ 4. 75 million, or 0. 3 percent. 12 men left at 6. 15 p.m. on Friday.",
            ["The yard lost $ 4. 75 million, or 0. 3 percent.", "12 men left at 6. 15 p.m. on Friday."],
            id="numbers-that-a-wire-has-parted",
        ),
        pytest.param(
            "The pier opened in 1961. 40 boats came. The toll rose to 3. 17 are missing.",
            ["The pier opened in 1961.", "40 boats came.", "The toll rose to 3.", "17 are missing."],
            id="a-number-at-the-end-and-one-at-the-beginning",
        ),
        pytest.param(
            "Nos. 3 and 4 sank. Art. 5 holds for modern art. 5 people know. Rs. 900 was paid.",
            ["Nos. 3 and 4 sank.", "Art. 5 holds for modern art.", "5 people know.", "Rs. 900 was paid."],
            id="abbreviations-before-a-number",
        ),
        pytest.param(
            "Norway-U.S. talks stalled. F.W. de Witt of the U.N. (St. Kitts) left the U.N. He left.",
            ["Norway-U.S. talks stalled.", "F.W. de Witt of the U.N. (St. Kitts) left the U.N.", "He left."],
            id="initials-that-the-sentence-goes-on-behind",
        ),
        pytest.param("One.\n\nTwo. Three.\n\n\n  Four", ["One.", "Two.", "Three.", "Four"], id="paragraphs"),
        pytest.param("No stop at the end", ["No stop at the end"], id="no-stop"),
        pytest.param("", [], id="empty"),
        pytest.param(" \n\n\t ", [], id="white-space"),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_quotation_that_never_closes_does_not_swallow_the_article() -> None:
    text = 'He said "never. ' + "And so it went on for another day. " * 60
    pieces = split(text)
    assert len(pieces) > 10
    assert max(map(len, pieces)) < LONGEST_JOINED + 100


def test_an_unclosed_quotation_ends_with_its_paragraph() -> None:
    assert split('"First part. More of it.\n\n"Second part," he said. End.') == [
        '"First part. More of it.',
        '"Second part," he said.',
        "End.",
    ]


@given(newslike)
@example("A. B.\n\nC.")
@example('" . \n\n "')
def test_sentences_are_ordered_disjoint_and_leave_out_only_white_space(text: str) -> None:
    found = sentences(text)
    place = 0
    for span in found:
        assert text[place : span.start].strip() == ""
        sentence = span.of(text)
        assert sentence == sentence.strip() != ""
        assert "\n\n" not in sentence
        place = span.end
    assert text[place:].strip() == ""


@given(newslike)
def test_paragraphs_are_what_blank_lines_part(text: str) -> None:
    assert [span.of(text) for span in paragraphs(text)] == [
        part.strip() for part in text.split("\n\n") if part.strip()
    ]


@pytest.mark.parametrize("article", NEWS, ids=lambda article: article.id)
def test_a_sentence_of_an_article_stands_where_its_offsets_say(article: Article) -> None:
    for paragraph in paragraphs(article.body):
        inside = [span for span in sentences(article.body) if paragraph.start <= span.start < paragraph.end]
        assert inside[0].start == paragraph.start
        assert inside[-1].end == paragraph.end


@pytest.mark.parametrize("endless", ["A." * 100_000, ". " * 100_000, "?!" * 100_000, "\u4e2d\u3002" * 100_000])
def test_what_never_ends_is_cut_and_takes_no_time(endless: str) -> None:
    text = f"Ships sailed. {endless} The mayor spoke."
    found = sentences(text)
    assert found[0].of(text).startswith("Ships sailed.")
    assert "".join("".join(span.of(text) for span in found).split()) == "".join(text.split())
