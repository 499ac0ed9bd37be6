"""The reports of section 6: every figure is counted from the journal by one definition."""
