"""Whether bench/same sees differences, and only those: bench_same_test.py ROOT. Its comparing alone, without videos."""
import copy
import pathlib
import sys
import tempfile
import unittest

BENCH = pathlib.Path(sys.argv.pop(1)) / "bench"
sys.path[:0] = [str(BENCH / "same"), str(BENCH)]

from benchlib import audits  # noqa: E402
import compare  # noqa: E402
import plain  # noqa: E402
import table  # noqa: E402

RUN = {"picture": ["#dimensions 0: 4x4"], "frames": ["a", "b", "c"], "times": [0, 40, 80], "audit": ["s", "1", "2", "3"],
       "summary": {"summary/frames": "x"}, "faces": 3,
       "drawn": 2}


def run(**changed):
    return copy.deepcopy({**RUN, **changed})


class Films(unittest.TestCase):
    def test_equal_runs_are_equal(self):
        self.assertEqual(compare.film(run(), run()), compare.Verdict(True, "equal"))

    def test_the_first_frame_that_differs_is_named(self):
        verdict = compare.film(run(), run(frames=["a", "x", "y"]))
        self.assertFalse(verdict.equal)
        self.assertEqual(verdict.text, "**frame 1** (2 frames differ)")

    def test_a_run_that_ends_early_differs_where_it_ends(self):
        for before, after in ((run(), run(frames=["a", "b"])), (run(frames=["a", "b"]), run())):
            self.assertEqual(compare.film(before, after).text, "**frame 2** (1 frames differ)")

    def test_times_audits_and_summaries_count(self):
        self.assertEqual(compare.film(run(), run(times=[0, 41, 80])).text, "**time of frame 1**")
        self.assertEqual(compare.film(run(), run(audit=["s", "1", "2", "4"])).text, "**audit line 3**")
        self.assertEqual(compare.film(run(), run(summary={"summary/frames": "y"})).text, "**summary/frames**")
        self.assertEqual(compare.film(run(), run(summary={**RUN["summary"], "summary/notes": "n"})).text, "**summary/notes**")
        self.assertEqual(compare.film(run(), run(picture=[])).text, "**kind of picture**")

    def test_nothing_is_not_equal_to_nothing(self):
        empty = run(frames=[], times=[], audit=[])
        self.assertFalse(compare.film(empty, empty).equal)
        self.assertFalse(compare.film(None, run()).equal)
        self.assertFalse(compare.film(run(), None).equal)
        self.assertFalse(compare.all_equal({}, {}))

    def test_failures_are_never_equal(self):
        self.assertEqual(compare.film({"failed": "why"}, {"failed": "why"}), compare.Verdict(False, "**both fail**: why"))
        self.assertFalse(compare.film({"failed": "why"}, {"failed": "how"}).equal)
        self.assertEqual(compare.film(run(), {"failed": "why"}).text, "**fails only after**: why")
        self.assertEqual(compare.film({"failed": "why"}, run()).text, "**fails only before**: why")

    def test_a_clip_or_method_of_one_side_alone_differs(self):
        verdicts = compare.films({"a": {"mask": run()}}, {"a": {"mask": run(), "blur": run()}, "b": {"mask": run()}})
        self.assertEqual([verdicts["a"]["mask"].equal, verdicts["a"]["blur"].equal, verdicts["b"]["mask"].equal], [True, False, False])
        self.assertFalse(compare.all_equal(verdicts, {}))
        self.assertTrue(compare.all_equal({"a": {"mask": verdicts["a"]["mask"]}}, {}))


class Reports(unittest.TestCase):
    def test_the_first_part_that_differs_is_named(self):
        self.assertTrue(compare.report({"a": "1"}, {"a": "1"}).equal)
        self.assertEqual(compare.report({"a": "1", "b": "2"}, {"a": "1", "b": "3"}).text, "**b** (1 of 2 parts differ)")
        self.assertFalse(compare.report({"a": "1"}, {"a": "1", "b": "2"}).equal)
        self.assertFalse(compare.report({}, {}).equal)
        self.assertFalse(compare.all_equal({}, compare.reports({"r": {"a": "1"}}, {})))


class Records(unittest.TestCase):
    RECORD = {"format": 1, "quick": False, "settings": {"targets": "t"}, "inputs": {"clip": "d", "other": "o"}, "networks": {"clip": "n"},
              "films": {"clip": {"mask": run(), "trained": run()}, "other": {"mask": run()}}, "reports": {"oks": {"a": "1"}}}

    def test_other_work_is_not_compared(self):
        compare.require_same_work(self.RECORD, copy.deepcopy(self.RECORD))
        for changed in ({"format": 2}, {"quick": True}, {"settings": {"targets": "u"}}, {"inputs": {"clip": "e", "other": "o"}}, {"inputs": {}},
                        {"networks": {"clip": "m"}}):
            with self.assertRaises(compare.NotComparable):
                compare.require_same_work(self.RECORD, {**self.RECORD, **changed})


    def test_a_part_of_a_record_is_that_part_and_no_more(self):
        part = compare.narrowed(self.RECORD, ["clip"], ["mask"])
        self.assertEqual(part["films"], {"clip": {"mask": run()}})
        self.assertEqual((part["inputs"], part["networks"], part["reports"]), ({"clip": "d"}, {}, {}))
        self.assertEqual(compare.narrowed(self.RECORD, ["clip"], ["trained"])["networks"], {"clip": "n"})
        self.assertIn("other", self.RECORD["films"])


class Plain(unittest.TestCase):
    def test_times_and_places_go_and_the_rest_stays(self):
        said = plain.plain({"pts": 40, "seconds": 2.5, "version": "1", "frames": [{"wall_seconds": 1, "box": [1, 2]}], "note": "in /tmp/a/b.mkv"},
                           ["/tmp/a"])
        self.assertEqual(said, {"pts": 40, "frames": [{"box": [1, 2]}], "note": "in /b.mkv"})

    def test_hashes_follow_every_value(self):
        self.assertEqual(plain.plain({"result": {"sha256": "a", "bytes": 1}, "original": {"sha256": "b", "bytes": 2}}),
                         {"original": {"sha256": "b", "bytes": 2}})
        self.assertEqual(plain.plain({"result": "Better"}), {"result": "Better"})
        self.assertNotEqual(plain.hashed({"a": 1.0}), plain.hashed({"a": 1.0000000001}))
        self.assertEqual(list(plain.parts({"a": {"b": 1, "c": 2}, "d": 3}, "r.json")), ["r.json/a/b", "r.json/a/c", "r.json/d"])

    def test_lines_are_hashed_one_by_one(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "audit.jsonl"
            file.write_text('{"version":"1","faces":[]}\n{"pts":0}\n')
            before = plain.lines(file)
            file.write_text('{"version":"2","faces":[]}\n{"pts":1}\n')
            self.assertEqual(compare.first(before, plain.lines(file)), 1)


class Audits(unittest.TestCase):
    HEADER = '{"audit":2,"element":"faceswap"}'
    FRAME = '{"pts":0,"faces":[{"treatment":"swapped","target":"A (B)","done":"swap A (B)"},{"treatment":"blurred","reason":"turned"}]}'

    def test_frames_and_headers_are_told_apart(self):
        lines = [self.HEADER, self.FRAME, '{"summary":{"frames":1}}']
        self.assertEqual([header["element"] for header in audits.headers(lines)], ["faceswap"])
        self.assertEqual([face.get("target") for frame in audits.frames(lines) for face in frame["faces"]], ["A (B)", None])

    def test_an_older_form_and_damage_are_refused(self):
        for line, said in (('{"audit":1}', "Line 2: the audit has form 1"), ('{"pts":0,"faces":[{"done":"swap x"}]}', "has no treatment"),
                           ('{"pts":', "Line 2 of the audit is no JSON")):
            with self.assertRaisesRegex(audits.AuditError, said):
                audits.frames([self.HEADER, line])


class Table(unittest.TestCase):
    def test_it_says_what_differs_between_which_builds(self):
        made = {"commit": "abc", "programs": "p", "machine": {"cpu": "C", "cores": 2, "system": "S", "gstreamer": "1"}, "date": "d", "seconds": 1.0,
                "frames": 3, "methods": ["mask", "swap"], "films": {"clip": {"mask": run()}}}
        films = compare.films({"clip": {"mask": run()}}, {"clip": {"mask": run(frames=["x", "b", "c"])}})
        text = table.markdown({"before": made, "after": {**made, "commit": "def", "programs": "q"}, "films": films, "reports": {},
                               "items": {"clip": "3"}, "equal": compare.all_equal(films, {}), "command": "bench/same/run", "date": "d"})
        self.assertIn("| clip | 3 | **frame 0** (1 frames differ) | - |", text)
        self.assertIn("**Not equal**", text)
        self.assertIn("mask 3 (2 drawn), swap 0.", text)
        self.assertIn("| before | abc |", text)
        self.assertIn("| after | def |", text)
        self.assertNotIn("same programs", text)


if __name__ == "__main__":
    unittest.main()
