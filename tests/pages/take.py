"""take.py PAGE FOLDER: writes each file that the page shows into the folder. A file is a line `path/name` alone, a blank line,
and a block of code. Exit status 1 when the page shows none."""
import pathlib
import re
import sys


def main():
    page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    found = re.findall(r"^`([\w./-]+)`\n\n```\w+\n(.*?)^```$", page.read_text(), flags=re.M | re.S)
    if not found:
        print(f"{page.name} shows no file.", file=sys.stderr)
        return 1
    for name, text in found:
        file = folder / name
        if file.exists() and file.read_text() == text:
            continue  # not touched, so that it is not built again
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
