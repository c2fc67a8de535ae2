"""What reports say that can be checked: quantities, dates and deadlines, attributions, stances; and how they differ."""

from monitor.core.claims.deltas import SUBJECTLESS, compare
from monitor.core.claims.ledger import extract, figures, overdue
from monitor.core.claims.stances import phase

__all__ = ["SUBJECTLESS", "compare", "extract", "figures", "overdue", "phase"]
