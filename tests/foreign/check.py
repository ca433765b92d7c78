"""Compares all values of an export's tables, as implementations that are not ours read them, with its JSON Lines files.

usage: check.py EXPORT FORMATS [STYLED…]

FORMATS, separated by commas, have to be those of the export. STYLED are conversions of it whose CSV is in another style.
"""

import copy
import decimal
import json
import math
import shutil
import sys
import tempfile
import time

import frictionless

import postgresql
import readers
from values import Difference, Export, Unreadable, compare, same

# What reads each format; a format without a reader is an error.
READERS = {
    "csv": {"Python's csv": readers.python_csv, "pandas, CSV": readers.pandas_csv},
    "json": {"Python's json": readers.python_json},
    "jsonl": {"pandas, JSON Lines": readers.pandas_json, "polars, JSON Lines": readers.polars_json},
    "parquet": {
        "pyarrow": readers.pyarrow_parquet,
        "polars, Parquet": readers.polars_parquet,
        "DuckDB, Parquet": readers.duckdb_parquet,
    },
    "sqlite": {"Python's sqlite3": None},
    "xlsx": {"openpyxl": None},
}


def openers(export, formats):
    """For each reader a function from a table to what it finds, and how that is compared."""
    _, null, dialect = readers.style(export)
    found = {}
    for name in formats:
        for reader, read in READERS[name].items():
            if read:
                is_same = typed_same if name == "parquet" else same
                found[reader] = ((lambda table, read=read: read(export, table)), is_same)
    if "csv" in formats:
        found["Python's csv"] = (found["Python's csv"][0], readers.csv_without_null(null))
        found["pandas, CSV"] = (found["pandas, CSV"][0], pandas_same(null))
        database = readers.duckdb_database(export)
        found["DuckDB, load.sql"] = ((lambda table: readers.duckdb_csv(database, table)), same)
    if "jsonl" in formats:
        found["pandas, JSON Lines"] = (found["pandas, JSON Lines"][0], floating_same)
    if "sqlite" in formats:
        tables = readers.sqlite_database(export)
        found["Python's sqlite3"] = ((lambda table: readers.sqlite_rows(tables, table)), typed_same)
    if "xlsx" in formats:
        book = readers.Workbook(export)
        found["openpyxl"] = ((lambda table: book.rows(table)), xlsx_same)
    if dialect == "excel":
        found = {reader: (read, readers.with_apostrophes(is_same)) for reader, (read, is_same) in found.items()}
    return found


def pandas_same(null):
    """Text as it is in the file, and one null for all that looks like it."""

    def is_same(_, value, found):
        text = readers.shown(value)
        return found is None if value is None or text == null else found == text

    return is_same


def typed_same(kind, value, found):
    """What a type does not hold to the last digit is null there, and named in export_oddities."""
    is_held = True
    if kind == "integer" and value is not None:
        is_held = -(2**63) <= int(value) < 2**63
    if kind == "number" and value is not None:
        number = float(value)
        is_held = math.isfinite(number) and decimal.Decimal(repr(number)) == decimal.Decimal(value)
    return same(kind, value, found) if is_held else found is None


def floating_same(kind, value, found):
    """pandas makes whole numbers floating when there is a null among them."""
    if kind == "integer" and isinstance(found, float) and value is not None:
        return found == int(value) and abs(found) < 2**53
    return same(kind, value, found)


def xlsx_same(kind, value, found):
    """What a spreadsheet cannot hold is text there, or cut; see the sheet `index`."""
    if kind == "string" and isinstance(value, str) and len(value.encode("utf-16-le")) > 2 * 32_767:
        kept, mark, _ = found.rpartition("… [cut: ") if isinstance(found, str) else ("", "", "")
        return bool(mark) and value.startswith(kept) and len(kept) > 16_000
    if kind in ("integer", "number", "date", "datetime") and isinstance(found, str):
        return found == value and (kind in ("date", "datetime") or len(value) > 15)
    return same(kind, value, found)


def check_all(export, reference, found, only=None):
    """Compares all tables with what each reader finds; gives the number of values."""
    numbers = {}
    for reader, (read, is_same) in found.items():
        values = 0
        for table in only or export.tables:
            columns, rows = export.tables[table]["columns"], reference.reference(table)
            try:
                values += compare(reader, table, columns, reference.kinds(table), rows, read(table), is_same)
            except Unreadable as error:
                print(f"  {reader} cannot read {table}: {error}")
        numbers[reader] = values
    return numbers


def check_package(export):
    """The official validator's word on datapackage.json, files and hashes included."""
    report = frictionless.validate(str(export.path("datapackage.json")))
    if not report.valid:
        raise Difference(f"frictionless: {report.flatten(['title', 'message'])[:5]}")
    package = json.loads(export.path("datapackage.json").read_text(encoding="utf-8"))
    schemas = [resource["schema"] for resource in package["resources"]]
    keys = sum("primaryKey" in schema for schema in schemas)
    foreign = sum(len(schema.get("foreignKeys", [])) for schema in schemas)
    if len(package["resources"]) != len(export.tables) or not keys:
        raise Difference("frictionless: tables or keys are missing in datapackage.json")
    return keys, foreign


def holds_nul(reference):
    values = (value for table in reference.tables for row in reference.reference(table) for value in row)
    return any(isinstance(value, str) and "\0" in value for value in values)


def check_postgresql(server, export, reference, declared):
    """The tables as PostgreSQL has them; gives the numbers of values, and what reads them."""
    name = export.folder.name
    server.load(name, export)
    is_same = readers.with_apostrophes(same) if readers.style(export)[2] == "excel" else same
    found = {"PostgreSQL, load.sql": ((lambda table: server.rows(name, table)), is_same)}
    numbers = check_all(export, reference, found)
    primary, foreign = server.keys(name)
    # A key with an empty text in it is one to PostgreSQL, and none to what does not tell it from null.
    if primary < declared[0] or foreign != declared[1]:
        raise Difference(f"PostgreSQL: {server.keys(name)} keys, and the data package declares {declared}")
    return numbers, found


class Flipped:
    """An export whose reference has one value that is not true."""

    def __init__(self, export, table, kind):
        self.export, self.table = export, table
        self.kinds = export.kinds
        rows = export.reference(table)
        column = export.kinds(table).index(kind)
        row = next(row for row in rows if row[column] is not None)
        other = {"string": "x", "integer": "7", "number": "7.25", "boolean": not row[column]}
        row[column] = other[kind] if kind in other else row[column].replace("-0", "-1", 1).replace("20", "19", 1)
        self.rows = rows

    def reference(self, table):
        return copy.deepcopy(self.rows) if table == self.table else self.export.reference(table)


def self_test(export, found):
    """Every reader's comparison has to fail for a value that is not true, of each kind."""
    flips = 0
    for kind in ("string", "integer", "number", "boolean", "date", "datetime"):
        filled = (table for table in export.tables if kind in export.kinds(table) and has_value(export, table, kind))
        table = next(filled, None)
        if not table:
            raise Difference(f"self-test: no table has a value of type {kind}")
        flipped = Flipped(export, table, kind)
        for reader, one in found.items():
            try:
                check_all(export, flipped, {reader: one}, only=[table])
            except Difference:
                flips += 1
                continue
            raise SystemExit(f"self-test: {reader} does not notice a changed {kind} of {table}")
    return flips


def has_value(export, table, kind):
    column = export.kinds(table).index(kind)
    return any(row[column] is not None for row in export.reference(table))


def self_test_of_files(export):
    """A character that is changed in a CSV file has to be found, by what reads values and by the validator."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(export.folder, f"{folder}/copy")
        changed = Export(f"{folder}/copy")
        path = changed.path("csv/projects.csv")
        text = path.read_text(encoding="utf-8")
        name = next(row[changed.tables["projects"]["columns"].index("name")] for row in export.reference("projects"))
        path.write_text(text.replace(name, name[:-1] + ("x" if name[-1] != "x" else "y"), 1), encoding="utf-8")
        found = openers(changed, ["csv"])
        for reader, one in found.items():
            try:
                check_all(changed, export, {reader: one}, only=["projects"])
            except Difference:
                continue
            raise SystemExit(f"self-test: {reader} does not notice a changed file")
        try:
            check_package(changed)
        except Difference:
            return len(found) + 1
        raise SystemExit("self-test: frictionless does not notice a changed file")


def main(folder, formats, *styled):
    export, formats = Export(folder), formats.split(",")
    if sorted(export.formats) != sorted(formats):
        raise SystemExit(f"{folder} has the formats {export.formats}, and {formats} are to be read")
    if "jsonl" not in formats or "csv" not in formats:
        raise SystemExit("without JSON Lines there is nothing to compare with, and without CSV no types")
    where = postgresql.programs()
    if not where:
        print("PostgreSQL is not here, and is not checked")
    for one in [export, *map(Export, styled)]:
        began, flips = time.monotonic(), 0
        found = openers(one, one.formats)
        numbers = check_all(one, export, found)
        declared = check_package(one)
        print(f"{one.folder.name}: {len(one.tables)} tables, {declared[0]} primary and {declared[1]} foreign keys")
        if where and holds_nul(export):
            print("  PostgreSQL is not checked: it takes no text with the character NUL, and here is one")
        elif where:
            with postgresql.Server(where) as server:
                more, databases = check_postgresql(server, one, export, declared)
                numbers |= more
                flips = self_test(export, databases) if one is export else 0
        for reader, values in numbers.items():
            print(f"  {reader}: {values:,} values")
        if one is export:
            flips += self_test(export, found)
            print(f"  self-test: {flips} changed values were noticed by their readers")
            print(f"  self-test: a changed file was noticed by {self_test_of_files(export)} readers")
        print(f"  {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Difference as difference:
        raise SystemExit(f"FAILED: {difference}") from None
