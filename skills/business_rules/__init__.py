"""What regulation asks of the kinds of workers' skills, and what is questioned, each under its theme."""
