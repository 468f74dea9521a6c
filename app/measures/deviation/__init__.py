"""Counts against what is normal: Farrington, EARS and CUSUM each by itself, and what the region uses of them.

``farrington``, ``ears`` and ``cusum`` are the methods as their papers have them, with the papers' settings;
``deviation`` chooses among them per area, pools what is too seldom, and says how often it errs.
"""
