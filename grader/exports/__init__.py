"""Results for other programs, each a plain function of a report or of grades.

cells       cells of CSV files, which no spreadsheet runs
canvas      a gradebook of Canvas          moodle      a grading worksheet of Moodle
nbgrader    what nbgrader exports          plain       everything, for a spreadsheet
roster      the students as a learning platform knows them
gradescope  results.json                   junit       XML of test results
gradescope_metadata, gradescope_score       what it tells of a submission, and its score by that
github      annotations and a summary of a job
"""
