"""Money: integer minor units with a currency. No floats, and never two currencies in one sum."""

from dataclasses import dataclass

# ISO 4217 minor-unit exponents that are not 2.
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (fen, cent) of one ISO 4217 currency."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return other

    def __str__(self) -> str:
        digits = exponent(self.currency)
        if digits == 0:
            return f"{self.minor} {self.currency}"
        sign, whole = ("-", -self.minor) if self.minor < 0 else ("", self.minor)
        return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d} {self.currency}"


def exponent(currency: str) -> int:
    """How many digits the currency has after the point (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)
