"""Runs other switches and ours on the same workloads, in turn, and writes down how they compare."""
