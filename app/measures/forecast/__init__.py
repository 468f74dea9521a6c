"""How many a week there will be in each district in the weeks to come, and how often such forecasts held.

Read in this order: ``series`` (the table as weeks), ``model`` (the forecast of one origin), ``check`` (the same for
origins in the past, against what came), ``measure``. A forecast is of an area; there is none of a person.
"""
