"""The kinds of objects in a realm, a module each: `plan` compares, `apply` does one step."""
