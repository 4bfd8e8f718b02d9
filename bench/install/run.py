"""How long it takes from a bare machine to the first de-identified video: bench/install/run --help."""
import argparse
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchlib import places, tables  # noqa: E402

NUMBERS = {"bookworm": 12, "trixie": 13}
KINDS = {"deb": "packages `gst-deid`, `gst-deid-models`", "all": "the same and `gst-deid-train`", "archive": "portable archive"}


def arguments():
    parser = argparse.ArgumentParser(prog="bench/install/run", description="Installs packages and archive in bare systems, de-identifies the demo clip there, removes "
                                     "everything, and writes install.json and install.md. Needs root. Make the parts first: meson-free-scripts/package/build-debs and "
                                     "build-archive.")
    parser.add_argument("parts", type=pathlib.Path, help="the folder with packages, logs of lintian, and the archive")
    parser.add_argument("--again", type=pathlib.Path, help="a folder with a second build, to compare the bytes")
    parser.add_argument("--times", type=int, default=2, help="trials of each kind (default 2)")
    parser.add_argument("--kinds", default="deb,archive", help="of deb, all, archive (default deb,archive)")
    parser.add_argument("--releases", default="bookworm,trixie")
    parser.add_argument("--base", action="append", default=[], metavar="RELEASE=TAR", help="a bare system to unpack rather than to call debootstrap")
    parser.add_argument("--apt-cache", metavar="DIR", help="keep downloads in DIR-RELEASE")
    parser.add_argument("--clip", default=str(places.DEPS / "footage/WolfgangLanger_Pexels.mp4"))
    parser.add_argument("--add", action="store_true", help="keep the trials that install.json has")
    parser.add_argument("--only-table", action="store_true", help="write install.md from install.json; nothing runs")
    return parser.parse_args()


def trial(kind, release, options):
    """What one trial says, as {name: value}."""
    words = [str(HERE / "try"), kind, release, "--parts", str(options.parts), "--clip", options.clip]
    bases = dict(base.split("=", 1) for base in options.base)
    words += ["--base", bases[release]] if release in bases else []
    words += ["--apt-cache", f"{options.apt_cache}-{release}"] if options.apt_cache else []
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    lines = [line.split("=", 1) for line in result.stdout.splitlines() if "=" in line]
    row = {"kind": kind, "release": release, **{name: value for name, value in lines if name != "left_file"}}
    if result.returncode != 0:
        row["failed"] = (result.stderr.strip() or "no reason given").splitlines()[-1]
    return row


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def parts_of(options):
    """Size and hash of each part, and whether a second build has the same bytes."""
    rows = []
    for path in sorted([*options.parts.glob("*.deb"), *options.parts.glob("*.tar.xz")]):
        other = options.again / path.name if options.again else None
        same = "not built twice" if not other or not other.exists() else "yes" if sha256(other) == sha256(path) else "NO"
        rows.append({"file": path.name, "bytes": path.stat().st_size, "sha256": sha256(path), "same_again": same})
    return rows


def built_from(options):
    """The commits that the packages name in their changelogs."""
    found = set()
    for package in options.parts.glob("gst-deid_*.deb"):
        files = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], capture_output=True, check=True).stdout
        text = subprocess.run("tar -xO ./usr/share/doc/gst-deid/changelog.Debian.gz | zcat", input=files, shell=True, capture_output=True, check=False).stdout.decode()
        found.update(re.findall(r"Built from commit (\w+)", text))
    return ", ".join(sorted(found)) or "unknown"


def lintian_of(options):
    """Release: how many lines of each kind lintian wrote."""
    found = {}
    for release, number in NUMBERS.items():
        log = options.parts / f"lintian-deb{number}.log"
        if log.exists():
            text = log.read_text()
            found[release] = {letter: len(re.findall(rf"(?m)^{letter}:", text)) for letter in "EWI"}
    return found


def packages_left(row):
    names = row.get("left_packages", "").split()
    return f", {len(names)} packages: {', '.join(names[:6])}{' …' if len(names) > 6 else ''}" if names else ""


def page(said):
    machine = said["machine"]
    lines = ["# Install: from a bare machine to the first de-identified video", "",
             f"Packages of commit {said['commit']}, {said['date']}, {machine['cpu']}, {machine['cores']} cores, load {machine['load_at_start']} at the start, {machine['system']}. "
             "Made by `bench/install/run`.", "",
             f"Each row is one trial in a bare Debian (`debootstrap --variant=minbase`) with nothing but what the row names. The clock runs from the installation's start "
             f"to the end of `deid run` on the demo clip ({said['clip']}, {said['frames']} frames, `--method swap`). Downloads come before. `deid run` has no network and, "
             "for the archive, no rights. Minutes of one processor are those that the same work used; load is that of the machine at the end: other work ran "
             "beside it.", "",
             "| what | Debian | minutes | of it installing | minutes of one processor | load | packages there | compilers there | deid doctor | a network's file missing | files left after removal |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    for row in said["trials"]:
        if "failed" in row:
            lines.append(f"| {KINDS[row['kind']]} | {NUMBERS[row['release']]} | **failed** | - | - | - | - | - | - | - | {row['failed']} |")
            continue
        lines.append(f"| {KINDS[row['kind']]} | {NUMBERS[row['release']]} | {float(row['seconds']) / 60:.2f} | {float(row['install_seconds']) / 60:.2f} | {float(row['cpu_seconds']) / 60:.2f} | "
                     f"{row['load']} | {row['packages']} | {row['compilers']} | "
                     f"{row['doctor']} | {row['without_model']} | {row['left']} ({row['left_of_deid']} of gst-deid){packages_left(row)} |")
    lines += ["", "Files left: all but `/var/log`, `/var/cache` and the lists of dpkg and apt; the user's `~/.cache/gst-deid` was deleted by hand. Packages that are named there are Debian's own, "
              "which `apt purge --autoremove` kept. The second build of the packages was made in the same system from a fresh source, with objects from ccache.", "",
              "| part | MB | built twice, same bytes | sha256 |", "|---|---|---|---|"]
    lines += [f"| {row['file']} | {row['bytes'] / 1e6:.1f} | {row['same_again']} | `{row['sha256'][:16]}` |" for row in said["parts"]]
    lines += ["", "| lintian | errors | warnings | information |", "|---|---|---|---|"]
    lines += [f"| Debian {NUMBERS[release]} | {count['E']} | {count['W']} | {count['I']} |" for release, count in said["lintian"].items()]
    return "\n".join(lines) + "\n"


def main():
    options = arguments()
    file = places.RESULTS / "install.json"
    if not options.only_table:
        rows = json.loads(file.read_text())["trials"] if options.add and file.exists() else []
        said = {"commit": built_from(options), "date": datetime.date.today().isoformat(), "machine": places.machine(), "clip": pathlib.Path(options.clip).name, "frames": 472,
                "trials": rows, "parts": parts_of(options), "lintian": lintian_of(options)}
        for release in options.releases.split(","):
            for kind in options.kinds.split(","):
                for _ in range(options.times):
                    rows.append(trial(kind, release, options))
                    print(rows[-1], flush=True)
                    file.write_text(tables.as_json(said))
        file.write_text(tables.as_json(said))
    (places.RESULTS / "install.md").write_text(page(json.loads(file.read_text())))
    return any("failed" in row for row in json.loads(file.read_text())["trials"])


if __name__ == "__main__":
    sys.exit(main())
