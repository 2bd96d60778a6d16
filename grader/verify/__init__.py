"""The proof of an exam: what is right passes, and whatever is wrong is caught.

whole        asks for everything, in order
material     what there is to an exercise: mistakes, mutants, alternatives
untouched    part 1: the reference has full marks, the stub none     rooms: files of no exercise
known        part 2: known mistakes
mutation     part 3: mutants, which expressions and statements make  doubted: further examples
different    part 4: right solutions of another kind                 chance: other seeds
laboratory   the process for what tens of thousands of examples are needed for: doubts, seeds;
             experiments starts it, and it works beside the trials
table, record, bar   how it is shown
"""

from grader.verify.demands import read_demands
from grader.verify.record import to_json
from grader.verify.table import verdict
from grader.verify.whole import verify

__all__ = ["read_demands", "to_json", "verdict", "verify"]
