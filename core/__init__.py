"""The life of a message: pure decisions and use cases written against protocols."""
