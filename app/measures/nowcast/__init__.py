"""What the last days will have come to when everything has arrived, from how late things usually arrive.

Read in this order: ``triangle`` (the table as an array), ``delays`` (how late), ``normal`` (how many there usually
are), ``bands`` (what is still to come), ``replay`` (how often the bands held), ``measure``.
"""
