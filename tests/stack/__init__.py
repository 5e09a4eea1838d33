"""What production survives, on the topology of `make stack`: `make test-stack`. Not part of `make test`."""
