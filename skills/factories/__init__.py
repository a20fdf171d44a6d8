"""Sample records of the kinds of workers' skills, each under its theme: importing a module registers its factories."""

from skills.factories import education, funds, levels, training

__all__ = ["education", "funds", "levels", "training"]
