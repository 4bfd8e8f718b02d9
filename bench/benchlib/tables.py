"""Pieces of the tables that benches write."""
import json

from benchlib import places

WIDTH = 200  # [characters] a value of this length at most stands in one line


def bars(held):
    """Lines of Markdown for {bar: held}; none without bars."""
    if not held:
        return []
    return ["| bar | held |", "|---|---|", *(f"| {name} | {'yes' if good else '**no**'} |" for name, good in held.items()), ""]


def stored(file, otherwise):
    """The content of a JSON file of results; otherwise, when there is no file. Raises BenchError when it is damaged."""
    try:
        return json.loads(file.read_text())
    except FileNotFoundError:
        return otherwise
    except ValueError:
        raise places.BenchError(f"{places.shown(file)} is no JSON; take it from git again, or remove it") from None


def as_json(value, depth=0):
    """The value as JSON with one line for each row, so that git shows which row changed."""
    line = json.dumps(value)
    if len(line) + depth <= WIDTH and depth > 0 or not isinstance(value, (dict, list)) or not value:
        return line
    if isinstance(value, dict):
        parts = [f"{json.dumps(str(key))}: {as_json(item, depth + 1)}" for key, item in value.items()]
    else:
        parts = [as_json(item, depth + 1) for item in value]
    inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
    start, end = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return start + inner + ("," + inner).join(parts) + outer + end
