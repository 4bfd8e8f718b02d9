"""Pieces of the tables that benches write."""


def bars(held):
    """Lines of Markdown for {bar: held}; none without bars."""
    if not held:
        return []
    return ["| bar | held |", "|---|---|", *(f"| {name} | {'yes' if good else '**no**'} |" for name, good in held.items()), ""]
