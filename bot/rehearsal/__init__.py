"""The made-up city: its people, its first message, and one case driven through the regulation."""
