"""The embedded run: database, web and ETL on one machine, kept alive by a supervisor and ended together.

``up.run`` is what ``make run`` ends in. A running instance is one ``var/`` folder; it is locked (`instance`), its
processes leave a record of themselves (`record`), and they die with the supervisor that started them (Linux).
"""
