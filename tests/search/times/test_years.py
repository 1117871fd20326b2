"""Four digits are a year where they stand as one, and else they count."""

from datetime import date

import pytest

from search.times import tag

PUBLISHED = date(2017, 6, 8)

COUNTS = [
    "Vets treated 150 sheep and counted 2011 dead.",
    "About 1,840 people and 2012 sheep drowned.",
    "Some 3,000 sailors, 1985 rafts and 1944 mines were lost.",
    "The toll reached 2003, the prefect said.",
    "The death toll rose to 2014.",
    "The index fell 12 points to 1987.",
    "Shares closed at 1998.",
    "More than 1999 were hurt.",
    "Of the crew, 2010 were women.",
    "2010 of them drowned.",
    "The club has 1990 goats.",
    "They planted 1998 trees and 2001 shrubs.",
    "It grew from 1980 to 2010 berths.",
    "A 2000-seat hall was built.",
    "Rescuers found 1963 wrecked huts.",
    "1985 barges crossed the river.",
    "It cost 2010 euros.",
    "Flight 1990 was late; Article 1950 applies.",
    "No. 1998 won the raffle.",
    "Its rolls fell from 2011 to 1950.",
    "A crowd of 2014 saw it.",
    "A record crowd of 1999 saw it.",
    "A flock of 1987 geese rose.",
    "The bill passed by 2012 to 1987.",
    "She drew 1999 to the square.",
    "They paid 1995 kroner each.",
    "The attendance was 2014, the club said.",
    "Of 2005 entrants few finished.",
    "Deaths: 2011.",
    "The shop stands at 1925 Elm Street.",
    "Police say between 1990 and 2000 people fled.",
    "Officials said between 1950 and 2000 homes had no light.",
]


@pytest.mark.parametrize("text", COUNTS)
def test_what_counts_is_no_year(text: str) -> None:
    assert tag(text, PUBLISHED) == []


YEARS = {
    "The 2012 Games were calm.": ["2012"],
    "The 1990 earthquake hit two towns.": ["1990"],
    "The 1990 floods hit two towns.": ["1990"],
    "Some 14 sailors drowned in 2010.": ["2010"],
    "In 2010 prices rose.": ["2010"],
    "In 1991 troops entered the town.": ["1991"],
    "Sales fell from 1995 to 1996.": ["1995", "1996"],
    "From 1990 to 1995 prices doubled.": ["1990", "1995"],
    "She won in 1998 and 2002.": ["1998", "2002"],
    "Output rose 5 percent over 2005.": ["2005"],
    "It dates back to 1985.": ["1985"],
    "The launch slipped to 2027.": ["2027"],
    "Growth is back at 2004 levels.": ["2004"],
    "2005 offers the port a chance.": ["2005"],
    "She used 2013 emails as proof.": ["2013"],
    "A 1979-born singer won.": ["1979"],
    "It stood empty throughout 2004 - for the first time.": ["2004"],
    "They met at 1985's fair.": ["1985"],
    "It is unlikely before at least 2020.": ["2020"],
    "It rose to 1980 tons in 2014 from 2010 in 2013.": ["2014", "2013"],
    "In 2010, 1900 wells were shut.": ["2010"],
    "In 2010, 2012 and 2014 wells were shut.": ["2010", "2012", "2014"],
    "Between 1990 and 2000 the flock grew.": ["1990", "2000"],
    "Between 2008 and 2012 deaths halved.": ["2008", "2012"],
    "The clinic said between 2008 and 2012 deaths fell by a third.": ["2008", "2012"],
    "The group of 2010 has met again.": ["2010"],
    "The 1989 Market Square riots were recalled.": ["1989"],
    "Exports are up from 1990.": ["1990"],
    "From 2007 onwards it was free.": ["2007"],
}


@pytest.mark.parametrize(("text", "years"), YEARS.items(), ids=list(YEARS))
def test_what_stands_as_a_year_is_one(text: str, years: list[str]) -> None:
    assert [mention.value for mention in tag(text, PUBLISHED)] == years
