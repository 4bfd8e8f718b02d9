#!/usr/bin/env python3
"""Asks SciPy and Pingouin for what the clinical measures compute and stores the answers in golden.json.

Run in a virtual environment of its own, outside the repository:
  python3 -m venv ../golden-venv && ../golden-venv/bin/pip install numpy scipy pingouin
  ../golden-venv/bin/python tests/elements/measures/kinematics/golden/make_goldens.py

Inputs are rounded first, so that the test reads exactly the numbers that were answered for.
"""
import json
import pathlib
import warnings

import numpy as np
import pandas as pd
import pingouin
from scipy import signal, stats

HERE = pathlib.Path(__file__).resolve().parent
random = np.random.default_rng(4)


def listed(values, digits=None):
    values = np.asarray(values, float)
    return (values if digits is None else values.round(digits)).tolist()


def noisy(frequency, rate, n):
    t = np.arange(n) / rate
    return (3 * np.sin(2 * np.pi * frequency * t) + 10 * np.sin(2 * np.pi * .4 * t) + random.normal(0, .5, n)).round(4)


def filters():
    cases = []
    for rate, n, low, high in [(30, 90, 2, 10), (29.97, 61, 2, 10), (25, 80, 2, 10), (50, 120, 3, 7.5), (240, 100, 2, 10)]:
        x = noisy(5, rate, n)
        b, a = signal.butter(2, [low, high], "bandpass", fs=rate)
        cases.append({"rate": rate, "low": low, "high": high, "x": listed(x), "y": listed(signal.filtfilt(b, a, x))})
    return cases


def spectra():
    cases = []
    for rate, n, window in [(30, 300, 120), (29.97, 260, 119), (25, 250, 100)]:
        x = noisy(5, rate, n)
        y = (.8 * x + random.normal(0, .7, n)).round(4)
        f, xx = signal.welch(x, fs=rate, nperseg=window)
        yy = signal.welch(y, fs=rate, nperseg=window)[1]
        xy = signal.csd(x, y, fs=rate, nperseg=window)[1]
        coherence = signal.coherence(x, y, fs=rate, nperseg=window)[1]
        cases.append({"rate": rate, "window": window, "x": listed(x), "y": listed(y), "frequency": listed(f, 12),
                      "xx": listed(xx), "yy": listed(yy), "xy_real": listed(xy.real), "xy_imag": listed(xy.imag),
                      "coherence": listed(coherence)})
    return cases


def icc_interval(o, d, icc):
    """McGraw & Wong 1996, table 7, ICC(A,1); Pingouin rounds its own to two digits, which is checked here."""
    n, k = len(o), 2
    both = np.stack([o, d], 1)
    grand = both.mean()
    rows = k * ((both.mean(1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((both.mean(0) - grand) ** 2).sum() / (k - 1)
    error = ((both - both.mean(1, keepdims=True) - both.mean(0) + grand) ** 2).sum() / ((n - 1) * (k - 1))
    a, b = k * icc / (n * (1 - icc)), 1 + k * icc * (n - 1) / (n * (1 - icc))
    v = (a * columns + b * error) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1)))
    low, high = stats.f.ppf(.975, n - 1, v), stats.f.ppf(.975, v, n - 1)
    noise = k * columns + (k * n - k - n) * error
    return [n * (rows - low * error) / (low * noise + n * rows), n * (high * rows - error) / (noise + n * high * rows)]


def agreements():
    cases = []
    for n, spread, noise, bias, scale in [(12, 3, .4, .3, 1), (5, 1, .5, 0, 1.2), (40, 10, 8, -4, 1), (2, 2, .1, .1, 1),
                                          (30, .3, 2, 0, 1)]:
        o = random.normal(20, spread, n).round(4)
        d = (scale * o + bias + random.normal(0, noise, n)).round(4)
        table = pd.DataFrame({"subject": np.tile(np.arange(n), 2), "stream": ["o"] * n + ["d"] * n,
                              "value": np.concatenate([o, d])})
        icc = ci = None
        if n > 4:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                answer = pingouin.intraclass_corr(table, "subject", "stream", "value")
            row = answer[answer["Type"].isin(["ICC2", "ICC(A,1)"])].iloc[0]
            icc = float(row["ICC"])
            ci = icc_interval(o, d, icc)
            theirs = row["CI95%"] if "CI95%" in row else row["CI95"]
            assert np.allclose(theirs, ci, atol=.0051), (theirs, ci)
        difference, mean = d - o, (d + o) / 2
        sd, t = difference.std(ddof=1), stats.t.ppf(.975, n - 1)
        covariance = np.cov(o, d, ddof=0)
        cases.append({
            "original": listed(o), "deidentified": listed(d), "bias": difference.mean(), "sd": sd,
            "bias_ci": listed(stats.t.interval(.95, n - 1, difference.mean(), stats.sem(difference))),
            "limits": listed([difference.mean() - 1.96 * sd, difference.mean() + 1.96 * sd]),
            "limit_ci_half": t * sd * np.sqrt(3 / n), "slope": stats.linregress(mean, difference).slope,
            "icc": icc, "icc_ci": ci, "pearson": stats.pearsonr(o, d).statistic,
            "ccc": 2 * covariance[0, 1] / (covariance[0, 0] + covariance[1, 1] + (o.mean() - d.mean()) ** 2),
            "sem": None if icc is None else np.concatenate([o, d]).std(ddof=1) * np.sqrt(1 - icc)})
    return cases


def main():
    golden = {"filters": filters(), "spectra": spectra(), "agreements": agreements()}
    text = json.dumps(golden)
    (HERE / "golden.json").write_text(text.replace('}, {', '},\n{') + "\n")
    print(len(text), "bytes")


main()
