"""check.py SCHEMA FILE [PART]: whether a JSON file, or each line of a .jsonl file, is as a schema, or a part of its $defs, says. Exit status
0: yes; 1: no, and what is wrong; 77: the library (Debian's python3-jsonschema) is missing."""
import json
import pathlib
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("python3-jsonschema is not installed: no output was compared with docs/schemas")
    sys.exit(77)

MOST = 5  # places that are named


def values(file):
    """[(name, value)] of a file."""
    if file.suffix == ".jsonl":
        return [(f"{file.name}, line {number}", json.loads(line)) for number, line in enumerate(file.read_text().splitlines(), 1)]
    return [(file.name, json.loads(file.read_text()))]


def main(schema, file, part=None):
    schema = json.loads(pathlib.Path(schema).read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": schema["$defs"]} if part else schema)
    checked = values(pathlib.Path(file))
    wrong = [f"{name}: {error.json_path}: {error.message[:300]}" for name, value in checked for error in validator.iter_errors(value)]
    print("\n".join(wrong[:MOST]))
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
