"""Looking at a running installation: what is wrong with it, why that matters, and what to do.

`reading.read` asks the server everything once and gives an `Installation`. Each rule looks at one thing in it
and gives findings. Nothing is changed.
"""
