"""What somebody typed, pasted or exported, read as numbers, countries and tables; what was understood is said."""
