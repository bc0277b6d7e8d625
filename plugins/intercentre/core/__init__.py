"""What every room needs: settings, the hub's home, files, time, signatures, the registry.

Reads: the environment, once. Writes: files by rename, the registry by transaction. Refuses: unknown settings.
"""
