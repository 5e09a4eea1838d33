"""The commands of this folder, one module each; imported when somebody calls for them."""
