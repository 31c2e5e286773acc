"""What is asked and what is answered: forms, question types, drafts, submission, screening."""
