"""Public event notices of polisen.se."""
