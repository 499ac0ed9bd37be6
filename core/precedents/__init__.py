"""What past decisions teach: a model, and the process that makes it."""
