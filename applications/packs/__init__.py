"""Form packs: the live form as a Word or OpenDocument file, filled anywhere, and read back with nothing taken silently."""
