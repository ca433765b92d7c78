"""What a table holds, and whether a reader found it.

The reference are the export's JSON Lines files, read by Python's json module: tests/tables.rs compares those, record by
record, with what the simulator knows to be true. Types are those of datapackage.json.
"""

import datetime
import decimal
import json
import pathlib


class Digits(str):
    """A number as it stands in a file."""


class Export:
    """An export's folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.manifest = json.loads(self.path("manifest.json").read_text(encoding="utf-8"))
        self.tables = {table["name"]: table for table in self.manifest["tables"]}
        self.formats = self.manifest["selection"]["formats"]

    def path(self, name):
        return self.folder / name

    def kinds(self, table):
        """The type of each column."""
        if not hasattr(self, "_kinds"):
            package = json.loads(self.path("datapackage.json").read_text(encoding="utf-8"))
            self._kinds = {
                resource["name"]: [field["type"] for field in resource["schema"]["fields"]]
                for resource in package["resources"]
            }
        return self._kinds[table]

    def reference(self, table):
        """The rows of a table, a list of values each."""
        columns = self.tables[table]["columns"]
        rows = []
        # Not splitlines(): texts may hold other characters that end lines.
        for line in self.path(f"jsonl/{table}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]:
            pairs = json.loads(line, object_pairs_hook=list, parse_float=Digits, parse_int=Digits)
            if [name for name, _ in pairs] != columns:
                raise Difference(f"{table}: other columns than the manifest has")
            rows.append([value for _, value in pairs])
        if len(rows) != self.tables[table]["rows"]:
            raise Difference(f"{table}: {len(rows)} rows of JSON Lines, and the manifest says {self.tables[table]['rows']}")
        return rows


class Difference(Exception):
    """What a reader found is not what was written."""


class Unreadable(Exception):
    """The reader says itself that it cannot hold what is in the file."""


def instant(text):
    return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)


def shown(value):
    """A value as CSV has it; nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def same(kind, value, found):
    """Whether a reader that knows types found this value."""
    if value is None or found is None:
        return value is found
    if kind == "string":
        return isinstance(found, str) and found == value
    if kind == "boolean":
        # SQLite has no such type.
        return isinstance(found, (bool, int)) and found in (0, 1) and bool(found) == value
    if isinstance(found, bool):
        return False
    if kind == "integer":
        return isinstance(found, (int, Digits)) and int(found) == int(value)
    if kind == "number":
        if isinstance(found, float):
            return found == float(value)
        return isinstance(found, (int, decimal.Decimal, Digits)) and decimal.Decimal(found) == decimal.Decimal(value)
    if kind == "date":
        if isinstance(found, datetime.datetime):
            return found.date().isoformat() == value and found.time() == datetime.time(0)
        return found == value or (isinstance(found, datetime.date) and found.isoformat() == value)
    if kind == "datetime":
        if isinstance(found, str):
            return instant(found) == instant(value)
        if not isinstance(found, datetime.datetime):
            return False
        utc = found if found.tzinfo else found.replace(tzinfo=datetime.timezone.utc)
        return utc == instant(value)
    raise Difference(f"a type that nobody compares: {kind}")


def compare(reader, table, columns, kinds, rows, found, is_same=same):
    """Compares every value; raises at the first that differs."""
    found_columns, found_rows = found
    if found_columns is not None and list(found_columns) != columns:
        raise Difference(f"{reader}, {table}: columns {found_columns} instead of {columns}")
    count = 0
    for at, (row, other) in enumerate(zip(rows, found_rows, strict=False)):
        count += 1
        if len(other) != len(columns):
            raise Difference(f"{reader}, {table}, row {at}: {len(other)} values for {len(columns)} columns")
        for column, kind, value, read in zip(columns, kinds, row, other, strict=True):
            if not is_same(kind, value, read):
                raise Difference(f"{reader}, {table}.{column}, row {at}: {read!r:.200} instead of {value!r:.200} ({kind})")
    rest = sum(1 for _ in found_rows) if hasattr(found_rows, "__next__") else max(len(found_rows) - count, 0)
    if count != len(rows) or rest:
        raise Difference(f"{reader}, {table}: {count + rest} rows instead of {len(rows)}")
    return count * len(columns)
