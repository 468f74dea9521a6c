"""Geography and catalogues of the regions: built by maintainers, loaded into the tables."""
