"""Design rule 14: spent against profile, to the penny, in words."""

from evaluation.variance import Variance


def test_5400_of_6000_is_10_percent_under_and_not_flagged():
    variance = Variance(600_000, 540_000, 10)
    assert not variance.is_flagged
    assert str(variance.percent) == "10.00"
    assert variance.words == "10.00 % under: fine"


def test_5399_99_of_6000_is_flagged_and_asks_why():
    variance = Variance(600_000, 539_999, 10)
    assert variance.is_flagged
    assert variance.words == "more than 10% under: say why"
    assert variance.question == (
        "You spent £600.01 less than planned, which is more than 10% under. Say why in a sentence or two."
    )


def test_spending_too_much_is_measured_the_same_way():
    assert Variance(600_000, 660_000, 10).words == "10.00 % over: fine"
    assert Variance(600_000, 660_001, 10).words == "more than 10% over: say why"


def test_exactly_as_planned():
    assert Variance(600_000, 600_000, 10).words == "exactly as planned"


def test_spending_when_nothing_was_planned_is_flagged():
    assert Variance(0, 1, 10).is_flagged
    assert not Variance(0, 0, 10).is_flagged
    assert Variance(0, 1, 10).percent is None


def test_the_rounds_own_percentage_counts():
    assert Variance(600_000, 540_000, 5).words == "more than 5% under: say why"
