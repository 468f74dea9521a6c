"""Harm beside counts, never instead of them: what weighs, what is provisional, and what one offence carries."""
