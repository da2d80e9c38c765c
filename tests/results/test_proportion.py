"""Clopper-Pearson against what R's binom.test prints."""

import pytest

from ivig_cdisc.results import proportion


@pytest.mark.parametrize(
    ("responders", "subjects", "estimate", "lower", "upper"),
    [
        (8, 19, 0.421052631578947, 0.202521438977163, 0.665002155988265),
        (0, 19, 0.0, 0.0, 0.176466911806965),  # nobody: the lower limit is exactly 0
        (19, 19, 1.0, 0.823533088193035, 1.0),  # everybody: the upper limit is exactly 1
        (5, 10, 0.5, 0.187086028447399, 0.812913971552601),
    ],
)
def test_equals_r(
    responders: int, subjects: int, estimate: float, lower: float, upper: float
) -> None:
    result = proportion(responders, subjects)
    assert (result.responders, result.subjects) == (responders, subjects)
    assert (result.estimate, result.lower, result.upper) == pytest.approx(
        (estimate, lower, upper), abs=1e-12
    )


@pytest.mark.parametrize(("responders", "subjects"), [(0, 0), (-1, 5), (6, 5)])
def test_impossible_counts_raise(responders: int, subjects: int) -> None:
    with pytest.raises(ValueError, match="is not a proportion"):
        proportion(responders, subjects)
