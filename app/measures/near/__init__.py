"""Near repeat: do events that lie near each other also lie close in time, more than chance would have it?"""
