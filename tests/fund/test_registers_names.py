"""Two names are one only when nothing is left between them; anything else is a number for a person."""

import pytest

from fund.registers.names import in_words, likeness


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ("Lamplight Mentors", "LAMPLIGHT MENTORS"),
        ("The Lamplight Mentors", "LAMPLIGHT MENTORS CIO"),
        ("Lamplight & Lantern", "LAMPLIGHT AND LANTERN LIMITED"),
        ("St. John's Youth-Club", "ST JOHNS YOUTH CLUB"),
        ("Skerne Side Sports C.I.C.", "SKERNE SIDE SPORTS CIC"),
        ("Skerne Side Sports", "SKERNE SIDE SPORTS COMMUNITY INTEREST COMPANY"),
        ("Café Ørsted", "CAFÉ ØRSTED"),
    ],
)
def test_the_same_name_written_another_way(given, there):
    assert likeness(given, [there]) == 100


@pytest.mark.parametrize(
    ("given", "there"),
    [
        ("Durham Youth Trust 1", "Durham Youth Trust 2"),
        ("St Johns Church Hall", "St Johns Church Mall"),
        ("Mentors Lamplight", "Lamplight Mentors"),
        ("Lamplight", "Lamplight Mentors"),
        ("Limited", "CIO"),
        ("…", "!!!"),
        ("", ""),
    ],
)
def test_a_difference_however_small_is_not_the_same(given, there):
    assert likeness(given, [there]) < 100


def test_the_nearest_of_several_names_counts():
    assert likeness("Lamplight", ["NIGHTFALL TRUST", None, "LAMPLIGHT"]) == 100
    assert likeness("Lamplight", []) == 0


def test_a_likeness_in_plain_words():
    assert [in_words(score) for score in (100, 99, 85, 84, 60, 59, 0)] == [
        "the same", "nearly the same, 99 of 100", "nearly the same, 85 of 100", "partly the same, 84 of 100",
        "partly the same, 60 of 100", "different, 59 of 100", "different, 0 of 100",
    ]  # fmt: skip
