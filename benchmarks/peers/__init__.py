"""What orgnet is measured against: one script a peer, run as a process of its own."""
