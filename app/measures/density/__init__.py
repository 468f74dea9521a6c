"""Where and when things lie thick: a density of places, and the hours of the week where only an interval is known."""
