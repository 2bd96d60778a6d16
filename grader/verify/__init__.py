"""The proof of an exam: what is right passes, and whatever is wrong is caught."""
