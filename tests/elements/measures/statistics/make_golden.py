"""Writes tsne_golden.json: what scikit-learn makes of rows that the test builds by the same rule. Needs scikit-learn; not run by the tests."""
import json
import pathlib

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness

STARTS = 20


def rows(groups, each, width, spread):
    """Groups of rows around middles; a linear congruential generator, so that C++ builds the very same ones."""
    state = np.uint64(1)
    out = np.empty((groups * each, width))

    def value():
        nonlocal state
        with np.errstate(over="ignore"):
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        return float(state >> np.uint64(11)) / 2**53

    for g in range(groups):
        middle = [value() for _ in range(width)]
        for i in range(each):
            out[g * each + i] = [m + spread * (value() - 0.5) for m in middle]
    return out


def starts(x):
    """The first places of init="pca", each time disturbed by a tenth of their spread: the descent is chaotic, so that each rounding ends elsewhere."""
    places = PCA(2).fit_transform(x)
    places = places / np.std(places[:, 0]) * 1e-4
    for seed in range(STARTS):
        yield (places + np.random.default_rng(seed).normal(0, 1e-5, places.shape)).astype("float32")


def main():
    cases = []
    for groups, each, width, spread in ((4, 40, 128, 1.5), (1, 90, 16, 1.0), (9, 8, 128, 0.8), (2, 10, 3, 1.0)):
        x = rows(groups, each, width, spread)
        ends = []
        for start in starts(x):
            model = TSNE(method="exact", init=start, learning_rate="auto", perplexity=min(30.0, (len(x) - 1) / 3), max_iter=1000, random_state=0)
            y = model.fit_transform(x)
            ends.append((float(model.kl_divergence_), float(trustworthiness(x, y, n_neighbors=5))))
        cases.append({"groups": groups, "each": each, "width": width, "spread": spread, "first": x[0, 0], "last": x[-1, -1],
                      "kl_least": min(kl for kl, _ in ends), "kl_most": max(kl for kl, _ in ends), "trustworthiness_least": min(trust for _, trust in ends)})
    here = pathlib.Path(__file__).parent
    made_by = f"make_golden.py, scikit-learn {sklearn.__version__}, {STARTS} starts"
    (here / "tsne_golden.json").write_text(json.dumps({"made_by": made_by, "cases": cases}, indent=1) + "\n")


main()
