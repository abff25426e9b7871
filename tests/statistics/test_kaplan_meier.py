import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from orgnet.statistics.kaplan_meier import kaplan_meier

#: Weeks in remission of 21 patients on 6-MP, Freireich et al. 1963, as in Collett, *Modelling
#: Survival Data in Medical Research*, and R's documentation of survfit.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_remission_times_of_freireich_have_the_published_curve() -> None:
    curve = kaplan_meier(np.array(WEEKS, dtype=float), np.array(ENDED, dtype=bool))

    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.remaining.round(3).tolist() == published
    assert curve.median == 23
    # survfit(conf.type = "log-log"): 0.95LCL 13, 0.95UCL NA.
    low, high = curve.median_interval
    assert low == 13
    assert np.isnan(high)


@pytest.mark.parametrize("seed", range(5))
def test_random_durations_agree_with_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    durations = rng.integers(1, 12, 60).astype(float)
    ended = rng.random(60) < 0.7
    data = CensoredData(uncensored=durations[ended], right=durations[~ended])

    curve = kaplan_meier(durations, ended)

    other = ecdf(data).sf
    assert curve.remaining == pytest.approx(other.evaluate(curve.times), abs=1e-12)
    interval = other.confidence_interval(method="log-log")
    some = (curve.remaining > 0) & (curve.remaining < 1)
    assert curve.low[some] == pytest.approx(interval.low.evaluate(curve.times)[some], abs=1e-9)
    assert curve.high[some] == pytest.approx(interval.high.evaluate(curve.times)[some], abs=1e-9)


def test_without_censoring_the_median_is_the_first_that_half_do_not_outlast() -> None:
    curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4, dtype=bool))

    assert curve.median == 2.0


def test_the_order_of_the_durations_does_not_matter() -> None:
    durations, ended = np.array(WEEKS, dtype=float), np.array(ENDED, dtype=bool)
    mixed = np.random.default_rng(0).permutation(len(durations))

    assert kaplan_meier(durations[mixed], ended[mixed]).remaining.tolist() == (
        kaplan_meier(durations, ended).remaining.tolist()
    )


@pytest.mark.parametrize("count", [0, 3])
def test_where_nothing_ended_there_is_no_median(count: int) -> None:
    curve = kaplan_meier(np.ones(count), np.zeros(count, dtype=bool))

    assert np.isnan(curve.median)
    assert np.isnan(curve.median_interval).all()
