"""Makes the edited clips: bench/leaks/make_nasty --help."""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from benchlib import places  # noqa: E402
import scenes  # noqa: E402
import sparse  # noqa: E402
import stage  # noqa: E402


def make_sparse(force):
    for clip in sparse.sources():
        for kind, frames in sparse.make(clip, force):
            print(f"{kind}/{clip.name}: {frames} frames", flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog="bench/leaks/make_nasty", description="Edits real clips into nasty ones in bench/cache/nasty/, each with its "
        "truth: where the faces are, moved with the pixels. Without names also copies every real clip with few frames a "
        "second, at a varying rate and with jumps (bench/cache/sparse/). Existing ones are kept.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which (default: all)")
    parser.add_argument("--sparse", action="store_true", help="the sparse copies only")
    parser.add_argument("--list", action="store_true", help="names and what is nasty about each")
    parser.add_argument("--force", action="store_true", help="make existing ones again")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in scenes.ALL]
    if unknown:
        raise places.BenchError(f"no such scene: {unknown[0]} (see --list)")
    if options.sparse:
        make_sparse(options.force)
        return 0
    for name, (scene, fps, crf) in scenes.ALL.items():
        if options.list:
            print(f"{name:20} {scene.__doc__}")
        elif (not options.names or name in options.names) and (
                options.force or not (places.WORK / "nasty" / f"{name}.mkv").exists()):
            frames, with_face = stage.record(name, fps, scene(), crf)
            print(f"{name}: {frames} frames, {with_face} with a face", flush=True)
    if not options.names and not options.list:
        make_sparse(options.force)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except places.BenchError as problem:
        print(f"bench/leaks/make_nasty: {problem}", file=sys.stderr)
        sys.exit(2)
