"""What research says about kinds of project: our copy of two public toolkits, and its reader."""
