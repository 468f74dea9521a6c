"""Nobody in the demo exists, and yet every number passes whoever checks it."""

from __future__ import annotations

import numpy as np
from personnummer.personnummer import Personnummer

from etl.feeds.demo import people
from etl.feeds.demo.deliveries import Demo


def every_person(demo: Demo) -> list[int]:
    pairs = demo.world.pairs
    own = pairs.suspect[~pairs.shared_suspect]
    return np.concatenate([pairs.victim, own, pairs.child[pairs.child != people.UNKNOWN]]).tolist()


def test_numbers_are_valid_and_of_people_born_in_the_nineteenth_century(demo: Demo) -> None:
    for number in every_person(demo)[::7]:
        read = Personnummer(people.written(number))
        assert read.full_year.startswith("18")


def test_no_two_people_share_a_number(demo: Demo) -> None:
    persons = every_person(demo)
    assert len(persons) > 50_000
    assert len(set(persons)) == len(persons)


def test_the_apparent_age_is_told_by_an_offset(demo: Demo) -> None:
    victims = [people.written(number) for number in demo.world.pairs.victim.tolist()]
    years = np.array([people.apparent_birth_year(victim) for victim in victims])
    assert 1930 <= years.min() <= years.max() <= 2008
    assert 33 < 2026 - np.median(years) < 43


def test_sex_shows_in_the_number(demo: Demo) -> None:
    pairs = demo.world.pairs
    men = pairs.victim // 10 % 2 == 1
    assert (men == np.isin(pairs.relation, (1, 3))).all()


def test_some_hold_a_samordningsnummer(demo: Demo) -> None:
    persons = [people.written(number) for number in every_person(demo)]
    share = np.mean([int(number[6:8]) > 60 for number in persons])
    assert 0.03 < share < 0.05


def test_an_unknown_person_is_written_as_nothing() -> None:
    assert people.written(people.UNKNOWN) == ""
