"""The nouns of the picture. No input or output happens here."""
