"""What regulation asks of the kinds of workers' rights, each under its theme."""
