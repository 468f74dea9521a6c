"""Where there is more than there should be: Gi*, local Moran, and rates that small areas do not throw about."""
