"""Dates, encodings, tables and Swedish text, shared by feeds."""
