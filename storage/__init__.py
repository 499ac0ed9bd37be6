"""Records, transactions and files."""
