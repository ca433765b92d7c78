"""Readers of an export's formats, none of which is ours.

Each takes an export and a table, and gives the names of the columns (None where the format has them only in files with
rows) and the rows.
"""

import csv
import json
import sqlite3
import sys

import duckdb
import openpyxl
import pandas
import polars
import pyarrow.parquet

from values import Difference, Digits, Unreadable, shown

csv.field_size_limit(sys.maxsize)


def style(export):
    """How the CSV files are written, as the manifest says."""
    selection = export.manifest["selection"]
    return selection.get("delimiter", ","), selection.get("null_string", ""), selection["dialect"]


def encoding(export):
    return "utf-8-sig" if style(export)[2] == "excel" else "utf-8"


def python_csv(export, table):
    with export.path(f"csv/{table}.csv").open(encoding=encoding(export), newline="") as file:
        rows = list(csv.reader(file, delimiter=style(export)[0], strict=True))
    return rows[0], rows[1:]


def pandas_csv(export, table):
    """As README has it: null and empty text are one to pandas, and are compared as such."""
    delimiter, null, _ = style(export)
    frame = pandas.read_csv(
        export.path(f"csv/{table}.csv"),
        dtype=str,
        keep_default_na=False,
        na_values=[null],
        sep=delimiter,
        encoding=encoding(export),
        engine="c",
    )
    rows = frame.astype(object).where(frame.notna(), None).values.tolist()
    return list(frame.columns), rows


def pandas_json(export, table):
    """As README has it."""
    path = export.path(f"jsonl/{table}.jsonl")
    if not path.stat().st_size:
        return None, []
    try:
        frame = pandas.read_json(path, lines=True, dtype=False, convert_dates=False, precise_float=True)
    except ValueError as error:
        # Whole numbers of more than 64 bits.
        if "Value is too" not in str(error):
            raise
        raise Unreadable(str(error)) from None
    rows = frame.astype(object).where(frame.notna(), None).values.tolist()
    return list(frame.columns), rows


def python_json(export, table):
    text = export.path(f"json/{table}.json").read_text(encoding="utf-8")
    rows = json.loads(text, object_pairs_hook=list, parse_float=Digits, parse_int=Digits)
    return ([name for name, _ in rows[0]] if rows else None), [[value for _, value in row] for row in rows]


def polars_json(export, table):
    path = export.path(f"jsonl/{table}.jsonl")
    if not path.stat().st_size:
        return None, []
    schema = {column: polars.String for column in export.tables[table]["columns"]}
    kinds = {"integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean}
    schema |= {c: kinds[k] for c, k in zip(schema, export.kinds(table), strict=True) if k in kinds}
    frame = polars.read_ndjson(path, schema=schema)
    return frame.columns, frame.rows()


def duckdb_database(export):
    """The database that sql/duckdb/load.sql makes, through the library."""
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    database.execute(f"SET file_search_path = '{export.folder}'")
    database.execute(export.path("sql/duckdb/load.sql").read_text(encoding="utf-8"))
    return database


def duckdb_rows(database, query):
    result = database.execute(query)
    names = [column[0] for column in result.description]
    return names, result.fetchall()


def duckdb_csv(database, table):
    return duckdb_rows(database, f'SELECT * FROM "{table}" ORDER BY rowid')


def duckdb_parquet(export, table):
    database = duckdb.connect()
    database.execute("SET TimeZone = 'UTC'")
    return duckdb_rows(database, f"SELECT * FROM read_parquet('{export.path(f'parquet/{table}.parquet')}')")


def pyarrow_parquet(export, table):
    read = pyarrow.parquet.read_table(export.path(f"parquet/{table}.parquet"))
    columns = [column.to_pylist() for column in read.columns]
    return read.column_names, list(zip(*columns, strict=True))


def polars_parquet(export, table):
    frame = polars.read_parquet(export.path(f"parquet/{table}.parquet"))
    return frame.columns, frame.rows()


def sqlite_database(export):
    return sqlite3.connect(f"file:{export.path('workspace.sqlite')}?mode=ro", uri=True)


def sqlite_rows(database, table):
    key = database.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", [table]).fetchall()
    order = ", ".join(f'"{name}"' for (name,) in key) or "rowid"
    result = database.execute(f'SELECT * FROM "{table}" ORDER BY {order}')
    return [column[0] for column in result.description], result.fetchall()


class Workbook:
    """A workbook by tables: a table may go on in other sheets, and the first sheet says which."""

    def __init__(self, export):
        self.book = openpyxl.load_workbook(export.path("workspace.xlsx"), read_only=True)
        names = self.book.sheetnames
        if names[0] != "index":
            raise Difference(f"the first sheet is {names[0]}")
        index = self.book["index"].iter_rows(values_only=True)
        if next(index)[:4] != ("table", "sheet", "rows", "columns"):
            raise Difference("the first sheet does not list the others")
        self.sheets = {}
        for row in index:
            # Notes come after an empty row.
            if not any(row):
                break
            table, sheet, rows, columns = row[:4]
            if sheet not in names or columns != len(export.tables[table]["columns"]):
                raise Difference(f"the list of sheets is wrong about {sheet}")
            self.sheets.setdefault(table, []).append((sheet, rows))
        listed = {sheet for sheets in self.sheets.values() for sheet, _ in sheets}
        if listed != set(names[1:]) or set(self.sheets) != set(export.tables):
            raise Difference("the list of sheets is not that of the tables")

    def rows(self, table):
        names, rows = None, []
        for sheet, count in self.sheets[table]:
            read = [list(row) for row in self.book[sheet].iter_rows(values_only=True)]
            if len(read) != count + 1:
                raise Difference(f"the list of sheets says {count} rows of {sheet}, and it has {len(read) - 1}")
            names = read[0]
            rows += [row + [None] * (len(names) - len(row)) for row in read[1:]]
        return names, rows


def csv_without_null(null):
    """For readers of CSV that do not look at quotes: null is what stands for it, and so is a text like it."""

    def is_same(_, value, found):
        return found == (null if value is None else shown(value))

    return is_same


def with_apostrophes(is_same):
    """In the excel dialect a text may have an apostrophe in front."""

    def is_also_same(kind, value, found):
        is_defused = kind == "string" and isinstance(found, str) and found.startswith("'")
        return is_same(kind, value, found) or (is_defused and is_same(kind, value, found[1:]))

    return is_also_same
