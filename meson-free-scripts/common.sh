# Sourced by the scripts beside it: where things are, how to speak, how to stop. Bash only.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps_dir=${DEID_DEPS_DIR:-$root/build/deps}
logs_dir=$root/build/logs

say() { printf '%s\n' "$*"; }

# Prints one sentence for the user and ends with exit status 1.
die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Prints the comment block at the top of a script, its help text.
help_of() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"; }

# Prints the package names in the given list files.
packages_in() { sed -E 's/#.*//; s/^([^[:space:]]*).*/\1/; /^$/d' "$@"; }

# Prints those of the named packages that dpkg has not installed.
missing_packages() {
  local package
  for package in "$@"; do
    if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      printf '%s\n' "$package"
    fi
  done
}
