"""One module per contestant, each with `judge(source, out)`; what they share is the contract, read with Python."""
