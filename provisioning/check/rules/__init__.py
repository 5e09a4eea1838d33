"""One rule a module: `findings(installation)` gives what is wrong in its respect."""
