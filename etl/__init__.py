"""From a source's bytes to the ledger, one way."""
