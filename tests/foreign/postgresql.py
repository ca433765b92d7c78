"""A PostgreSQL of our own for a moment: in a temporary folder, reached through a socket in it, and gone afterwards."""

import glob
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile

from values import Digits


def programs():
    """Where initdb and the like are; None if PostgreSQL is not installed."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[-2]), reverse=True)
    found = shutil.which("initdb")
    folders += [os.path.dirname(found)] if found else []
    complete = [folder for folder in folders if os.path.exists(f"{folder}/initdb") and os.path.exists(f"{folder}/psql")]
    return pathlib.Path(complete[0]) if complete else None


class Server:
    def __init__(self, where):
        self.programs = where
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pg"))
        self.data = self.folder / "data"
        # The server refuses to run as root.
        self.owner = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        if os.getuid() == 0:
            shutil.chown(self.folder, self.owner)

    def run(self, program, *arguments):
        command = [str(self.programs / program), *map(str, arguments)]
        user = {"user": self.owner, "group": pwd.getpwnam(self.owner).pw_gid, "extra_groups": []}
        done = subprocess.run(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, check=False, **(user if os.getuid() == 0 else {}),
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")

    def __enter__(self):
        self.run("initdb", "--pgdata", self.data, "--auth=trust", "--encoding=UTF8", "--locale=C", "--username=owner", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self.run("pg_ctl", "--pgdata", self.data, "--wait", "--log", self.folder / "log", "--options", options, "start")
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "--pgdata", self.data, "--mode=immediate", "stop")
        shutil.rmtree(self.folder)

    def psql(self, database, *arguments, inside="."):
        command = [str(self.programs / "psql"), "--no-psqlrc", "--quiet", "--host", str(self.folder), "--username=owner"]
        environment = {**os.environ, "PGTZ": "UTC", "PGCLIENTENCODING": "UTF8"}
        done = subprocess.run(
            [*command, f"--dbname={database}", *arguments], cwd=inside, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, check=False,
        )
        if done.returncode:
            raise RuntimeError(f"psql failed: {done.stderr.decode(errors='replace')}")
        return done.stdout.decode("utf-8")

    def load(self, name, export):
        """A new database, loaded by the one command that README has."""
        self.psql("postgres", "--command", f'CREATE DATABASE "{name}"')
        self.psql(name, "--file=sql/postgresql/load.sql", inside=export.folder)

    def rows(self, name, table):
        query = f'SELECT row_to_json(t) FROM (SELECT * FROM "{table}" ORDER BY ctid) t'
        lines = self.psql(name, "--tuples-only", "--no-align", "--command", query).split("\n")[:-1]
        rows = [json.loads(line, object_pairs_hook=list, parse_float=Digits, parse_int=Digits) for line in lines]
        return ([column for column, _ in rows[0]] if rows else None), [[value for _, value in row] for row in rows]

    def keys(self, name):
        """How many primary and foreign keys there are."""
        count = "SELECT count(*) FILTER (WHERE contype = 'p'), count(*) FILTER (WHERE contype = 'f') FROM pg_constraint"
        counts = self.psql(name, "--tuples-only", "--no-align", "--command", count + " WHERE connamespace = 'public'::regnamespace")
        return tuple(map(int, counts.strip().split("|")))
