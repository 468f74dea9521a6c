"""Did it work? Before and after, where something was done, against areas where it was not.

`displacement` takes four to eight counts: the weighted displacement difference. `effect` takes a series per area: the
ratio to what was expected, by a negative-binomial difference in differences, with its parallel-trend picture.
"""
