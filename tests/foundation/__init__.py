"""Stories and units of the ground floor and of the back office."""
