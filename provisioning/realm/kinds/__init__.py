"""The kinds of objects in a realm: of each, how it is compared and how one step is done, side by side."""
