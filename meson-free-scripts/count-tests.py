"""count-tests.py JUNIT CTEST_STATUS: names what failed and what was skipped, ends with the line of counts.

Exit status 0 only if something passed, nothing failed and ctest itself was content. A test that could not be started
(ctest calls it "not run") counts as failed; only one that skipped itself, or is disabled, counts as skipped.
"""
import re
import sys
import xml.etree.ElementTree as ET


def why_skipped(case):
    """The sentence of a GoogleTest test's GTEST_SKIP."""
    output = case.findtext("system-out") or ""
    lines = [line.strip() for line in output.splitlines()]
    said = [line for line in lines if line and not re.match(r"\[[ =\-A-Z]+\]|Note:|Running main|.*: Skipped$", line)]
    return said[0] if said else "no reason given"


def outcome(case):
    if case.find("failure") is not None or case.get("status") == "fail":
        return "failed"
    skip = case.find("skipped")
    if skip is None and case.get("status") == "run":
        return "passed"
    skipped_itself = skip is not None and skip.get("message", "").startswith("SKIP_")
    return "skipped" if skipped_itself or case.get("status") == "disabled" else "failed"


def main():
    report, ctest_status = sys.argv[1], int(sys.argv[2])
    names = {"passed": [], "failed": [], "skipped": []}
    try:
        for case in ET.parse(report).getroot().iter("testcase"):
            names[outcome(case)].append((case.get("name"), case))
    except (OSError, ET.ParseError) as error:
        print(f"ctest left no report: {error}")
    reasons = {}
    for name, case in names["skipped"]:
        reasons.setdefault(why_skipped(case), []).append(name)
    for reason, tests in reasons.items():
        print(f"Skipped ({len(tests)}): {reason} [{', '.join(tests[:3])}{', …' if len(tests) > 3 else ''}]")
    for name, _ in names["failed"]:
        print(f"Failed: {name}")
    content = ctest_status == 0 and names["passed"] and not names["failed"]
    if not content and not names["failed"]:
        print(f"ctest ended with status {ctest_status} after {len(names['passed'])} passed tests: that is a failure.")
    print(", ".join(f"{len(tests)} {word}" for word, tests in names.items()))
    sys.exit(0 if content else 1)


main()
