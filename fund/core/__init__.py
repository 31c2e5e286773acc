"""Machinery without a grants word in it: settings, database, clock, money, workflow, permissions, audit, outbox, jobs, files, forms, PDF, charts."""
