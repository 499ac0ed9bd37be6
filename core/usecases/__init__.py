"""One class per desk of the office, one method per act."""
