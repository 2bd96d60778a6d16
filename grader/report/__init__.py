"""What a run found out, shown: as report.json, as a page and in the terminal.

`files.write_report` makes the two files, `terminal.summary` what is printed. All three start from
`text.cleaned`, so no character of a submission reaches a reader unseen.
"""
