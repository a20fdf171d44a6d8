"""Formats that replace Django's own, one package a language."""
