"""What the tests of the page of deid review have in common. Arguments: DEID PLUGINS DEPS. Exit status 77: no browser here."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser as b  # noqa: E402

PROGRAM, PLUGINS, DEPS = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1))
CLIP = DEPS / "footage" / "single_face.mp4"
AXE = DEPS / "checks" / "axe.min.js"
NAME = "visit <img src=x onerror=document.title='owned'> & co"  # a name that would run, were it taken for markup
BOX = (40, 60, 120, 90)  # px, beside the face


class PageCase(unittest.TestCase):
    """A clip, its result, and a browser."""

    @classmethod
    def setUpClass(cls):
        cls.deid = b.Deid(PROGRAM, PLUGINS, DEPS)
        cls.made = tempfile.TemporaryDirectory(prefix="deid-review-")
        cls.source = pathlib.Path(cls.made.name)
        original = cls.source / f"{NAME}.mp4"
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(CLIP), "-an", "-frames:v", "40", "-c:v", "libx264", "-qp", "10",
                        str(original)], check=True)
        cls.deid.must("run", original, "-o", cls.source / f"{NAME}.deid.mkv", "--method", "mask", "--codec", "ffv1",
                      "--audit", cls.source / f"{NAME}.deid.jsonl", "-q")

    @classmethod
    def tearDownClass(cls):
        cls.made.cleanup()

    def setUp(self):
        self.room = tempfile.TemporaryDirectory(prefix="deid-review-")
        self.addCleanup(self.room.cleanup)
        self.folder = pathlib.Path(self.room.name) / "visits"
        shutil.copytree(self.source, self.folder)
        self.original, self.result = self.folder / f"{NAME}.mp4", self.folder / f"{NAME}.deid.mkv"
        self.browser = b.open_browser(pathlib.Path(self.room.name) / "profile")
        self.addCleanup(self.browser.quit)

    def review(self, *options):
        return self.deid.review(self.original, self.result, *options)

    def take_covers_away(self, first, last):
        """A known fault: the audit has no face in these frames, so that there is a moment to look at."""
        audit, frame = self.result.with_suffix(".jsonl"), 0
        lines = [json.loads(line) for line in audit.read_text().splitlines()]
        for line in (line for line in lines if "pts" in line):
            if first <= frame <= last:
                line["faces"] = []
            frame += 1
        audit.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def drawn(self, page):
        return [edit for edit in page.get("state")["edits"] if edit["kind"] == "add_region"]

    def wait_for_edits(self, page, count):
        page.until(f"document.querySelectorAll('#edits .card').length === {count}", f"there are not {count} corrections")

    def see_all_moments(self, page):
        for _ in range(len(page.get("moments"))):
            open_before = page.js("document.querySelectorAll('.moment.open').length")
            if open_before == 0:
                break
            page.click("#seen")
            page.until(f"document.querySelectorAll('.moment.open').length < {open_before}", "no moment is settled")
        page.until("!document.querySelector('.moment.open')", "a moment stays open")

    def wait_until(self, holds, otherwise):
        for _ in range(400):
            if holds():
                return
        self.fail(otherwise)

    def look(self, page, width):
        self.assertLessEqual(page.js("document.documentElement.scrollWidth"), width, "the page is wider than the window")
        cut = page.js("[...document.querySelectorAll('button, select, h1, h2, input')].filter((e) => e.checkVisibility() && e.getClientRects().length)"
                      ".filter((e) => { const r = e.getBoundingClientRect(); return r.left < 0 || r.right > innerWidth + 1 ||"
                      " e.scrollWidth > e.clientWidth + 2 && !['SELECT', 'INPUT'].includes(e.tagName); }).map((e) => e.id || e.textContent)")
        self.assertEqual(cut, [], "something is cut")
        wide = page.js("[...document.querySelectorAll('main, section, figure, .stage, .list, .panels, .bar')].filter((e) => e.checkVisibility()"
                       " && e.scrollWidth > e.clientWidth + 1).map((e) => e.id || e.className)")
        self.assertEqual(wide, [], "something is wider than its place")
        self.browser.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text()})
        found = self.browser.execute_async_script(
            "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations), (e) => done([{impact: 'serious', id: String(e)}]));")
        serious = [(v["id"], v.get("help"), [n["html"][:120] for n in v.get("nodes", [])][:3]) for v in found if v["impact"] in ("serious", "critical")]
        self.assertEqual(serious, [])


def main():
    b.need_browser()
    if not CLIP.exists() or not shutil.which("ffmpeg"):
        b.skip("The demo clip or ffmpeg is missing, so the page is not tried in a browser.")
    unittest.main(verbosity=2)
