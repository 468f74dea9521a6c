"""The common situational picture: nouns, ledger, queries and the API."""
