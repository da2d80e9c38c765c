"""The kernel: row verbs, edges, and the order of the work."""
