# Reads each file of JSON Lines in a folder, all columns, and writes it sorted by its first column.
import os
import sys

import duckdb

source, target, form = sys.argv[1:]
os.mkdir(target)
database = duckdb.connect()
database.execute("SET preserve_insertion_order = false")
options = "HEADER" if form == "csv" else "FORMAT parquet, COMPRESSION zstd"
for name in sorted(os.listdir(source)):
    path = os.path.join(source, name)
    if not os.path.getsize(path):
        continue
    read = f"read_json('{path}', format = 'newline_delimited', maximum_object_size = 67108864)"
    key = database.execute(f"SELECT * FROM {read} LIMIT 0").description[0][0]
    to = os.path.join(target, name.replace(".jsonl", "." + form))
    database.execute(f"COPY (SELECT * FROM {read} ORDER BY \"{key}\") TO '{to}' ({options})")
