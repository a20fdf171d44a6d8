"""Declarations of the kinds of leadership and services. Loading this package registers them."""

from services.kinds import leadership, recognition, welfare

__all__ = ["leadership", "recognition", "welfare"]
