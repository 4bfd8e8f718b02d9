#!/usr/bin/env bash
# count-tests.py SOURCE_DIR: the last line of ./meson-free-scripts/test, from reports as ctest writes them.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
count=$1/meson-free-scripts/count-tests.py

passed='<testcase name="a" status="run"/>'
failed='<testcase name="b" status="fail"><failure message="x"/></testcase>'
skipped='<testcase name="c" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/><system-out>[ RUN      ] c
d.cpp:3: Skipped
There is no shared footage here.
</system-out></testcase>'
not_started='<testcase name="d" status="notrun"><skipped message="Unable to find executable"/></testcase>'

# counts STATUS LAST_LINE CTEST_STATUS CASES…
counts() {
  local status=$1 last=$2 ctest_status=$3
  shift 3
  printf '<testsuite>%s</testsuite>' "$*" >"$work/junit.xml"
  expect_status "$status" python3 "$count" "$work/junit.xml" "$ctest_status"
  expect test "$(tail -1 <<<"$said")" = "$last"
}

counts 0 "2 passed, 0 failed, 0 skipped" 0 "$passed" "$passed"
counts 0 "1 passed, 0 failed, 1 skipped" 0 "$passed" "$skipped"
expect_said "There is no shared footage here."
counts 1 "1 passed, 1 failed, 0 skipped" 8 "$passed" "$failed"
expect_said "Failed: b"
counts 1 "1 passed, 1 failed, 0 skipped" 8 "$passed" "$not_started"
counts 1 "0 passed, 0 failed, 0 skipped" 8
counts 1 "0 passed, 0 failed, 1 skipped" 0 "$skipped"
counts 1 "1 passed, 0 failed, 0 skipped" 8 "$passed"
expect_status 1 python3 "$count" "$work/no-such-report.xml" 8
expect test "$(tail -1 <<<"$said")" = "0 passed, 0 failed, 0 skipped"
printf 'passed\n'
