"""The page of deid review in a real browser: browser_test.py DEID PLUGINS DEPS. Exit status 77: no browser here."""
import hashlib
import http.server
import json
import pathlib
import shutil
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser as b  # noqa: E402
from page_case import AXE, BOX, NAME, PageCase, main  # noqa: E402


def sha256(file):
    return hashlib.sha256(pathlib.Path(file).read_bytes()).hexdigest()


class PageTest(PageCase):
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
            page.until("document.getElementById('look').textContent === ''", "the second look does not end")
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
    main()
