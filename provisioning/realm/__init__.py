"""Realms, agencies and applications: what the manifest says, and how the server becomes so."""
