"""台账: the records of one enterprise and year, with their evidence, as one file an inspector can take along."""
