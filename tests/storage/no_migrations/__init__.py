"""Nothing was ever migrated here."""
