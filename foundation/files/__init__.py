"""Files people upload: judged by what they hold, cleaned, and given out so that nothing in them can run."""
