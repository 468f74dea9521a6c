"""The page Källor: how each feed comes in, what the picture does not know, and what was refused."""
