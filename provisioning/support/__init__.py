"""What an agency does for one owner, and what it sees of all of them."""
