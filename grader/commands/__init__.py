"""The commands of the command line, one in each file; each imports what it needs, when it runs."""
