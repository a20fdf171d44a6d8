"""Declarations of the kinds of workers' skills, each under its theme: importing a module registers its kinds."""

from skills.kinds import education, funds, levels, training, wages

__all__ = ["education", "funds", "levels", "training", "wages"]
