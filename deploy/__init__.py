"""What sets the portal up and runs it: standard library only, so that it works before anything is installed."""
