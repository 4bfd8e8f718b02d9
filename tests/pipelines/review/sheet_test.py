"""Pictures of several moments at once, in a real browser: sheet_test.py DEID PLUGINS DEPS. Exit status 77: no browser here."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import browser as b  # noqa: E402
from page_case import AXE, BOX, PageCase, main  # noqa: E402


class SheetTest(PageCase):
    def tiles(self, page):
        """The frames of the pictures that are shown at once."""
        page.until("document.getElementById('sheet').dataset.drawn === 'all'", "the pictures are not drawn")
        return page.js("[...document.querySelectorAll('.tile')].map((t) => Number(t.dataset.frame))")

    def test_pictures_of_several_moments_are_settled_by_one_key(self):
        from selenium.webdriver.common.keys import Keys
        self.take_covers_away(20, 22)
        self.take_covers_away(30, 30)
        with self.review() as address:
            page = b.Page(self.browser, address)
            page.until("document.body.dataset.prepared === 'all'", "the pictures are not prepared")
            page.until("document.getElementById('look').textContent === ''", "the second look does not end")
            self.assertEqual(sorted(self.tiles(page)), [20, 21, 22, 30], "a frame of a moment has no picture")
            self.assertTrue(page.js("document.getElementById('strips').scrollHeight <= document.getElementById('strips').clientHeight"),
                            "one has to scroll to see few pictures")
            self.check_tile(page, 21)
            if AXE.exists():
                for theme, width, height in (("light", 1440, 900), ("dark", 1024, 768), ("light", 390, 844)):
                    page.size(width, height, theme)
                    self.look(page, width)
                page.size(1440, 900)
            page.click(".tile[data-frame='21']")
            page.until("document.getElementById('sheet').hidden && document.getElementById('result').dataset.frame === '21'",
                       "a click on a picture does not show the film there")
            page.drag(BOX)
            self.wait_for_edits(page, 1)
            page.key("t")
            self.assertEqual(len(self.tiles(page)), 4, "T does not bring the pictures back")
            page.key(Keys.ARROW_RIGHT)
            page.until("document.getElementById('sheet').hidden", "a step does not show the film")
            page.key("t")
            self.tiles(page)
            self.wait_until(lambda: page.js("import('/attention.js').then((a) => a.seconds_looked() > .1)"), "no time is counted")
            page.key("s")
            self.wait_until(lambda: all(m["seen"] for m in page.get("moments")), "S does not settle all moments of the pictures")
            self.assertGreater(sum(m["seconds_looked"] for m in page.get("moments")), 0)
            page.until("document.getElementById('sheet').hidden", "pictures stay when no moment is open")

    def check_tile(self, page, frame):
        """The middle of the picture is the middle of its part of the result."""
        tile = next(t for strip in page.get("sheet")["strips"] for t in strip["tiles"] if t["frame"] == frame)
        x, y, width, height = tile["part"]
        shown = page.js(f"(() => {{ const c = document.querySelector('.tile[data-frame=\"{frame}\"] canvas');"
                        "return [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data].slice(0, 3); })()")
        expected = b.frames_of(self.result)[frame].getpixel((round(x + width / 2), round(y + height / 2)))
        self.assertLess(max(abs(a - c) for a, c in zip(shown, expected)), 16, (shown, expected))

    ORIGINALS = "performance.getEntriesByType('resource').filter((e) => e.name.includes('/picture/original')).length"

    def see_all_pictures(self, page):
        """The pictures of the moments and of a person, all drawn."""
        page.js("performance.setResourceTimingBufferSize(9999)")
        self.assertGreater(len(self.tiles(page)), 2)
        page.button("All pictures", "#people")
        page.until("document.querySelectorAll('.tile').length === 37", "not all frames with the person are there")
        self.tiles(page)
        self.assertEqual(page.js("document.querySelectorAll('.tile canvas:not([data-drawn=yes])').length"), 0, "a picture is not drawn")

    def test_pictures_never_fetch_the_original(self):
        self.take_covers_away(20, 22)
        for options in ((), ("--no-original",)):
            with self.subTest(options=options), self.review(*options) as address:
                page = b.Page(self.browser, address)
                page.until("document.getElementById('look').textContent === ''", "the second look does not end")
                self.see_all_pictures(page)
                self.assertEqual(page.js(self.ORIGINALS), 0, "a picture of the original was asked for")
                self.assertIsNone(page.get("pictures")["original"], "the original was opened")

    def test_pictures_show_the_result_while_the_original_is_shown_in_the_film(self):
        self.take_covers_away(20, 22)
        with self.review() as address:
            page = b.Page(self.browser, address)
            page.until("document.getElementById('look').textContent === ''", "the second look does not end")
            page.key("o")
            page.until("!document.getElementById('original').hidden", "O does not show the original")
            page.go_to(5)
            page.until(f"{self.ORIGINALS} === 2", "not the two frames that were shown")
            page.key("t")
            self.see_all_pictures(page)
            self.assertEqual(page.js(self.ORIGINALS), 2, "the pictures ask for the original")

    def test_all_of_a_person_is_one_picture(self):
        with self.review() as address:
            page = b.Page(self.browser, address)
            page.button("All pictures", "#people")
            page.until("document.querySelectorAll('.tile').length === 40", "not the whole film of 40 frames")
            frames = self.tiles(page)
            self.assertEqual(frames, list(range(40)), "not the whole film of 40 frames")
            self.assertTrue(page.js("document.getElementById('seen').disabled"), "a person's pictures settle no moment")
            page.key("s")
            page.click(".tile[data-frame='33']")
            page.until("document.getElementById('result').dataset.frame === '33'", "a click does not show the film there")
            page.key("t")


class ListTest(PageCase):
    """A folder of many videos."""

    COUNT = 120

    def make_folder(self):
        originals, results = self.folder / "originals", self.folder / "results"
        for n in range(self.COUNT):
            name = f"P{n:03}/visit.mp4"
            for folder, file, to in ((originals, self.original, name), (results, self.result, f"{name}.mkv"),
                                     (results, self.result.with_suffix(".jsonl"), f"{name}.jsonl")):
                (folder / to).parent.mkdir(parents=True, exist_ok=True)
                (folder / to).hardlink_to(file)
        return originals, results

    def test_a_list_of_many_videos_is_whole_and_usable(self):
        originals, results = self.make_folder()
        with self.deid.review(originals, results) as address:
            begun = time.monotonic()
            self.browser.get(address)
            page = b.Page.__new__(b.Page)
            page.browser, page.origin = self.browser, address.split("/?")[0]
            page.size(1440, 900)
            page.until(f"document.querySelectorAll('.card.batch').length === {self.COUNT}", "the list has not all videos")
            self.assertLess(time.monotonic() - begun, 60, "the list takes too long")
            names = page.js("[...document.querySelectorAll('.card.batch h2')].map((h) => h.textContent)")
            self.assertEqual(names, [f"P{n:03}/visit.mp4.mkv" for n in range(self.COUNT)])
            self.assertIn(f"0 of {self.COUNT} videos done", page.js("document.getElementById('waiting-text').innerText"))
            if AXE.exists():
                for width, height in ((1440, 900), (390, 844)):
                    page.size(width, height)
                    self.look(page, width)
            page.button("Review", f".card.batch:nth-child({self.COUNT - 1})")
            page.until("document.body.dataset.ready === 'yes'", "a video at the end of the list is not opened")
            self.assertEqual(page.get("desk")["name"], f"P{self.COUNT - 2:03}/visit.mp4.mkv")
            rows = {row["name"]: row for row in page.get("batch")}
            self.assertTrue(rows[f"P{self.COUNT - 2:03}/visit.mp4.mkv"]["locked_by"], "the open video is not marked")
            self.assertFalse(rows["P000/visit.mp4.mkv"]["locked_by"])
            page.click("#videos")
            page.until(f"document.querySelectorAll('.card.batch').length === {self.COUNT}", "the list does not come back")


if __name__ == "__main__":
    main()
