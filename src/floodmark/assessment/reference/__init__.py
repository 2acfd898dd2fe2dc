"""Public statements that come with the program, each with its source and date."""
