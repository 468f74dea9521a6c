"""The page Länkar: proposals that two mentions are of one person, with the evidence; a person decides."""
