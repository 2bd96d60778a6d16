"""Grades a whole class: every entry of a folder, in parallel, one result for each.

entries   which entries are whose submission, in the layouts of the systems that collect them
times     when an entry was handed in
nameless  submissions without the names of their students; coded: a whole class of them
ahead     reads submissions before examiners ask for them
crew      warm examiners that take one submission after another
whole     reads, grades and keeps, entry by entry; what cannot be graded stops nothing
row       what is remembered of a submission: numbers
table     grades.csv
changes   whose grade a changed exam changes, and changes_table shows it
bar       the progress bar and the summary
"""
