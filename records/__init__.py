"""What enterprises report and offices decide on: records, workflow, evidence, duties."""
