"""How applications are judged: panels, assignment, conflicts, criteria, evidence, scores, moderation, ranking."""
