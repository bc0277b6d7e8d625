"""Operation: the hub's processes started, watched and stopped as one; and the demonstration from outside.

Reads: the hub's home, the processes' health. Writes: keys and first accounts, journaux/*.log, process records.
Refuses: two hubs on one home, a port that is taken, an end that leaves a process behind.
"""
