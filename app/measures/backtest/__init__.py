"""The back-test of an alert rule: when would it have fired, with what was known each day, and how often for nothing?"""
