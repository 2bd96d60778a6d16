"""What the answers to a failed check tell of the mistake behind them; on the trusted side.

It looks at answers, never at source: the known mistakes of the reference are made, one by one and
two by two, and run on the very calls that the check made or was recorded with.
"""
