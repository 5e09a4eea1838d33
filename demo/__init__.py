"""The demonstration: Keycloak, a mailbox and two applications on this machine, with the sample owners.

`python -m demo` (`make demo`) runs it until Ctrl-C, `python -m demo forget` (`make clean-demo`) forgets it.
"""
