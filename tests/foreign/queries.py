"""Asks the sample queries of an export in SQLite and in DuckDB, which have to find the same, and compares what
samples/analyse.py finds with them.

usage: queries.py EXPORT
"""

import datetime
import decimal
import os
import sqlite3
import sys
from pathlib import Path

import duckdb

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
sys.path.insert(0, str(SAMPLES))
import analyse  # noqa: E402


def plain(value):
    """The value as both databases can give it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float, decimal.Decimal)):
        return round(float(value), 6)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def rows(found):
    return [tuple(map(plain, row)) for row in found]


def main():
    folder = Path(sys.argv[1]).resolve()
    lite = sqlite3.connect(f"file:{folder}/workspace.sqlite?mode=ro", uri=True)
    duck = duckdb.connect()
    before = Path.cwd()
    os.chdir(folder)
    duck.execute((folder / "sql/duckdb/load.sql").read_text())
    os.chdir(before)
    duck.execute((SAMPLES / "queries/duckdb.sql").read_text())
    asked = 0
    for query in sorted((SAMPLES / "queries").glob("*.sql")):
        if query.name == "duckdb.sql":
            continue
        in_lite, in_duck = (rows(one.execute(query.read_text()).fetchall()) for one in (lite, duck))
        if not in_lite or in_lite != in_duck:
            differing = [pair for pair in zip(in_lite, in_duck) if pair[0] != pair[1]][:3]
            sys.exit(f"{query.name}: SQLite finds {len(in_lite)} rows and DuckDB {len(in_duck)}; {differing}")
        asked += 1
    checked = {
        "completed_by_week": (
            analyse.completed_by_week(folder).itertuples(index=False, name=None),
            "SELECT strftime(completed_at AT TIME ZONE 'UTC', '%G-W%V') AS week, count(*) FROM tasks"
            " WHERE completed_at IS NOT NULL GROUP BY week ORDER BY week",
        ),
        "open_tasks_by_person": (
            analyse.open_tasks_by_person(folder).rows(),
            "SELECT u.name, count(*), min(t.due_on) FROM tasks t JOIN users u ON u.gid = t.assignee_gid"
            " WHERE NOT t.completed GROUP BY u.gid, u.name ORDER BY count(*) DESC, u.gid",
        ),
        "options_of_fields": (
            analyse.options_of_fields(folder).itertuples(index=False, name=None),
            "SELECT name, enum_option_name, count(DISTINCT task_gid) AS tasks FROM task_custom_fields"
            " WHERE type = 'enum' AND enum_option_gid IS NOT NULL GROUP BY name, enum_option_name"
            " ORDER BY name, tasks DESC, enum_option_name",
        ),
    }
    for name, (found, query) in checked.items():
        found, expected = rows(found), rows(duck.execute(query).fetchall())
        if not expected or found != expected:
            sys.exit(f"analyse.py: {name} finds {found[:3]}…, and SQL {expected[:3]}…")
    print(f"{asked} sample queries find the same in SQLite and DuckDB; analyse.py agrees")


if __name__ == "__main__":
    main()
