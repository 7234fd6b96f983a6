"""The demo hall: twelve aisles of twenty-five bays on two sides, three cross aisles; the last two aisles are reserve."""

from typing import Any

from backend.operations.demo.rules.words import WORDS

PICK_AISLES = "ABCDEFGHIJ"
RESERVE_AISLES = "KL"
BAYS = 25
AISLE_MM = 3_200
CROSS_MM = (0, 13_000, 27_000)
DEFECT_BINS = 8
RETURN_BINS = 8
PICK_VOLUME_MM3 = 240_000_000
RESERVE_VOLUME_MM3 = 960_000_000


def bay_y_mm(bay: int) -> int:
    """Where a bay stands; the middle cross aisle takes the room of one bay."""
    return bay * 1_000 if bay <= 12 else (bay + 1) * 1_000


def hall() -> dict[str, Any]:
    """The layout file of the demo hall, in its JSON form."""
    letters = PICK_AISLES + RESERVE_AISLES
    return {
        "zones": [
            {"code": code, "name": WORDS["zones"][code], "kind": code.lower()} for code in WORDS["zones"]
        ],
        "aisles": [
            {
                "code": letter,
                "number": at + 1,
                "x_mm": at * AISLE_MM,
                "y_from_mm": CROSS_MM[0],
                "y_to_mm": CROSS_MM[-1],
            }
            for at, letter in enumerate(letters)
        ],
        "cross_aisles": [{"y_mm": y_mm} for y_mm in CROSS_MM],
        "points": [{"kind": "start", "aisle": "F", "y_mm": 0}, {"kind": "end", "aisle": "D", "y_mm": 0}],
        "bins": [*_shelves(letters), *_benches()],
    }


def _shelves(letters: str) -> list[dict[str, Any]]:
    return [
        {
            "code": f"{letter}-{bay:02}-{side}",
            "zone": zone_of(letter, bay, side),
            "aisle": letter,
            "side": "LR"[side - 1],
            "x_mm": letters.index(letter) * AISLE_MM + (-900, 900)[side - 1],
            "y_mm": bay_y_mm(bay),
            "level": 1,
            "max_volume_mm3": RESERVE_VOLUME_MM3 if letter in RESERVE_AISLES else PICK_VOLUME_MM3,
            "max_weight_g": 400_000 if letter in RESERVE_AISLES else 80_000,
        }
        for letter in letters
        for bay in range(1, BAYS + 1)
        for side in (1, 2)
    ]


def zone_of(letter: str, bay: int, side: int) -> str:
    """The far end of the last aisle holds what may not be sold."""
    if letter == RESERVE_AISLES[-1]:
        from_the_end = (BAYS - bay) * 2 + side - 1
        if from_the_end < DEFECT_BINS:
            return "DEFECT"
        if from_the_end < DEFECT_BINS + RETURN_BINS:
            return "RETURNS"
    return "RESERVE" if letter in RESERVE_AISLES else "PICK"


def _benches() -> list[dict[str, Any]]:
    docks = [{"code": f"DOCK-{at}", "kind": "dock", "x_mm": at * 4_000, "y_mm": 31_000} for at in (1, 2)]
    lanes = [
        {"code": f"LANE-{at}", "kind": "staging", "x_mm": 16_000 + at * 2_000, "y_mm": 29_500}
        for at in range(1, 5)
    ]
    benches = [
        {"code": f"PACK-{at}", "kind": "packing", "x_mm": 4_000 + at * 3_000, "y_mm": -3_000}
        for at in range(1, 4)
    ]
    return [*docks, *lanes, *benches]


def pick_bins() -> list[str]:
    """Pick bins, those nearest to the start and end of walks first."""
    at = [(letter, bay, side) for letter in PICK_AISLES for bay in range(1, BAYS + 1) for side in (1, 2)]
    at.sort(key=lambda place: (abs(PICK_AISLES.index(place[0]) - 4) * AISLE_MM + bay_y_mm(place[1]), place))
    return [f"{letter}-{bay:02}-{side}" for letter, bay, side in at]


def reserve_bins() -> list[str]:
    """Reserve bins."""
    return [
        f"{letter}-{bay:02}-{side}"
        for letter in RESERVE_AISLES
        for bay in range(1, BAYS + 1)
        for side in (1, 2)
        if zone_of(letter, bay, side) == "RESERVE"
    ]


def defect_bins() -> list[str]:
    """Bins for goods that are not good any more."""
    letter = RESERVE_AISLES[-1]
    return [
        f"{letter}-{bay:02}-{side}"
        for bay in range(1, BAYS + 1)
        for side in (1, 2)
        if zone_of(letter, bay, side) == "DEFECT"
    ]
