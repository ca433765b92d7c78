-- Run this first in DuckDB, once a session: the queries are written for SQLite's names of functions.
SET TimeZone = 'UTC';
CREATE OR REPLACE MACRO julianday(moment) AS julian(CAST(moment AS TIMESTAMP));
