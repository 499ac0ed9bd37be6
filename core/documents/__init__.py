"""Answers, letters and registers as files: values in, bytes out."""
