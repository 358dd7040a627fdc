"""The scale of a chart: the range that it covers, and where its grid lines are."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

# Steps between grid lines, times a power of ten.
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MAX_INTERVALS = 5


@dataclass(frozen=True)
class Scale:
    """A range of values, and the values of its grid lines, the lowest first."""

    low: Decimal
    high: Decimal
    ticks: tuple[Decimal, ...] = ()

    def get_fraction(self, value: Decimal) -> float:
        """Return the place of `value` between `low` (0) and `high` (1)."""
        return float((value - self.low) / (self.high - self.low))


def build_tight_scale(values: Iterable[Decimal]) -> Scale:
    """Return the range from zero to the furthest values, for bars with their value beside them."""
    low, high = _get_range([*values, Decimal(0)])
    return Scale(low, high)


def build_scale(values: Iterable[Decimal], with_zero: bool = True) -> Scale:
    """Return a range that begins and ends at grid lines.

    Without `with_zero` the range may begin elsewhere, where zero is far from all values.
    """
    values = list(values)
    low, high = min(values), max(values)
    if with_zero or (low > 0 and low < high / 2) or (high < 0 and high > low / 2):
        values.append(Decimal(0))
    low, high = _get_range(values)
    step = _get_step(high - low)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    ticks = tuple(step * number for number in range(int(first), int(last) + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def _get_range(values: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the lowest and highest value, which are never the same."""
    values = list(values)
    low, high = min(values), max(values)
    return (low, high) if low < high else (low, low + 1)


def _get_step(width: Decimal) -> Decimal:
    """Return the smallest step with which at most `MAX_INTERVALS` cover a range of `width`."""
    power = Decimal(10) ** (width / MAX_INTERVALS).adjusted()
    return next(power * step for step in STEPS if power * step * MAX_INTERVALS >= width)
