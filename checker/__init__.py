"""The portable checker: how the one file and the wheel that a centre can carry are made (`make verificateur`)."""
