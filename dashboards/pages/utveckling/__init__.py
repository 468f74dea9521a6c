"""Utveckling: how it goes over time, against what is normal and against the year before, whole and split."""
