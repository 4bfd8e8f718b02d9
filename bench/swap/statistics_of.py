"""Intervals, areas and correlations."""
import numpy as np

RESAMPLES = 1000
BLOCK = 30  # [frames] neighbouring frames are alike, so blocks are resampled


def wilson(hits, count, z=1.96):
    """95 % interval of a share that takes each frame as an independent draw (too narrow for neighbouring frames)."""
    if count == 0:
        return None
    share, n = hits / count, count
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return [float(max(0, middle - half)), float(min(1, middle + half))]


def by_blocks(series, seed=1):
    """95 % interval of the mean of several series [arrays, one per clip] by moving blocks of BLOCK frames within each."""
    series = [np.asarray(values, float) for values in series if len(values)]
    if not series:
        return None
    rng, means = np.random.default_rng(seed), []
    for _ in range(RESAMPLES):
        total = 0.0
        for values in series:
            block = min(BLOCK, len(values))
            starts = rng.integers(0, len(values) - block + 1, -(-len(values) // block))
            total += values[(starts[:, None] + np.arange(block)).ravel()[:len(values)]].sum()
        means.append(total / sum(map(len, series)))
    return [float(v) for v in np.percentile(means, [2.5, 97.5])]


def by_groups(groups, seed=1):
    """95 % interval of the mean over groups' means. Whole people are resampled, because the question is about other people."""
    means = np.array([np.mean(values) for values in groups if len(values)])
    if len(means) < 2:
        return None
    picks = np.random.default_rng(seed).integers(0, len(means), (RESAMPLES, len(means)))
    return [float(v) for v in np.percentile(means[picks].mean(axis=1), [2.5, 97.5])]


def auc(lower, higher):
    """Chance that a value of `higher` is above one of `lower`; ties count half. None when one is empty."""
    lower, higher = np.sort(np.asarray(lower, float)), np.asarray(higher, float)
    if not len(lower) or not len(higher):
        return None
    below = np.searchsorted(lower, higher, "left") + np.searchsorted(lower, higher, "right")
    return float(below.mean() / (2 * len(lower)))


def correlation(a, b):
    """Pearson's r over the values that both have; None with fewer than 10 or without any spread."""
    both = np.isfinite(a) & np.isfinite(b)
    if both.sum() < 10 or np.std(a[both]) < 1e-9 or np.std(b[both]) < 1e-9:
        return None
    return float(np.corrcoef(a[both], b[both])[0, 1])


def spread(values):
    """{"n", "mean", "median", "min", "p5", "p95", "max"} of the finite values; None when there are none."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    p5, median, p95 = np.percentile(values, [5, 50, 95])
    return {"n": len(values), "mean": float(values.mean()), "median": float(median), "min": float(values.min()), "p5": float(p5),
            "p95": float(p95), "max": float(values.max())}
