# Sourced by the tests beside it. Bash only.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect_status N COMMAND…: runs it, keeps what it says in $said, fails the test on another exit status.
expect_status() {
  local wanted=$1 status=0
  shift
  said=$("$@" 2>&1) || status=$?
  if [[ $status -ne $wanted ]]; then
    printf 'FAILED: %s\n  exit status %s, expected %s; it said:\n%s\n' "$*" "$status" "$wanted" "$said"
    exit 1
  fi
}

# expect_said TEXT: the last command's output holds it.
expect_said() {
  if [[ $said != *"$1"* ]]; then
    printf 'FAILED: expected the output to say\n  %s\nbut it said\n%s\n' "$1" "$said"
    exit 1
  fi
}

# expect_one_line: what the last command said is one sentence, not a stack trace.
expect_one_line() {
  if [[ $(wc -l <<<"$said") -ne 1 ]]; then
    printf 'FAILED: expected one line, got\n%s\n' "$said"
    exit 1
  fi
}

expect() {
  if ! "$@"; then
    printf 'FAILED: %s\n' "$*"
    exit 1
  fi
}
