"""Speed and memory of harmonisation and indicators: at real volume, and at a million dossiers and more."""
