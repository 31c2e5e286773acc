"""Asking the Charity Commission and Companies House about a number, and keeping what they answered.

`calling` makes one request, `charity_commission` and `companies_house` say which and read the answer, `judging` says what
follows from it, `looking` keeps it. Rule 2 stays where it was: `fund.organisations.record_check` and `fund.caps`.
"""
