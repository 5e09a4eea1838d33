"""The production topology on this machine, without containers: two nodes, PostgreSQL, HAProxy, Extranet.

`python -m tools.stack` (`make stack`) runs it with the sample owners until Ctrl-C. `python -m tools.stack
forget` (`make clean-stack`) forgets its data. docs/production.md says what each part is for.
"""
