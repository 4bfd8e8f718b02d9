"""Lines of an audit: the one place where benchmarks and tests in Python read them. docs/schemas/audit.schema.json says what they hold."""
import json

FORM = 2


class AuditError(ValueError):
    """A line that is damaged or of another form; its text is a sentence."""


def headers(lines):
    """The headers of an audit, in order."""
    return [line for line in _read(lines) if "audit" in line]


def frames(lines):
    """The lines that tell of frames, in order: {"pts", "faces" [{"id", "box", "treatment", "done", ...}], "doubt"?, "done"?}."""
    return [line for line in _read(lines) if "pts" in line]


def _read(lines):
    return [_line(number, text) for number, text in enumerate(lines, 1)]


def _line(number, text):
    try:
        line = json.loads(text)
    except ValueError:
        raise AuditError(f"Line {number} of the audit is no JSON.") from None
    if line.get("audit", FORM) != FORM:
        raise AuditError(f"Line {number}: the audit has form {line['audit']}, and form {FORM} is read here. Make the audit again with this version.")
    if any("treatment" not in face for face in line.get("faces", [])):
        raise AuditError(f"Line {number}: a face has no treatment, as in audits of an older form. Make the audit again with this version.")
    return line
