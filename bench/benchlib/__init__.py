"""Shared parts of the benchmarks: paths, clips, raw frames, independent detectors, the judge."""
