"""The page of deid review in a real browser: browser_test.py DEID PLUGINS DEPS. Exit status 77: no browser here."""
import hashlib
import http.server
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser as b  # noqa: E402

PROGRAM, PLUGINS, DEPS = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1)), pathlib.Path(sys.argv.pop(1))
CLIP = DEPS / "footage" / "single_face.mp4"
AXE = DEPS / "checks" / "axe.min.js"
NAME = "visit <img src=x onerror=document.title='owned'> & co"  # a name that would run, were it taken for markup
BOX = (40, 60, 120, 90)  # px, beside the face


def sha256(file):
    return hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()


class PageTest(unittest.TestCase):
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
            page.click("#seen")
            page.until("!document.querySelector('.moment[aria-current].open') || document.body.dataset.ready", "no next moment")
        page.until("!document.querySelector('.moment.open')", "a moment stays open")

    def check_pixels(self, page, before):
        """The region's pixels changed in the result, and no others."""
        from PIL import ImageChops
        video = page.get("video")
        after = b.frames_of(self.folder / video["result_name"])
        header = json.loads(self.result.with_suffix(".jsonl").read_text().splitlines()[0])
        margin = header["settings"]["margin"]  # of the cover, in widths of the region
        self.assertEqual(len(after), len(before))
        changed = 0
        for index, (one, other) in enumerate(zip(before, after)):
            different = ImageChops.difference(one, other).getbbox()
            regions = [r["box"] for r in page.get(f"frame/{index}")["regions"] if r["source"] == "edit"]
            if not regions:
                self.assertIsNone(different, f"frame {index} has no correction, but changed")
                continue
            if different is None:
                continue
            changed += 1
            x, y, width, height = regions[0]
            wide, high = margin * width + 2, margin * height + 2  # and what the rounding to chroma samples adds
            self.assertTrue(different[0] >= x - wide and different[1] >= y - high and different[2] <= x + width + wide
                            and different[3] <= y + height + high, f"frame {index}: {different} is outside of {regions[0]}")
        self.assertGreater(changed, 0, "no pixel changed")
        return changed

    def test_the_whole_path(self):
        before = b.frames_of(self.result)
        original = sha256(self.original)
        with self.review() as address:
            page = b.Page(self.browser, address)
            self.assertEqual(self.browser.current_url, page.origin + "/", "the token stays in the address")
            self.assertNotEqual(self.browser.title, "owned")
            self.assertIn(NAME, page.js("document.getElementById('name').textContent"))
            self.assertEqual(page.js("document.images.length"), 0, "the name became markup")
            page.go_to(10)
            page.drag(BOX)
            self.wait_for_edits(page, 1)
            region = self.drawn(page)[0]
            self.assertLessEqual(region["first"], 10)
            self.assertGreater(region["last"], 10, "the region is not followed")
            page.go_to(11)
            page.until("document.querySelector('#regions').innerText.includes('drawn')", "the region is not on the next frame")
            page.click("#undo")
            self.wait_for_edits(page, 0)
            page.click("#redo")
            self.wait_for_edits(page, 1)
            page.click("#render")
            page.until("document.querySelector('dialog[open] h2')?.textContent === 'The film is rendered'", "the render does not end")
            page.button("Go on")
            self.check_pixels(page, before)
            self.see_all_moments(page)
            page.click("#sign")
            if AXE.exists():
                self.look(page, 1440)
            page.fill("#signer", "Ada Reader")
            page.fill("#role", "study nurse")
            page.button("Sign")
            page.until("document.querySelector('dialog[open] h2')?.textContent.startsWith('Signed')", "it is not signed")
            self.assertEqual(page.js("document.querySelector('dialog[open] h2').textContent"), "Signed")
            self.assertEqual([e for e in page.errors() if "favicon" not in e["message"]], [])
            rendered = self.folder / page.get("video")["result_name"]
        record = next(self.folder.glob("*.record.json"))
        text = record.read_text()
        self.assertIn("Ada Reader", text)
        self.assertIn(original, text)
        self.assertIn(sha256(rendered), text)
        self.assertEqual(self.deid.run("review", "--check", record).returncode, 0)
        with open(rendered, "ab") as stream:
            stream.write(b"x")
        self.assertNotEqual(self.deid.run("review", "--check", record).returncode, 0, "a changed video is not noticed")
        self.assertEqual(sha256(self.original), original)

    def test_every_action_by_keyboard(self):
        from selenium.webdriver.common.keys import Keys
        self.take_covers_away(20, 22)
        with self.review() as address:
            page = b.Page(self.browser, address)
            self.assertEqual(len(page.get("moments")), 1)
            page.go_to(10)
            page.key(Keys.ARROW_RIGHT)
            page.until("document.getElementById('result').dataset.frame === '11'", "→ does not step")
            page.key(Keys.ARROW_LEFT)
            page.until("document.getElementById('result').dataset.frame === '10'", "← does not step")
            page.key("b", Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.SHIFT + Keys.ARROW_RIGHT + Keys.NULL, Keys.ENTER)
            self.wait_for_edits(page, 1)
            box = self.box_at(page, 10)
            page.key("x")
            page.until("document.querySelector('#regions .chosen')", "X chooses no region")
            for _ in range(5):
                if page.js("Boolean(document.querySelector('#regions .chosen .danger'))"):
                    break
                page.key("x")
            page.key("v", Keys.ARROW_DOWN, Keys.ENTER)
            page.until("!document.getElementById('undo').disabled", "V moves nothing")
            self.wait_until(lambda: self.box_at(page, 10) != box, "the region was not moved")
            page.key("u")
            self.wait_until(lambda: self.box_at(page, 10) == box, "U does not undo")
            page.key(Keys.SHIFT + "u" + Keys.NULL)
            self.wait_until(lambda: self.box_at(page, 10) != box, "Shift+U does not redo")
            page.key(Keys.DELETE)
            self.wait_for_edits(page, 0)
            page.key("z", Keys.ENTER)
            page.until("document.querySelector('dialog[open] h2')?.textContent === 'A fixed zone'", "Z asks for no span")
            page.key(Keys.ENTER)
            page.until("[...document.querySelectorAll('#edits .card')].some((c) => c.innerText.includes('zone'))", "no zone was made")
            page.key("o")
            page.until("!document.getElementById('original').hidden", "O does not show the original")
            page.key("o")
            page.until("document.getElementById('original').hidden", "O does not hide the original")
            page.key(" ")
            page.until("document.getElementById('play').textContent === 'Stop'", "Space does not play")
            page.key(" ")
            page.until("document.getElementById('play').textContent === 'Play'", "Space does not stop")
            page.key("?")
            page.until("document.querySelector('dialog[open] table.keys')", "? shows no help")
            page.key(Keys.ESCAPE)
            page.key("n")
            page.until("Math.abs(Number(document.getElementById('result').dataset.frame) - 21) < 15", "N does not go to the moment")
            page.key("s")
            self.wait_until(lambda: [m["seen"] for m in page.get("moments")] == [True], "S does not mark the moment as seen")

    def box_at(self, page, frame):
        return next((r["box"] for r in page.get(f"frame/{frame}")["regions"] if r["source"] == "edit"), None)

    def wait_until(self, holds, otherwise):
        for _ in range(400):
            if holds():
                return
        self.fail(otherwise)

    def test_the_original_is_shown_after_a_click_only(self):
        with self.review() as address:
            page = b.Page(self.browser, address)
            asked = "performance.getEntriesByType('resource').filter((e) => e.name.includes('/picture/original')).length"
            self.assertEqual(page.js(asked), 0)
            self.assertEqual(page.ask("/picture/original/0")["status"], 403)
            page.click("#show-original")
            page.until("!document.getElementById('original').hidden", "the original is not shown")
            self.assertEqual(page.ask("/picture/original/0")["status"], 200)
            foreign = page.js("performance.getEntriesByType('resource').map((e) => e.name)"
                              f".filter((n) => !n.startsWith('{page.origin}/') && !n.startsWith('blob:{page.origin}/'))")
            self.assertEqual(foreign, [])
        with self.review("--no-original") as address:
            page = b.Page(self.browser, address)
            self.assertTrue(page.js("document.getElementById('original-panel').hidden"))
            page.key("o")
            self.assertEqual(page.ask("/picture/original/0")["status"], 403)

    def test_nothing_is_cut_and_nothing_keeps_anybody_out(self):
        if not AXE.exists():
            self.skipTest("axe is missing; ./meson-free-scripts/setup brings it")
        from selenium.webdriver.common.keys import Keys
        with self.review() as address:
            page = b.Page(self.browser, address)
            page.go_to(10)
            page.drag(BOX)
            self.wait_for_edits(page, 1)
            for theme in ("light", "dark"):
                for width, height in ((1440, 900), (1024, 768), (390, 844)):
                    with self.subTest(theme=theme, width=width):
                        page.size(width, height, theme)
                        self.look(page, width)
            page.size(1440, 900)
            for key, dialog in (("?", "Keys"), ("m", "Silence the sound")):
                page.key(key)
                page.until(f"document.querySelector('dialog[open] h2')?.textContent === '{dialog}'", f"no dialog {dialog}")
                self.look(page, 1440)
                page.key(Keys.ESCAPE)
                page.until("!document.querySelector('dialog[open]')", "Escape closes no dialog")

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

    def test_a_folder_is_a_list_of_which_one_video_is_open(self):
        originals, results = self.folder / "originals", self.folder / "results"
        for folder in (originals, results):
            folder.mkdir()
        for name in ("one.mp4", "two.mp4"):
            shutil.copy(self.original, originals / name)
            shutil.copy(self.result, results / f"{name}.mkv")
            shutil.copy(self.result.with_suffix(".jsonl"), results / f"{name}.jsonl")
        with self.deid.review(originals, results) as address:
            self.browser.get(address)
            page = b.Page.__new__(b.Page)
            page.browser, page.origin = self.browser, address.split("/?")[0]
            page.until("document.querySelectorAll('.card.batch').length === 2", "the list has not two videos")
            self.assertIn("one.mp4.mkv", page.js("document.getElementById('batch').innerText"))
            page.button("Review", ".card.batch:nth-child(2)")
            page.until("document.body.dataset.ready === 'yes'", "the video is not opened")
            self.assertEqual(page.get("desk")["name"], "two.mp4.mkv")
            self.assertEqual(page.get("video")["frames"], 40)
            page.click("#videos")
            page.until("document.querySelectorAll('.card.batch').length === 2", "the list does not come back")

    def test_a_page_of_another_origin_changes_and_learns_nothing(self):
        with self.review() as address:
            page = b.Page(self.browser, address)
            port = page.origin.rpartition(":")[2]
            before = page.get("state")
            with Elsewhere(port) as other:
                self.browser.switch_to.new_window("tab")
                self.browser.get(other)
                for _ in range(600):
                    if self.browser.title.startswith("done"):
                        break
                self.assertEqual(self.browser.title, "done: nothing", "another page learned something")
                self.browser.close()
                self.browser.switch_to.window(self.browser.window_handles[0])
            self.assertEqual(page.get("state"), before)
            self.browser.switch_to.new_window("tab")
            self.browser.get(address)  # the token again, from a new tab: the page, but no key
            self.assertEqual(self.browser.execute_script("return sessionStorage.getItem('deid-key')"), None)


class Elsewhere:
    """A server of an attacker on another port. Its page tries to read and to change the review."""

    PAGE = """<!doctype html><title>trying</title><script>
const to = "http://127.0.0.1:PORT";
const tries = [
  () => fetch(to + "/api/video").then((r) => r.text()),
  () => fetch(to + "/api/video", {credentials: "include"}).then((r) => r.text()),
  () => fetch(to + "/api/apply", {method: "POST", credentials: "include", headers: {"Content-Type": "application/json"}, body: '{"kind":"zone"}'}).then((r) => r.text()),
  () => fetch(to + "/api/apply", {method: "POST", mode: "no-cors", credentials: "include", body: '{"kind":"zone","box":[0,0,9,9],"first":0,"last":1}'}).then((r) => r.text()),
  () => new Promise((ok, no) => { const i = new Image(); i.onload = () => ok("picture"); i.onerror = no; i.src = to + "/picture/result/0"; }),
  () => new Promise((ok, no) => { const s = document.createElement("script"); s.type = "module"; s.onload = () => ok("script"); s.onerror = no; s.src = to + "/main.js"; document.head.append(s); }),
];
Promise.all(tries.map((t) => t().catch(() => ""))).then((got) => {
  document.title = "done: " + (got.filter(Boolean).join("|") || "nothing");
});
</script>"""

    def __init__(self, port):
        page = self.PAGE.replace("PORT", port).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    b.need_browser()
    if not CLIP.exists() or not shutil.which("ffmpeg"):
        b.skip("The demo clip or ffmpeg is missing, so the page is not tried in a browser.")
    unittest.main(verbosity=2)
