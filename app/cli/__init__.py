"""``lagesbild``: the commands. Thin: each reads its words, calls one function and prints what came of it."""

from app.cli.main import main

__all__ = ["main"]
