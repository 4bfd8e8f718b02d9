"""Results whose rows are made one by one, each at its own commit."""
import datetime
import json

from benchlib import places


def made():
    """The origin of a row: its commit and so on."""
    return {"commit": places.commit(), "date": datetime.date.today().isoformat(), "machine": places.machine()}


def by(row):
    """The same as text for a cell."""
    return f"{row['commit']}, {row['date']}, {row['machine']['cpu']}, {row['machine']['cores']} cores"


def keep(folder, name, key, rows, markdown):
    """Writes NAME.json and NAME.md with these rows. Rows of other runs (another row[key]) stay until they are made again.
    markdown: the text of a list of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    old = json.loads(file.read_text())["runs"] if file.exists() else []
    new = {row[key] for row in rows}
    every = sorted([row for row in old if row[key] not in new] + rows, key=lambda row: row[key])
    file.write_text(json.dumps({"runs": every}, indent=1) + "\n")
    file.with_suffix(".md").write_text(markdown(every))
