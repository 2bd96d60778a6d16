"""The command `grader`, and `python -m grader`."""

import sys

from grader import __version__


def main() -> None:
    """Answer --version at once; leave everything else to the command line."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"grader {__version__}\n")  # before anything is imported
        return
    from grader.cli import main as run

    run()


if __name__ == "__main__":
    main()
