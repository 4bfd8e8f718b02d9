"""Results in parts, each made at its own commit. A part is a section of NAME.md. NAME.json says how each section was made, and
which bars held. What was measured in full stays in the work folder (bench/cache/results/NAME/PART.json): it is long, and the
bench makes it again."""
import json
import re

from benchlib import places, tables


class Parts:
    """The parts of one bench. Parts that are not put again keep their sections.
    folder: where NAME.md and NAME.json are. title: first line of NAME.md. order: the names of all parts.
    Raises BenchError when NAME.md lacks a section of which NAME.json knows."""

    def __init__(self, folder, name, title, order):
        self._folder, self._name, self._title, self._order = folder, name, title, list(order)
        self._facts = tables.stored(folder / f"{name}.json", {})
        page = folder / f"{name}.md"
        sections = by_title(page.read_text()) if page.exists() else {}
        if any("title" not in facts for facts in self._facts.values()):
            raise places.BenchError(f"{places.shown(folder / f'{name}.json')} has an older form; remove it, or name another folder with --out")
        lost = [facts["title"] for facts in self._facts.values() if facts["title"] not in sections]
        if lost:
            raise places.BenchError(f"{name}.md has no section \"{lost[0]}\", which {name}.json says was made; take both files from git again")
        self._sections = {part: sections[facts["title"]] for part, facts in self._facts.items()}

    def facts(self, part):
        """How the part was made, or None when it was not made yet."""
        return self._facts.get(part)

    def put(self, part, facts, measured, lines):
        """Replaces a part and writes all files. lines: its section; the first is its title and begins with "## "."""
        whole = places.WORK / "results" / self._name / f"{part}.json"
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_text(json.dumps({**facts, "measured": measured}, indent=1) + "\n")
        self._facts[part] = {"title": lines[0], **facts}
        self._sections[part] = "\n".join(lines).strip("\n")
        self._folder.mkdir(parents=True, exist_ok=True)
        ordered = {name: self._facts[name] for name in self._order if name in self._facts}
        (self._folder / f"{self._name}.json").write_text(tables.as_json(ordered) + "\n")
        (self._folder / f"{self._name}.md").write_text(self.text(self._order))

    def text(self, wanted):
        """Markdown of the wanted parts that there are, in order."""
        sections = [self._sections[part] for part in self._order if part in wanted and part in self._sections]
        return "\n\n".join([f"# {self._title}", *sections]) + "\n"


def by_title(text):
    """{title: section} of a page; a section begins with a line "## …"."""
    sections = re.split(r"^(?=## )", text, flags=re.M)[1:]
    return {section.partition("\n")[0]: section.strip("\n") for section in sections}
