"""The page Morgongenomgång: the morning's edition as it was made, to be read in three minutes and handed out."""
