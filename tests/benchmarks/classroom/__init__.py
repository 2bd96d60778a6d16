"""A generated class: submissions of which it is known what has to come of them.

handed_in    one submission, and what has to come of it
ingredients  what the course has to make submissions of
honest       right ones, with known mistakes, as notebooks
broken       what cannot be read, or not as a whole
hostile      what attacks, and what is slow
generate     so many of each kind
judging      what came of a class, beside what had to
killing      the same class, with the run killed again and again
"""
