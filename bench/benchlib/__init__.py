"""What the benchmarks share: where things stand, clips, raw frames, independent detectors, the judge."""
