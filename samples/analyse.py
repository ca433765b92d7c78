"""Reads an export with pandas and polars and answers three questions, as a start for your own.

    pip install pandas polars pyarrow
    asana-workspace export --format parquet …
    python analyse.py acme-export

Parquet brings types and keys along, so nothing has to be converted.
"""

import sys
from pathlib import Path

import pandas as pd
import polars as pl


def completed_by_week(folder: Path) -> pd.DataFrame:
    """Tasks completed in each week (pandas): week as of ISO 8601, tasks."""
    tasks = pd.read_parquet(folder / "parquet" / "tasks.parquet", columns=["gid", "completed_at"])
    completed = tasks.dropna(subset=["completed_at"])
    weeks = completed["completed_at"].dt.strftime("%G-W%V")
    return weeks.value_counts().sort_index().rename_axis("week").reset_index(name="tasks")


def open_tasks_by_person(folder: Path) -> pl.DataFrame:
    """Open tasks of each person, with the next due date (polars): person, open_tasks, next_due."""
    tasks = pl.scan_parquet(folder / "parquet" / "tasks.parquet")
    users = pl.scan_parquet(folder / "parquet" / "users.parquet").select("gid", pl.col("name").alias("person"))
    return (
        tasks.filter(~pl.col("completed") & pl.col("assignee_gid").is_not_null())
        .join(users, left_on="assignee_gid", right_on="gid")
        .group_by("assignee_gid", "person")
        .agg(pl.len().alias("open_tasks"), pl.col("due_on").min().alias("next_due"))
        .sort("open_tasks", "assignee_gid", descending=[True, False])
        .select("person", "open_tasks", "next_due")
        .collect()
    )


def options_of_fields(folder: Path) -> pd.DataFrame:
    """How often each option of each single-choice custom field is set on a task (pandas): name, enum_option_name, tasks."""
    values = pd.read_parquet(folder / "parquet" / "task_custom_fields.parquet")
    chosen = values[(values["type"] == "enum") & values["enum_option_gid"].notna()]
    counts = chosen.groupby(["name", "enum_option_name"], as_index=False).agg(tasks=("task_gid", "nunique"))
    return counts.sort_values(["name", "tasks", "enum_option_name"], ascending=[True, False, True], ignore_index=True)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python analyse.py EXPORT_FOLDER")
    folder = Path(sys.argv[1])
    for title, table in [
        ("Tasks completed by week", completed_by_week(folder)),
        ("Open tasks by person", open_tasks_by_person(folder)),
        ("Options of custom fields", options_of_fields(folder)),
    ]:
        print(f"{title}\n{table}\n")


if __name__ == "__main__":
    main()
