"""What the programs are measured by: `python -m benchmarks.NAME`; README.md says what each asks."""
