"""Letters, receipts and packs as PDF: accessible (PDF/UA-1), archivable (PDF/A-3a), the same bytes every time.

`document.draw` makes the PDF and `as_html.as_html` a page with the same words, both from one Document of blocks.
What a letter says is the caller's.
"""
