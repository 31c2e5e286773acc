"""The strategy packs: what each partnership decided, kept as data files, and the one strict reader of them."""
