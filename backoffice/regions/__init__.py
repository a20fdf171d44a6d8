"""Regions as they change: names, mergers, and the townships and parks of a county."""
