import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.article import Span
from search.asking.evidence.figures import Figure, read_figure


def figure(marked: str) -> Figure | None:
    """Read the figure of a sentence in which it stands in brackets."""
    before, _, rest = marked.partition("[")
    words, _, after = rest.partition("]")
    return read_figure(before + words + after, Span(len(before), len(before) + len(words)))


def agree(one: str, other: str) -> bool | None:
    first, second = figure(one), figure(other)
    if first is None or second is None:
        return None
    assert first.agrees_with(second) == second.agrees_with(first)
    return first.agrees_with(second)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        pytest.param("It cost [$5 million].", "It cost [five million dollars].", True, id="one sum"),
        pytest.param("It cost [5 million euros].", "It cost [6 million euros].", False, id="another sum"),
        pytest.param("It cost [5 million euros].", "It cost [5 million dollars].", None, id="another currency"),
        pytest.param("It cost [5] million Swiss francs", "It cost [6 million euros].", None, id="currency beside"),
        pytest.param("It cost [HK$5 million].", "It cost [$6 million].", None, id="whose dollars"),
        pytest.param("[20] people were seen.", "[20] tanks were seen.", None, id="other things counted"),
        pytest.param("[20] Danish sailors came.", "[25] Danish ships came.", None, id="what is counted is a noun"),
        pytest.param("[20] Danish ships came.", "[25] Danish ships left.", False, id="another count"),
        pytest.param("[20] people died.", "Some [30] people were injured.", None, id="other fates"),
        pytest.param("It killed 20 people and hurt [30].", "[30] were injured.", True, id="no noun but one fate"),
        pytest.param("The toll rose to [41].", "The toll stands at [45].", False, id="one measure"),
        pytest.param("A [20-mile] walk.", "They walked [20] miles.", True, id="compound"),
        pytest.param("They won [2-1].", "They won [3-0].", False, id="scores are not sums"),
        pytest.param("They won [2-1].", "They lost 1\u2013[2].", True, id="a score from either side"),
        pytest.param("Passed by [52] to 48.", "Passed by [52-48].", True, id="a vote"),
        pytest.param("[10] to 20 people came.", "[15] people came.", True, id="within a range"),
        pytest.param("[10-20] people came.", "[25] people came.", False, id="beyond a range"),
        pytest.param("Between 10 and [20] ships.", "[15-30] ships.", True, id="ranges that overlap"),
        pytest.param("It costs [$10-20 million].", "It costs [$15 million].", True, id="a range of millions"),
        pytest.param("It rose from 10 to [20] ships.", "[15] ships.", None, id="a change is no range"),
        pytest.param("At least [41] people died.", "[45] people died.", None, id="open above"),
        pytest.param("At least [41] people died.", "[38] people died.", False, id="less than at least"),
        pytest.param("Up to [41] people died.", "[45] people died.", False, id="more than at most"),
        pytest.param("At least [41] people died.", "At least [41] people died.", True, id="equally open"),
        pytest.param("[5 million] people.", "[4.9 million] people.", None, id="perhaps rounded"),
        pytest.param("About [50] ships.", "[49] ships.", None, id="about"),
        pytest.param("[40] ships.", "[41] ships.", False, id="small counts are exact"),
        pytest.param("It rose by [5 percent].", "It fell by [5 percent].", None, id="up or down"),
        pytest.param("It rose [5 percent].", "It rose by [5] percentage points.", None, id="percent or points"),
        pytest.param("It rose [5.5%].", "It rose by [5.5 per cent].", True, id="percent"),
    ],
)
def test_figures_are_compared_with_their_unit(one: str, other: str, verdict: bool | None) -> None:  # noqa: FBT001
    assert agree(one, other) is verdict


@given(st.text("0123456789., -tolmindf$%\u2013", max_size=40), st.integers(0, 39), st.integers(1, 9))
def test_any_text_can_be_compared_with_itself(text: str, start: int, length: int) -> None:
    if start + length <= len(text):
        found = read_figure(text, Span(start, start + length))
        assert found is None or found.agrees_with(found) is not False
