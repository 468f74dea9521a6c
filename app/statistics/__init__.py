"""What several measures reckon with: tests for many at once, exact intervals, pairs that lie near, robust regressions.

Pure functions on arrays. A formula names its source where it stands.
"""
