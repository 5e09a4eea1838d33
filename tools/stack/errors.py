"""What can go wrong with the stack, in words for the person who started it."""

from provisioning.errors import MoncompteError


class StackError(MoncompteError):
    """The stack cannot go on. The message says what happened, where, and what to do."""
