"""What somebody said, cut into assertions that can be tested: values only, nothing is read or written here."""
