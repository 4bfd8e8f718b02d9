"""Whether the results in git are small, and tables can be made from them again: bench_results_test.py ROOT. Without videos."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

BENCH = pathlib.Path(sys.argv.pop(1)) / "bench"
WORK = tempfile.TemporaryDirectory()
os.environ["DEID_BENCH_WORK"] = WORK.name
sys.path[:0] = [str(BENCH / "leaks"), str(BENCH)]

from benchlib import kept, parts, places, tables  # noqa: E402
import table  # noqa: E402

MOST = 40_000  # [bytes] of one JSON file
MADE = {"commit": "c0ffee", "date": "2026-01-01", "machine": {"cpu": "a cpu", "cores": 2, "system": "a system", "gstreamer": "1.22.0"}}


def content(name):
    return json.loads((places.RESULTS / f"{name}.json").read_text())


def page(name):
    return (places.RESULTS / f"{name}.md").read_text()


def clip(name, group="speech", leaks=(), extras=()):
    return {"clip": name, "group": group, "frames": 100, "frames_with_face": 90, "leak_frames": list(leaks), "extra_frames": list(extras),
            "beside_frames": [5], "whole_frames": [1, 2], "fooled_frames": [3], "dismissed_frames": [], "cover_to_face": 1.5}


class Stored(unittest.TestCase):
    def test_no_file_is_large(self):
        files = sorted(places.RESULTS.glob("*.json"))
        self.assertGreater(len(files), 8)
        for file in files:
            self.assertLess(file.stat().st_size, MOST, file.name)

    def test_the_tables_of_leaks_come_from_the_summaries(self):
        self.assertEqual(table.markdown(content("leaks")), page("leaks"))
        self.assertEqual(table.curve(content("live")), page("live"))

    def test_rows_with_shared_origins_are_whole(self):
        for name in ("sanitize", "fuzz"):
            rows = kept.read(content(name))
            self.assertTrue(rows)
            for row in rows:
                self.assertIn(row["commit"], page(name))
            self.assertEqual(kept.packed(rows), content(name))

    def test_pages_of_parts_are_made_again_from_their_sections(self):
        for name in ("pose", "swap"):
            order = content(name)
            title = page(name).partition("\n")[0].removeprefix("# ")
            self.assertEqual(parts.Parts(places.RESULTS, name, title, order).text(order), page(name))
            for facts in order.values():
                self.assertIn(facts["commit"], page(name))


class Scratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Parts(Scratch):
    def parts(self):
        return parts.Parts(self.folder, "some", "A title", ("first", "second", "third"))

    def test_a_part_that_is_not_put_again_keeps_its_section(self):
        self.parts().put("second", {"commit": "1"}, {"n": 1}, ["## Second", "", "old words", ""])
        again = self.parts()
        again.put("first", {"commit": "2"}, {"n": 2}, ["## First", "", "### inside", "new words"])
        text = (self.folder / "some.md").read_text()
        self.assertEqual(text, "# A title\n\n## First\n\n### inside\nnew words\n\n## Second\n\nold words\n")
        self.assertEqual(self.parts().facts("second"), {"title": "## Second", "commit": "1"})
        self.assertIsNone(self.parts().facts("third"))
        self.assertEqual(self.parts().text(["second"]), "# A title\n\n## Second\n\nold words\n")

    def test_a_part_that_is_put_again_replaces_its_section_under_another_title(self):
        self.parts().put("first", {"commit": "1"}, 1, ["## Old", "old words"])
        self.parts().put("first", {"commit": "2"}, 2, ["## New", "new words"])
        self.assertEqual((self.folder / "some.md").read_text(), "# A title\n\n## New\nnew words\n")

    def test_the_measurements_in_full_are_in_the_work_folder_alone(self):
        self.parts().put("first", {"commit": "1"}, {"every": ["single", "value"]}, ["## First"])
        self.assertNotIn("single", (self.folder / "some.json").read_text())
        whole = json.loads((places.WORK / "results" / "some" / "first.json").read_text())
        self.assertEqual(whole, {"commit": "1", "measured": {"every": ["single", "value"]}})

    def test_a_lost_section_an_older_form_and_damage_are_said(self):
        self.parts().put("first", {"commit": "1"}, 1, ["## First"])
        (self.folder / "some.md").write_text("# A title\n")
        with self.assertRaisesRegex(places.BenchError, 'some.md has no section "## First"'):
            self.parts()
        (self.folder / "some.json").write_text('{"first": {"measured": 1}}')
        with self.assertRaisesRegex(places.BenchError, "older form"):
            self.parts()
        (self.folder / "some.json").write_text("{")
        with self.assertRaisesRegex(places.BenchError, "is no JSON"):
            self.parts()


class Rows(Scratch):
    def test_rows_of_other_runs_stay_with_their_origin(self):
        old, new = dict(MADE, commit="old"), dict(MADE, commit="new")
        kept.keep(self.folder, "some", "run", [{"run": "a", "n": 1, **old}, {"run": "b", "n": 2, **old}], str)
        kept.keep(self.folder, "some", "run", [{"run": "b", "n": 3, **new}], str)
        rows = kept.read(json.loads((self.folder / "some.json").read_text()))
        self.assertEqual([(row["run"], row["n"], row["commit"]) for row in rows], [("a", 1, "old"), ("b", 3, "new")])
        self.assertEqual(rows[0]["machine"], MADE["machine"])


class Leaks(Scratch):
    def test_a_summary_has_what_the_tables_say(self):
        rows = {"one": clip("one", leaks=[4, 5, 9], extras=[1]), "two": clip("two", group="sign language"), "made": clip("made", group="edited", leaks=[0])}
        said = table.summary(rows)
        self.assertEqual(said["groups"], {"speech": [1, 100, 90, 3, 1], "sign language": [1, 100, 90, 0, 0],
                                          "all, as filmed": [2, 200, 180, 3, 1], "edited": [1, 100, 90, 1, 0], "all, edited": [1, 100, 90, 1, 0]})
        self.assertEqual(said["clips"]["one"], {"frames": 100, "leak": "3 (4-5, 9)", "extra": 1})
        self.assertEqual((said["beside"], said["whole"], said["fooled"], said["dismissed"], said["cover_to_face"]), ([1, 100], 6, 3, 0, 1.5))

    def test_contestants_that_did_not_play_again_stay_in_the_table(self):
        head = {"note": "n", "graph": "g", "commit": "c", "seconds": 1.0}
        file = self.folder / "leaks.json"
        kept.merge(file, {**MADE, "command": "one"}, {"old": {**head, **table.summary({"a": clip("a", leaks=[7])})}})
        said = kept.merge(file, {**MADE, "command": "two"}, {"new": {**head, **table.summary({"b": clip("b", extras=[8])})}})
        self.assertEqual(said, json.loads(file.read_text()))
        text = table.markdown(said)
        self.assertIn("| a | 100 | 1 (7) | 0 | - | - |", text)
        self.assertIn("| b | 100 | - | - | 0 | 1 |", text)

    def test_the_curve_names_the_clips_with_a_leak_alone(self):
        whole = table.summary({"one": clip("one", leaks=[4]), "two": clip("two", extras=[2])})
        said = table.leaking(whole)
        self.assertEqual(list(said["clips"]), ["one"])
        self.assertEqual(said["groups"], whole["groups"])
        self.assertEqual(table.curve({**MADE, "command": "c", "contestants": {"live-0": said}}),
                         table.curve({**MADE, "command": "c", "contestants": {"live-0": whole}}))


class Json(unittest.TestCase):
    def test_it_is_the_same_value_and_each_row_has_a_line(self):
        value = {"rows": [{"name": "a", "text": "é\n" * 40}, {"name": "b", "list": list(range(30))}], "none": None, "empty": [], "7": 1.5}
        text = tables.as_json(value)
        self.assertEqual(json.loads(text), value)
        self.assertGreater(text.count("\n"), 4)
        self.assertIn('\n  {"name": "b"', text)


if __name__ == "__main__":
    unittest.main()
