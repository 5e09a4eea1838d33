"""The demonstration: Keycloak, a mailbox and two applications on this machine, with the sample owners.

`python -m tools.demo` (`make demo`) runs it until Ctrl-C. `python -m tools.demo forget` (`make clean-demo`)
forgets its data.
"""
