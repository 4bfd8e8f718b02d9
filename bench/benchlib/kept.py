"""Results that are not all made at once: rows, each at its own commit, and contestants."""
import datetime

from benchlib import places, tables

ORIGIN = ("commit", "date", "machine")


def made():
    """The origin of a row: its commit and so on."""
    return {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": places.machine()}


def by(row):
    """The same as text for a cell."""
    return f"{row['commit']}, {row['date']}, {row['machine']['cpu']}, {row['machine']['cores']} cores"


def keep(folder, name, key, rows, markdown):
    """Writes NAME.json and NAME.md with these rows. Rows of other runs (another row[key]) stay until they are made again.
    markdown: the text of a list of rows. In the file rows of one origin share it: "made" is its place in the list."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    old = read(tables.stored(file, {"made": [], "runs": []}))
    new = {row[key] for row in rows}
    every = sorted([row for row in old if row[key] not in new] + rows, key=lambda row: row[key])
    file.write_text(tables.as_json(packed(every)) + "\n")
    file.with_suffix(".md").write_text(markdown(every))


def packed(rows):
    """The content of the file."""
    origins, runs = [], []
    for row in rows:
        origin = {name: row[name] for name in ORIGIN}
        if origin not in origins:
            origins.append(origin)
        runs.append({**{name: value for name, value in row.items() if name not in ORIGIN}, "made": origins.index(origin)})
    return {"made": origins, "runs": runs}


def read(content):
    """The rows of a file's content, each with its origin."""
    return [{**{name: value for name, value in run.items() if name != "made"}, **content["made"][run["made"]]} for run in content["runs"]]


def merge(path, made, fresh):
    """Writes {**made, "contestants"} with the fresh ones, and those of the file that were not made again. Returns the content."""
    before = tables.stored(path, {"contestants": {}})["contestants"]
    content = {**made, "contestants": {**before, **fresh}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(tables.as_json(content) + "\n")
    return content
