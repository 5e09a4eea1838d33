"""The owners of an agency: their file, their credentials, how they are loaded, moved and ended."""
