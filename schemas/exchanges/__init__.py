"""What passes between people and the hub: manifest, receipt, verdict, agreement, release."""
