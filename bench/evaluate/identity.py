"""People, Table 1, Figs 4 and 5 and the attacks, from identitymeter's raw files."""
import collections

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn.manifold import trustworthiness as sklearn_trustworthiness
from sklearn.metrics import roc_auc_score

import mt

SAME = 0.6


def spread(values):
    values = np.sort(np.asarray(values, float))
    if not len(values):
        return None
    return {"n": len(values), "mean": values.mean(), "sd": values.std(ddof=1) if len(values) > 1 else 0.0, "min": values[0],
            "median": np.median(values), "max": values[-1]}


def tracks(clip, faces):
    by_id = collections.defaultdict(list)
    for face in faces:
        if face["original"] is not None:
            by_id[face["id"]].append(face)
    longest = max(map(len, by_id.values()), default=0)
    return [{"clip": clip, "face": n, "described": len(f), "frames": {x["frame"] for x in f},
             "mean": np.mean([x["original"] for x in f], axis=0, dtype=np.float64).astype(np.float32)}
            for n, f in sorted(by_id.items()) if len(f) >= min(3, longest)]


def apart(tracks_):
    d = squareform(pdist([t["mean"].astype(float) for t in tracks_])) if len(tracks_) > 1 else np.zeros((1, 1))
    together = np.zeros_like(d, bool)
    for i, a in enumerate(tracks_):
        for j, b in enumerate(tracks_):
            together[i, j] = i != j and a["clip"] == b["clip"] and bool(a["frames"] & b["frames"])
    return d, together


def clustered(tracks_):
    """(person of each track, doubts)"""
    if not tracks_:
        return [], []
    d, together = apart(tracks_)
    groups = [1]
    if len(tracks_) > 1:
        wide = np.where(together, 1e12, d)
        groups = fcluster(linkage(squareform(wide, checks=False), "average"), np.nextafter(SAME, 0), "distance")
    order = {}
    names = [f"person {order.setdefault(g, len(order) + 1)}" for g in groups]
    doubts = [{"a": f"{tracks_[i]['clip']}, face {tracks_[i]['face']}", "b": f"{tracks_[j]['clip']}, face {tracks_[j]['face']}",
               "distance": d[i, j], "joined": bool(groups[i] == groups[j])}
              for i in range(len(tracks_)) for j in range(i + 1, len(tracks_)) if abs(d[i, j] - SAME) < 0.1 and not together[i, j]]
    return names, sorted(doubts, key=lambda x: abs(x["distance"] - SAME))


def thinned(rows, most):
    return rows[::max(1, -(-len(rows) // most))]


def _rows(faces, key):
    return np.array([f[key] for f in faces if f[key] is not None], np.float64).reshape(-1, 128)


def averages(samples, people):
    return {p: _rows([s for s in samples if s["person"] == p], "original").mean(axis=0).astype(np.float32).astype(float)
            for p in people if any(s["person"] == p and s["original"] is not None for s in samples)}


def distances(samples, people, only=None):
    mine = [s for s in samples if s["person"] is not None and only in (None, s["person"])]
    mean, intra, intra_after = averages(samples, people), [], []
    for p in people:
        for key, into in (("original", intra), ("deidentified", intra_after)):
            rows = thinned(_rows([s for s in mine if s["person"] == p], key), 500)
            into.extend(pdist(rows) if len(rows) > 1 else [])
    known = [s for s in mine if s["deidentified"] is not None]
    own = [np.linalg.norm(s["original"].astype(float) - s["deidentified"]) for s in known if s["original"] is not None]
    average = [np.linalg.norm(mean[s["person"]] - s["deidentified"]) for s in known if s["person"] in mean]
    target = [s["d_target"] for s in known if s["d_target"] is not None]
    return {"faces": len(mine), "described": len(known), "found": sum(s["found"] for s in known), "intra_original": spread(intra),
            "intra_deidentified": spread(intra_after), "to_original": spread(own), "to_original_above_limit": int(np.sum(np.array(own) > SAME)),
            "to_average_original": spread(average), "to_average_original_above_limit": int(np.sum(np.array(average) > SAME)),
            "to_average_target": spread(target)}


def roc(samples, clips, people):
    halves = []
    for clip in clips:
        for p in people:
            faces = [s for s in samples if s["clip"] == clip and s["person"] == p]
            for part in (faces[:len(faces) // 2], faces[len(faces) // 2:]) if faces else ():
                halves.append((p, thinned(_rows(part, "original"), 60), thinned(_rows(part, "deidentified"), 60)))
    genuine, against = [], []
    for i, (p, originals, _) in enumerate(halves):
        for j, (q, others, after) in enumerate(halves):
            if i != j and p == q:
                if j > i:
                    genuine += list(cdist(originals, others).ravel())
                against += list(cdist(originals, after).ravel())
    result = {"genuine": spread(genuine), "against": spread(against), "auc": None, "curve": []}
    if genuine and against:
        result["auc"] = roc_auc_score([0] * len(genuine) + [1] * len(against), genuine + against)
        values = np.unique(genuine + against)
        g, a = np.sort(genuine), np.sort(against)
        points = [[0.0, 0.0]] + [[x, y] for x, y in zip(np.searchsorted(a, values, "right") / len(a), np.searchsorted(g, values, "right") / len(g))]
        few = points[::max(1, len(points) // 200)]
        result["curve"] = few if few[-1] == points[-1] else few + [points[-1]]
    return result


def wilson(hits, n, z=1.959963984540054):
    if not n:
        return None
    share = hits / n
    middle, half = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return [max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))]


def by_people(tallies):
    tallies = np.array([t for t in tallies if t[1]], float)
    if len(tallies) < 2:
        return None
    sums = np.array([tallies[draw].sum(axis=0) for draw in mt.people_draws(len(tallies))])
    return [float(v) for v in np.percentile(sums[:, 0] / sums[:, 1], [2.5, 97.5])]


def rounds(samples, clips, people, kind):
    """[(gallery [(owner, mean)], probes)]; with linking a person has an entry for each clip"""
    if kind == "naive":
        mean = averages(samples, people)
        return [(list(mean.items()), [s for s in samples if s["person"] in mean])]
    described = [s for s in samples if s["person"] is not None and s["deidentified"] is not None]
    if kind == "parrot":
        result = []
        for clip in clips:
            gallery = []
            for p in people:
                rows = _rows([s for s in described if s["person"] == p and s["clip"] != clip], "deidentified")
                if len(rows):
                    gallery.append((p, rows.mean(axis=0).astype(np.float32).astype(float)))
            known = {p for p, _ in gallery}
            result.append((gallery, [s for s in samples if s["clip"] == clip and s["person"] in known]))
        return result
    gallery, shown = [], []
    for clip in clips:
        for p in people:
            faces = [s for s in described if s["clip"] == clip and s["person"] == p]
            if len(faces) >= 2:
                gallery.append((p, _rows(faces[:len(faces) // 2], "deidentified").mean(axis=0).astype(np.float32).astype(float)))
                shown += faces[len(faces) // 2:]
    return [(gallery, shown)]


def attack(samples, clips, people, kind):
    size, faces, chance, ranks, impostors = 0, 0, [], [], []
    by = {p: [] for p in people}  # (hit, own distance, identified as)
    for gallery, shown in rounds(samples, clips, people, kind):
        faces += len(shown)
        size = max(size, len(gallery)) if shown else size
        for s in shown:
            if s["deidentified"] is None or not gallery:
                continue
            d = np.linalg.norm(np.array([m for _, m in gallery]) - s["deidentified"].astype(float), axis=1)
            mine = np.array([who == s["person"] for who, _ in gallery])
            own, others = d[mine].min(), d[~mine]
            rank = 1 + int((others < own).sum())
            nearest = gallery[int(d.argmin())][0]
            chance.append(mine.mean())
            ranks.append(rank)
            impostors += list(others)
            by[s["person"]].append((rank == 1, own, nearest))
    described, hits = len(ranks), sum(hit for rows in by.values() for hit, _, _ in rows)
    result = {"gallery": size, "people": sum(bool(rows) for rows in by.values()), "faces": faces, "described": described, "hits": hits,
              "rank1": hits / described if described else None, "chance": np.mean(chance) if described else None, "wilson": wilson(hits, described),
              "by_people": by_people([(sum(h for h, _, _ in rows), len(rows)) for rows in by.values()]),
              "median_rank": np.median(ranks) if described else None, "false_accept_rate": 1e-3, "impostors": len(impostors), "threshold": None,
              "true_accept": None, "accepted": None, "true_accept_by_people": None}
    allowed = int(np.floor(1e-3 * len(impostors)))
    if allowed:
        threshold = np.sort(impostors)[allowed]
        accepted = [(sum(d < threshold for _, d, _ in rows), len(rows)) for rows in by.values()]
        n = sum(a for a, _ in accepted)
        result.update(threshold=threshold, accepted=n, true_accept=n / described, true_accept_by_people=by_people(accepted))
    result["by_person"] = {}
    for p, rows in by.items():
        if rows:
            taken = collections.Counter(who for _, _, who in rows)
            most = max(taken.values())
            first = next(q for q in people if taken.get(q) == most)
            result["by_person"][p] = {"shown": len(rows), "hits": sum(h for h, _, _ in rows), "taken_for_most": first, "times": most}
    return result


def tsne(by_method, theirs):
    """Divergence and trustworthiness of the places in the report, of the rows that the rule picks."""
    rows = [(s, "original", s["original"]) for s in next(iter(by_method.values()), []) if s["person"] is not None and s["original"] is not None]
    for method, samples in by_method.items():
        rows += [(s, method, s["deidentified"]) for s in samples if s["person"] is not None and s["deidentified"] is not None]
    every = max(1, -(-len(rows) // 800))
    few = rows[::every]
    result = {"rows": len(few), "of": len(rows), "every": every, "points": []}
    if len(few) < 8:
        return result
    x, y = np.array([r for _, _, r in few], float), np.array([[p["x"], p["y"]] for p in theirs["points"]])
    result["perplexity"] = min(30.0, (len(few) - 1) / 3)
    result["kl"] = divergence(x, y, result["perplexity"])
    result["trustworthiness"] = trustworthiness(x, y, n_neighbors=min(5, len(few) // 4))
    result["points"] = [{"kind": kind, "person": s["person"], "clip": s["clip"], "face": s["id"], "frame": s["frame"], "x": at[0], "y": at[1]}
                        for (s, kind, _), at in zip(few, y)]
    return result


def trustworthiness(x, y, n_neighbors):
    """Like scikit-learn's where no two rows are equal. With equal rows (masked faces) scikit-learn's result depends on its
    sort. Here equally distant rows share the best rank, and of equally distant places the first counts."""
    d = squareform(pdist(x))
    if (d[~np.eye(len(x), dtype=bool)] > 0).all():
        return sklearn_trustworthiness(x, y, n_neighbors=n_neighbors)
    np.fill_diagonal(d, np.inf)
    near = squareform(pdist(y))
    np.fill_diagonal(near, np.inf)
    k, n = n_neighbors, len(x)
    penalty = sum(max(0, int((d[i] < d[i, j]).sum()) + 1 - k) for i in range(n) for j in np.argsort(near[i], kind="stable")[:k])
    return 1 - penalty * 2 / (n * k * (2 * n - 3 * k - 1))


def divergence(x, y, perplexity):
    eps, d = np.finfo(float).eps, squareform(pdist(x, "sqeuclidean"))
    p = np.zeros_like(d)
    for i in range(len(x)):
        others, low, high, beta = np.delete(d[i], i), -np.inf, np.inf, 1.0
        for _ in range(100):
            q = np.exp(-others * beta)
            total = q.sum() or 1e-8
            q /= total
            off = np.log(total) + beta * (others * q).sum() - np.log(perplexity)
            if abs(off) <= 1e-5:
                break
            if off > 0:
                low, beta = beta, beta * 2 if np.isinf(high) else (beta + high) / 2
            else:
                high, beta = beta, beta / 2 if np.isinf(low) else (beta + low) / 2
        p[i] = np.insert(q, i, 0)
    p = np.maximum((p + p.T) / max((p + p.T).sum(), eps), eps)
    near = 1 / (1 + squareform(pdist(y, "sqeuclidean")))
    np.fill_diagonal(near, 0)
    q = np.maximum(near / near.sum(), eps)
    off = ~np.eye(len(x), dtype=bool)
    return float((p[off] * np.log(p[off] / q[off])).sum())
