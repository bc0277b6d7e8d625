"""What the eight centres have agreed: tables, code lists, rules, indicators and exchanges.

Nothing here does anything to a file or a database; the rooms under plugins/intercentre do.
"""
