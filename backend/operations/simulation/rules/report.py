"""What a day is told as: metres, pace, mistakes, and the same orders one at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.operations.simulation.rules.hall import Hall
from backend.operations.simulation.rules.people import Habits, Mistake

BASELINE_POLICY = "s_shape"


@dataclass(frozen=True, kw_only=True)
class SimulationPlan:
    """What is to be simulated.

    Attributes:
        orders: a file of order lines; None takes made-up ones.
        speed: how many times faster than life; 0 is as fast as the house answers.
        limit: at most so many orders (at a time, with `forever`).
        url: a running server; empty makes a throw-away house.
        forever: go on with new made-up orders until stopped.
        logins: the file in which the demo's logins stand; None looks in the house's own folder.
    """

    orders: Path | None = None
    pickers: int = 4
    seed: int = 1
    speed: float = 0.0
    mode: str = "cluster"
    policy: str = "optimal"
    limit: int = 200
    url: str = ""
    forever: bool = False
    logins: Path | None = None
    scan_each: bool = False
    plan_seconds: int = 5


@dataclass
class Tally:
    """What happened, counted while it happens."""

    tasks: int = 0
    lines: int = 0
    units: int = 0
    short_lines: int = 0
    walked_mm: int = 0
    busy_s: float = 0.0
    requests: int = 0
    made: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Mistake, 0))
    caught: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Mistake, 0))
    through: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Mistake, 0))
    refusals: dict[str, int] = field(default_factory=dict)
    visits: dict[int, set[str]] = field(default_factory=dict)

    def note(self, mistake: Mistake, *, caught: bool) -> None:
        """A mistake, and whether it was stopped."""
        self.made[mistake] += 1
        (self.caught if caught else self.through)[mistake] += 1

    def note_refusal(self, code: str) -> None:
        """A no of the house that the person did not cause."""
        self.refusals[code] = self.refusals.get(code, 0) + 1

    def note_visit(self, order_id: int, location_code: str) -> None:
        """The order needs something from there: the baseline walks to it too."""
        self.visits.setdefault(order_id, set()).add(location_code)


@dataclass(frozen=True)
class Pace:
    """How far and how fast, over all lines."""

    metres_per_line: float
    lines_per_hour: float


@dataclass(frozen=True)
class SimulationReport:
    """The day in figures; `lines_per_hour` are of one person, in simulated time."""

    mode: str
    policy: str
    pickers: int
    seed: int
    orders: int
    tasks: int
    lines: int
    units: int
    short_lines: int
    walked_m: int
    hours: float
    requests: int
    pace: Pace
    baseline: Pace
    made: Mapping[str, int]
    caught: Mapping[str, int]
    through: Mapping[str, int]
    refusals: Mapping[str, int]

    def table(self) -> str:
        """For people to read."""
        gain = (
            1 - self.pace.metres_per_line / self.baseline.metres_per_line
            if self.baseline.metres_per_line
            else 0.0
        )
        faster = (
            self.pace.lines_per_hour / self.baseline.lines_per_hour - 1
            if self.baseline.lines_per_hour
            else 0.0
        )
        rows = [
            ("", f"{self.mode}, {self.policy}", "one order, s_shape", "difference"),
            (
                "metres per line",
                f"{self.pace.metres_per_line:.1f}",
                f"{self.baseline.metres_per_line:.1f}",
                f"{-gain:+.0%}",
            ),
            (
                "lines per hour",
                f"{self.pace.lines_per_hour:.0f}",
                f"{self.baseline.lines_per_hour:.0f}",
                f"{faster:+.0%}",
            ),
        ]
        mistakes = [("mistakes", "made", "caught", "let through")]
        mistakes += [
            (name, str(made), str(self.caught[name]), str(self.through[name]))
            for name, made in self.made.items()
        ]
        head = (
            f"{self.orders} orders, {self.lines} lines, {self.units} pieces, {self.tasks} tours by {self.pickers} pickers:"
            f" {self.walked_m} m in {self.hours:.1f} hours of work (seed {self.seed}, {self.requests} requests)"
        )
        parts = [head, "", *_columns(rows), "", *_columns(mistakes)]
        if self.short_lines:
            parts += ["", f"{self.short_lines} lines fell short"]
        if self.refusals:
            told = ", ".join(f"{code} {count}" for code, count in sorted(self.refusals.items()))
            parts += ["", f"refused without a mistake: {told}"]
        return "\n".join(parts)


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *rest = (
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *rest]).rstrip())
    return lines


def report_of(plan: SimulationPlan, tally: Tally, hall: Hall, habits: Habits) -> SimulationReport:
    """The figures of a day, beside those of its baseline."""
    hours = tally.busy_s / 3600
    return SimulationReport(
        mode=plan.mode,
        policy=plan.policy,
        pickers=plan.pickers,
        seed=plan.seed,
        orders=len(tally.visits),
        tasks=tally.tasks,
        lines=tally.lines,
        units=tally.units,
        short_lines=tally.short_lines,
        walked_m=round(tally.walked_mm / 1000),
        hours=round(hours, 2),
        requests=tally.requests,
        pace=Pace(
            round(tally.walked_mm / 1000 / max(tally.lines, 1), 2),
            round(tally.lines / hours, 1) if hours else 0.0,
        ),
        baseline=baseline(hall, tally.visits.values(), tally.units, habits),
        made=dict(tally.made),
        caught=dict(tally.caught),
        through=dict(tally.through),
        refusals=dict(tally.refusals),
    )


def baseline(hall: Hall, orders: Iterable[Iterable[str]], units: int, habits: Habits) -> Pace:
    """The same orders, each walked alone in S-shape order by a person of middling pace who never errs.

    Args:
        orders: per order the codes of the locations that were visited for it.
        units: pieces of all orders together.
    """
    tours = [list(codes) for codes in orders]
    lines = sum(len(codes) for codes in tours)
    if not lines:
        return Pace(0.0, 0.0)
    walked_mm = sum(hall.tour_mm(sorted(codes), BASELINE_POLICY) for codes in tours)
    times = habits.times
    handled_s = len(tours) * (times.start + times.bind_tote + times.unload)
    handled_s += lines * (times.find_bin + 2 * times.scan + times.first_piece + times.drop)
    handled_s += max(units - lines, 0) * times.next_piece
    seconds = handled_s + walked_mm / habits.walk_mm_s
    return Pace(round(walked_mm / 1000 / lines, 2), round(lines * 3600 / seconds, 1))
