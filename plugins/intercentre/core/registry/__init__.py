"""The operational state: deposits, verdicts, accounts, rounds, votes, releases, and the journal that chains them."""
