"""Another name that notebooks of the course know testCases by."""

from testCases import *  # noqa: F403 - the notebooks take all of it
