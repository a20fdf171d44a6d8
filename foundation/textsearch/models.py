"""No models. Django sends ``post_migrate`` only to apps that have this module, and a migration that makes a table anew
(every change of a column on SQLite) drops the triggers that ``embedded.repair_all`` then puts back."""
