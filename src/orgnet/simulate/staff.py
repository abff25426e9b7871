"""What contact depends on: departments, teams, managers, temperaments and presence, as arrays."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from orgnet.errors import UsageError

#: How much larger the largest department is than the smallest.
SIZE_RATIO = 3.2
TEAM_SIZE = 8

#: Offices, each with its distance from UTC in minutes and its share of the people. The planted
#: world has no summer time.
OFFICES = {
    "Lisbon": (0, 2),
    "Berlin": (60, 4),
    "Helsinki": (120, 2),
    "Toronto": (-300, 1),
    "São Paulo": (-180, 1),
    "Bengaluru": (330, 2),
    "Singapore": (480, 1),
}

#: Share of people who sit where their team is; the others may be anywhere.
WITH_TEAM_SHARE = 0.8

LEAVER_SHARE = 0.02
JOINER_SHARE = 0.02
SILENT_SHARE = 0.005
#: What part-timers work of the full time.
PART_TIME_HOURS = (0.4, 0.5, 0.6, 0.8)
#: Fewer weeks than this leave no room for somebody to come or go in the middle.
WEEKS_FOR_TURNOVER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How much contact there is, and how unequally it is spread.

    Parameters
    ----------
    team_degree, department_degree, cross_degree
        Ties of the average person in the own team, in the rest of the own department and in other
        departments, before faults are planted. Approximate: the most active people would need
        more contacts than there are.
    within_threads, cross_threads
        Threads a week that the average tie has, within and between departments.
    messages
        Messages in the average thread, 1 or more.
    activity_sd
        Standard deviation of the logarithm of people's activity.
    cosmopolitan_sd
        The same of people's inclination to contact outside their department.
    outwardness_sd
        The same of departments' inclination to it.
    inwardness_sd
        The same of departments' contact inside; a real firm's departments differ, and none of
        that is a fault.
    overload_factor
        How much more than usual is asked of an overloaded person, and how much longer an answer
        takes; 1 or more.
    silo_factor, weak_factor
        What is left of the contact of a silo with others, and of a weak pair's; 0 to 1.

    Raises
    ------
    UsageError
        If a rate is negative, a thread would have less than one message, what is left of contact
        exceeds 1, or what is asked of the overloaded is less than usual.
    """

    team_degree: float = 6.0
    department_degree: float = 4.0
    cross_degree: float = 3.5
    within_threads: float = 0.9
    cross_threads: float = 0.6
    messages: float = 1.7
    activity_sd: float = 0.5
    cosmopolitan_sd: float = 0.8
    outwardness_sd: float = 0.1
    inwardness_sd: float = 0.0
    overload_factor: float = 5.0
    silo_factor: float = 0.25
    weak_factor: float = 0.15

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            least = 1 if name in ("messages", "overload_factor") else 0
            most = 1 if name in ("silo_factor", "weak_factor") else math.inf
            if not least <= value <= most or value == math.inf:
                raise UsageError(
                    f"rate {name} is {value}; give {least} or more"
                    + (" and at most 1" if most == 1 else "")
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everybody's place and temperament: one array element a person.

    Parameters
    ----------
    department, team
        Positions; team numbers are unique in the firm.
    manager
        The manager's position, -1 for the head of the firm.
    activity
        How much contact within the department; its mean in a department is 1, or the square root
        of the department's inwardness.
    outward
        How much contact beyond it; its mean in a department is the department's outwardness.
    first_week, last_week
        Weeks of presence, both included.
    silent
        True for people of whom the exports hold nothing.
    office
        Position in `OFFICES`.
    hours
        Share of the full working time; 1 for most.
    overloaded
        True for people of whom far more is asked than of others.
    """

    department: NDArray[np.int64]
    team: NDArray[np.int64]
    manager: NDArray[np.int64]
    activity: NDArray[np.float64]
    outward: NDArray[np.float64]
    first_week: NDArray[np.int64]
    last_week: NDArray[np.int64]
    silent: NDArray[np.bool_]
    office: NDArray[np.int64]
    hours: NDArray[np.float64]
    overloaded: NDArray[np.bool_]

    @property
    def steady(self) -> NDArray[np.bool_]:
        """True for those present in all weeks and not silent."""
        throughout = (self.first_week == self.first_week.min()) & (
            self.last_week == self.last_week.max()
        )
        return np.asarray(throughout & ~self.silent)

    @property
    def leads(self) -> NDArray[np.int64]:
        """Positions of those who manage somebody, in order."""
        return np.unique(self.manager[self.manager >= 0])

    @property
    def heads(self) -> NDArray[np.int64]:
        """Positions of those whose manager, if any, is of another department."""
        own = self.department[self.manager] == self.department
        return np.flatnonzero((self.manager < 0) | ~own)


def draw_staff(
    rng: np.random.Generator,
    *,
    people: int,
    departments: int,
    weeks: int,
    rates: Rates,
    overloads: int = 0,
    part_time: float = 0.0,
) -> Staff:
    """Draw everybody's place and temperament.

    Activity and outwardness are scaled within each department, so that who happens to work there
    does not make it more open or more closed than its own outwardness says. The overloaded
    are neither part-timers nor people who come, go or are silent.

    Examples
    --------
    >>> staff = draw_staff(np.random.default_rng(7), people=60, departments=3, weeks=12,
    ...                    rates=Rates())
    >>> np.bincount(staff.department).tolist()
    [32, 18, 10]
    >>> int((staff.manager < 0).sum())
    1
    """
    sizes = department_sizes(people, departments)
    department = rng.permutation(np.repeat(np.arange(departments), sizes))
    team, manager = _teams_and_managers(department)
    outwardness = np.exp(rng.normal(0, rates.outwardness_sd, departments))
    activity = np.exp(rng.normal(0, rates.activity_sd, people))
    inclination = activity * np.exp(rng.normal(0, rates.cosmopolitan_sd, people))
    first_week, last_week, silent = _presence(rng, manager, weeks)
    shares = np.array([share for _, share in OFFICES.values()], dtype=np.float64)
    offices = rng.choice(len(OFFICES), size=(2, people), p=shares / shares.sum())
    with_team = rng.random(people) < WITH_TEAM_SHARE
    # Numbers of their own: who else there is does not depend on what departments are like, on
    # who works part-time or on whom too much is asked of.
    unlike, slower = rng.spawn(2)
    inwardness = np.exp(unlike.normal(0, rates.inwardness_sd, departments))
    steady = (first_week == 0) & (last_week == weeks - 1) & ~silent
    overloaded, hours = _burdens(slower, steady, overloads=overloads, part_time=part_time)
    asked = np.where(overloaded, rates.overload_factor, 1.0)
    return Staff(
        department=department,
        team=team,
        manager=manager,
        activity=activity
        / _mean_by(department, activity)
        * np.sqrt(inwardness)[department]
        * asked,
        outward=inclination / _mean_by(department, inclination) * outwardness[department] * asked,
        first_week=first_week,
        last_week=last_week,
        silent=silent,
        office=np.where(with_team, offices[0][team], offices[1]),
        hours=hours,
        overloaded=overloaded,
    )


def department_sizes(people: int, departments: int) -> NDArray[np.int64]:
    """Return headcounts that fall geometrically by `SIZE_RATIO` and add up to `people`.

    Examples
    --------
    >>> department_sizes(400, 10).tolist()
    [67, 59, 51, 46, 39, 35, 31, 27, 24, 21]
    """
    shares = SIZE_RATIO ** -np.linspace(0, 1, departments)
    edges = np.rint(np.cumsum(shares) / shares.sum() * people).astype(np.int64)
    return np.asarray(np.diff(edges, prepend=0))


def cross_intensity(staff: Staff, rates: Rates) -> NDArray[np.float64]:
    """Return w, such that i and j of two departments have w_i·w_j ties where nothing is planted.

    Examples
    --------
    Two cross ties a person: as many in the sum over both ends of all cross pairs.

    >>> staff = draw_staff(np.random.default_rng(7), people=60, departments=3, weeks=12,
    ...                    rates=Rates())
    >>> w = cross_intensity(staff, Rates(cross_degree=2))
    >>> cross = staff.department[:, None] != staff.department
    >>> round(float((w[:, None] * w)[cross].sum()) / 60, 6)
    2.0
    """
    by_department = np.bincount(staff.department, staff.outward)
    pairs = (by_department.sum() ** 2 - (by_department**2).sum()) / 2
    if pairs == 0:
        return np.zeros_like(staff.outward)
    wanted = len(staff.outward) * rates.cross_degree / 2
    return np.asarray(staff.outward * np.sqrt(wanted / pairs))


def expected_ties(staff: Staff, rates: Rates) -> NDArray[np.float64]:
    """Return the ties expected between departments where nothing is planted; diagonal NaN."""
    by_department = np.bincount(staff.department, cross_intensity(staff, rates))
    expected = np.asarray(np.outer(by_department, by_department), dtype=np.float64)
    np.fill_diagonal(expected, np.nan)
    return expected


def _teams_and_managers(
    department: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut departments into teams; the first of a team leads it, the first team's leads all.

    The head of the first department is also the head of the firm.
    """
    team = np.empty_like(department)
    manager = np.full_like(department, -1)
    teams = 0
    chief = -1
    for number in range(int(department.max()) + 1):
        members = np.flatnonzero(department == number)
        count = max(1, round(len(members) / TEAM_SIZE))
        own = np.arange(len(members)) % count
        team[members] = teams + own
        leads, head = members[:count], members[0]
        manager[members] = leads[own]
        manager[leads] = head
        manager[head] = chief
        chief = chief if chief >= 0 else int(head)
        teams += count
    return team, manager


def _presence(
    rng: np.random.Generator, manager: NDArray[np.int64], weeks: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Draw who comes or goes in the middle and who is silent; nobody who manages others."""
    people = len(manager)
    first_week = np.zeros(people, dtype=np.int64)
    last_week = np.full(people, weeks - 1, dtype=np.int64)
    silent = np.zeros(people, dtype=np.bool_)
    ordinary = rng.permutation(np.setdiff1d(np.arange(people), manager))
    turnover = weeks >= WEEKS_FOR_TURNOVER
    leavers = round(people * LEAVER_SHARE) if turnover else 0
    joiners = round(people * JOINER_SHARE) if turnover else 0
    leaving, joining, mute = np.split(
        ordinary[: leavers + joiners + round(people * SILENT_SHARE)], [leavers, leavers + joiners]
    )
    middle = (weeks // 3, weeks - weeks // 3)
    last_week[leaving] = rng.integers(*middle, size=len(leaving)) - 1
    first_week[joining] = rng.integers(*middle, size=len(joining))
    silent[mute] = True
    return first_week, last_week, silent


def _burdens(
    rng: np.random.Generator, steady: NDArray[np.bool_], *, overloads: int, part_time: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Draw of whom too much is asked, and who works how much of the full time."""
    people = len(steady)
    overloaded = np.zeros(people, dtype=np.bool_)
    overloaded[rng.permutation(np.flatnonzero(steady))[:overloads]] = True
    hours = np.ones(people)
    ordinary = rng.permutation(np.flatnonzero(~overloaded))[: round(people * part_time)]
    hours[ordinary] = rng.choice(np.array(PART_TIME_HOURS), size=len(ordinary))
    return overloaded, hours


def _mean_by(group: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each element's group."""
    return np.asarray((np.bincount(group, values) / np.bincount(group))[group])
