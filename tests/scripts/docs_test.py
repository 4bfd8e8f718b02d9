"""Whether the pages agree with the tree: docs_test.py ROOT. Every link leads somewhere, every path exists, every option that a page
names exists, and every option of the command is on a page."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
ROOMS = "elements|models|pipelines|tests|bench|docs|plugins|cmake|meson-free-scripts"
MADE = ("bench/cache",)  # folders that a clone does not have yet
# Options of other programs that a page names.
FOREIGN = {"--install", "--prefix", "--recursive", "--test-dir", "--preset", "--cflags", "--libs", "--exclude", "--user", "--userns", "--net"}


def text(path):
    return (ROOT / path).read_text()


def pages():
    return [path.relative_to(ROOT) for path in (*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md")))]


def anchors(page):
    """GitHub's names of the headings of a page."""
    heads = re.findall(r"^#+ (.*)$", (ROOT / page).read_text(), flags=re.M)
    plain = [re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head) for head in heads]
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in plain}


def sources(*folders):
    """The text of all scripts and sources below these folders."""
    kinds = {".cpp", ".hpp", ".py", ".sh", ".cmake", ".txt", ""}
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*"))]
    return "\n".join(file.read_text(errors="ignore") for file in files if file.is_file() and file.suffix in kinds)


def names(option, words):
    return re.search(re.escape(option) + r"(?![\w-])", words) is not None


class Pages(unittest.TestCase):
    def test_there_are_pages(self):
        self.assertGreater(len(pages()), 20)

    def test_every_link_and_anchor_leads_somewhere(self):
        for page in pages():
            for link in re.findall(r"\]\(([^)\s]+)\)", text(page)):
                if link.startswith("http"):
                    continue
                path, _, anchor = link.partition("#")
                target = (ROOT / page).parent / path if path else ROOT / page
                self.assertTrue(target.exists(), f"{page}: {link}")
                if anchor:
                    self.assertIn(anchor, anchors(target), f"{page}: {link}")

    def test_every_path_exists(self):
        for page in pages():
            if page.name in ("new-element.md", "CHANGELOG.md", "comparison-of-docs.md"):
                continue  # pages about files to make, former times and other projects
            for path in re.findall(rf"`((?:{ROOMS})/[\w./*-]+)`", text(page)):
                if not path.startswith(MADE):
                    self.assertTrue(any(ROOT.glob(path.rstrip("/"))) or any(ROOT.glob(path + ".*")), f"{page}: {path}")

    def test_every_option_exists(self):
        known = sources("pipelines", "models/training", "meson-free-scripts", "bench", "tests/faults")
        for page in pages():
            for option in sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text(page))) - FOREIGN):
                self.assertTrue(names(option, known), f"{page}: {option}")

    def test_every_option_of_the_command_is_on_a_page(self):
        all_pages = "\n".join(text(page) for page in pages())
        for file in sorted((ROOT / "pipelines/deid").glob("*/options.cpp")):
            found = set(re.findall(r'add_(?:option|flag)[^"]*"!?(?:-\w,)?(--[a-z-]+)(?:,-\w)?"', file.read_text()))
            self.assertGreater(len(found), 5, file)
            missing = sorted(option for option in found if not names(option, all_pages))
            self.assertEqual(missing, [], file.parent.name)

    def test_every_page_is_reached_from_the_readme(self):
        reached, waiting = set(), [pathlib.Path("README.md")]
        while waiting:
            page = waiting.pop()
            if page in reached:
                continue
            reached.add(page)
            for link in re.findall(r"\]\(([^)#\s]+\.md)[^)]*\)", text(page)):
                target = (ROOT / page).parent / link
                if not link.startswith("http") and target.exists():
                    waiting.append(target.resolve().relative_to(ROOT.resolve()))
        self.assertEqual(set(pages()) - reached, set())

    def test_tables_have_equal_rows(self):
        for page in pages():
            code, width = False, 0
            for number, line in enumerate(text(page).split("\n"), 1):
                if line.startswith("```"):
                    code = not code
                cells = len(re.sub(r"\\\|", "", line).split("|")) if line.startswith("|") and not code else 0
                self.assertTrue(width == 0 or cells in (0, width), f"{page}:{number} has {cells - 2} cells and not {width - 2}")
                width = cells


if __name__ == "__main__":
    unittest.main()
