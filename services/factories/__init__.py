"""Sample records of the kinds of leadership and services. Loading this package registers them."""

from services.factories import leadership, offices, recognition, welfare

__all__ = ["leadership", "offices", "recognition", "welfare"]
