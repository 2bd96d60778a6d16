"""What runs alone in the sandbox: the codec, the loop that answers calls, the student's code.

Standard library and numpy only, and relative imports only: the sandbox sees this folder as the
top-level package `worker`. Trusted code uses the codec of it and nothing else.
"""
