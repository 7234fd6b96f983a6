"""Policy of allocation."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Ref


class AllocationPolicy(Base):
    """How a warehouse allocates; without a row the defaults of `rules` hold. Costs in mm of walking."""

    __tablename__ = "allocation_policy"
    __table_args__ = (
        CheckConstraint("min_days_left >= 0 AND min_age_days >= 0 AND fifo_days >= 1", name="days"),
        CheckConstraint("extra_bin_mm >= 0 AND empties_bonus_mm >= 0", name="costs"),
    )

    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    min_days_left: Mapped[int] = mapped_column(default=0)
    min_age_days: Mapped[int] = mapped_column(default=0)
    fifo_days: Mapped[int] = mapped_column(default=1)
    extra_bin_mm: Mapped[int] = mapped_column(default=4_000)
    empties_bonus_mm: Mapped[int] = mapped_column(default=6_000)
