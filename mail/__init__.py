"""The mail bridge: letters in, letters out."""
