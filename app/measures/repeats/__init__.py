"""What comes again: time to the next event, how often, what goes with it, and how it gathers on few."""
