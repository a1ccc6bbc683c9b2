"""Pictures of expression graphs."""
