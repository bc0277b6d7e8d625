"""Intercentre: the data exchange and concertation hub of the regional integration centres of Wallonia."""
