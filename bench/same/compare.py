"""Compares the results of two builds. Knows neither videos nor builds, and needs nothing but Python."""
import dataclasses

MUST_AGREE = ("format", "quick", "settings", "inputs", "networks")  # of two records; else they cannot be compared


class NotComparable(Exception):
    """The two records are of different work; the text names the difference."""


@dataclasses.dataclass
class Verdict:
    """equal, and the text for the table."""
    equal: bool
    text: str


def require_same_work(before, after):
    """Raises NotComparable unless both records are of the same clips with the same settings."""
    for name in MUST_AGREE:
        if before.get(name) != after.get(name):
            raise NotComparable(f"the two records differ in \"{name}\"{_where(before.get(name), after.get(name))}: make both with "
                                "the same options, clips, models and version of bench/same")


def narrowed(record, clips, methods):
    """The part of a whole record that can be compared with a run of these clips and methods. Such a run makes no reports."""
    kept = {name: {clip: value for clip, value in record[name].items() if clip in clips} for name in ("inputs", "networks", "films")}
    kept["films"] = {clip: {method: run for method, run in row.items() if method in methods} for clip, row in kept["films"].items()}
    if "trained" not in methods:
        kept["networks"] = {}
    return {**record, **kept, "methods": methods, "reports": {}}


def films(before, after):
    """{clip: {method: Verdict}} of {clip: {method: run}}, for every clip and method in either of the two."""
    return {clip: {method: film(before.get(clip, {}).get(method), after.get(clip, {}).get(method))
                   for method in _both(before.get(clip, {}), after.get(clip, {}))}
            for clip in _both(before, after)}


def film(before, after):
    """Two runs over one clip: {"failed"} or {"picture", "frames", "times", "audit", "summary"}: lists with an entry a frame,
    and of the summary {part: hash}."""
    if before is None or after is None:
        return Verdict(False, f"**only {'after' if before is None else 'before'}**")
    if "failed" in before or "failed" in after:
        return _failed(before.get("failed"), after.get("failed"))
    if not before["frames"] and not after["frames"]:
        return Verdict(False, "**no frames**")
    said = [f"{what} {at}" for what, at in (("frame", first(before["frames"], after["frames"])),
                                            ("time of frame", first(before["times"], after["times"])),
                                            ("audit line", first(before["audit"], after["audit"]))) if at is not None]
    if before["picture"] != after["picture"]:
        said.insert(0, "kind of picture")
    said += [part for part in _both(before["summary"], after["summary"]) if before["summary"].get(part) != after["summary"].get(part)][:1]
    if said:
        count = differing(before["frames"], after["frames"])
        return Verdict(False, "**" + ", ".join(said) + "**" + (f" ({count} frames differ)" if count else ""))
    return Verdict(True, "equal")


def reports(before, after):
    """{report: Verdict} of {report: {part: hash}}."""
    return {name: report(before.get(name), after.get(name)) for name in _both(before, after)}


def report(before, after):
    """Two reports: {part: hash} or {"failed": why}."""
    if before is None or after is None:
        return Verdict(False, f"**only {'after' if before is None else 'before'}**")
    if "failed" in before or "failed" in after:
        return _failed(before.get("failed"), after.get("failed"))
    if not before and not after:
        return Verdict(False, "**empty**")
    wrong = [part for part in _both(before, after) if before.get(part) != after.get(part)]
    if wrong:
        return Verdict(False, f"**{wrong[0]}** ({len(wrong)} of {len(_both(before, after))} parts differ)")
    return Verdict(True, f"equal ({len(before)} parts)")


def first(before, after):
    """The first index at which two lists differ or one has ended; None for equal lists."""
    for index, (one, other) in enumerate(zip(before, after)):
        if one != other:
            return index
    return None if len(before) == len(after) else min(len(before), len(after))


def differing(before, after):
    """Number of different entries; entries of only one list count."""
    return sum(one != other for one, other in zip(before, after)) + abs(len(before) - len(after))


def all_equal(*groups):
    """True when there are verdicts and all say equal. Groups: what films() and reports() gave."""
    every = [verdict for group in groups for entry in group.values()
             for verdict in (entry.values() if isinstance(entry, dict) else [entry])]
    return bool(every) and all(verdict.equal for verdict in every)


def _failed(before, after):
    """A command that fails on both sides proves nothing, so this is no equality either."""
    if before is None or after is None:
        return Verdict(False, f"**fails only {'after' if before is None else 'before'}**: {after if before is None else before}")
    return Verdict(False, f"**both fail**: {before}" if before == after else f"**both fail, before**: {before}; **after**: {after}")


def _both(before, after):
    return [*before, *(name for name in after if name not in before)]


def _where(before, after):
    """Of two dicts the first key that differs, for the message."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return f" ({before} and {after})"
    key = next(key for key in _both(before, after) if before.get(key) != after.get(key))
    return f" ({key}: {before.get(key)} and {after.get(key)})"
