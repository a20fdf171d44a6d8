"""The page of a city, county or the province: where it stands, what is exceptional, and the ways up and down."""
