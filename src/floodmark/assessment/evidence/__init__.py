"""What tests say of assertions, a file for each test; nothing here reads or writes."""
