"""What can go wrong in a demonstration, in words for the person who started it."""


class DemoError(Exception):
    """The demo cannot go on. The message says what happened, where, and what to do."""
