from search.article import Article
from search.asking.evidence.short_names import ShortNames
from tests.fakes import make_article

NAMED = make_article("named", "Hilde Krag, the former judge, fell ill on Monday.")
SHORT = make_article("short", "Hundreds of judges came. Krag, 80, died on Sunday.")
OTHER = make_article("other", "Cyclist Oskar Krag won the tour. Krag is 20.")


def covered(question: str, sentence: str, article: Article, *others: Article) -> set[str]:
    return set(ShortNames(question, [article, *others]).standing_in(sentence, article))


def test_a_surname_stands_for_the_full_name_where_nobody_else_has_it() -> None:
    assert covered("When did Hilde Krag die?", "Krag, 80, died on Sunday.", SHORT, NAMED) >= {"hild", "krag"}
    assert covered("When did the former judge Hilde Krag die?", "Krag died.", SHORT, NAMED) >= {"judg", "former"}
    assert covered("when did hilde krag die", "Krag died.", SHORT, NAMED) >= {"hild", "krag"}


def test_two_people_of_one_surname_are_two() -> None:
    names = ShortNames("When did Hilde Krag win?", [NAMED, SHORT, OTHER])
    assert not names.standing_in("Krag is 20.", OTHER)
    assert names.somebody_else("Krag is 20.", OTHER) == "Oskar Krag"
    assert names.somebody_else("Cyclist Oskar Krag won the tour.", OTHER) == "Oskar Krag"
    assert names.somebody_else("Hilde Krag fell ill.", NAMED) is None


def test_of_two_the_one_whose_articles_are_most_like_it_is_meant() -> None:
    names = ShortNames("When did Hilde Krag die?", [NAMED, SHORT, OTHER])
    assert "hild" in names.standing_in("Krag, 80, died on Sunday.", SHORT)
    other = ShortNames("When did Oskar Krag die?", [NAMED, SHORT, OTHER])
    assert other.somebody_else("Krag, 80, died on Sunday.", SHORT) == "Hilde Krag"


def test_a_role_a_title_or_an_initial_before_a_surname_makes_nobody_else() -> None:
    article = make_article("roles", "Judge Krag spoke. Mr Krag left. H. Krag wrote. Despite Krag it rained.")
    names = ShortNames("What did Hilde Krag write?", [article])
    assert names.somebody_else("Judge Krag spoke.", article) is None
    assert names.somebody_else("H. Krag wrote.", article) is None
    assert names.somebody_else("Despite Krag it rained.", article) is None


def test_a_firm_goes_by_its_short_name_and_a_body_by_its_initials() -> None:
    article = make_article("firm", "Torsen bought a ferry. The NDU met.")
    assert "compani" in covered("What did Torsen Shipping Company buy?", "Torsen Shipping bought it.", article)
    assert "union" in covered("Where did the National Dockers Union meet?", "The NDU met.", article)
    assert "ndu" in covered("Where did the NDU meet?", "The National Dockers Union met.", article)


def test_a_country_is_not_its_other_half() -> None:
    article = make_article("half", "Korea won.")
    assert not covered("Did South Korea win?", "Korea won.", article)


def test_a_name_of_which_an_article_has_no_word_is_absent() -> None:
    names = ShortNames("How often did Hilde Krag score?", [NAMED])
    assert names.absent(NAMED) is None
    absent = names.absent(make_article("none", "Oskar Holm scored."))
    assert absent
    assert absent.words == ("Hilde", "Krag")


def test_a_common_noun_at_the_end_of_a_name_is_no_surname() -> None:
    article = make_article("games", "The Pacific Games are the largest games of the coast.")
    names = ShortNames("Who won the Harbour Games?", [article])
    assert names.somebody_else("The Pacific Games are the largest games of the coast.", article) is None
    assert not names.standing_in("The Games began.", article)
