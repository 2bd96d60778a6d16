"""The ways to grade: each turns the same checks and submission into what its tool takes."""
