"""What makes a fresh machine ready: standard library only, since nothing is installed when it runs.

``python3 -m bootstrap run | test | check`` does only what is missing; each step leaves a stamp with the
checksum of what it was made from, so a second run costs milliseconds.
"""
