"""Databases on a PostgreSQL server: one for each scenario, made and dropped with psql."""
import itertools
import os
import subprocess
import sys
import threading
import urllib.parse

COUNTER, LOCK = itertools.count(1), threading.Lock()


def server_url(choice):
    """None for SQLite. "postgres" is $ALDIA_TEST_POSTGRES; without it the program starts itself again under a private server."""
    if choice == "sqlite":
        return None
    if choice != "postgres":
        return choice
    if not os.environ.get("ALDIA_TEST_POSTGRES"):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fake", "postgres.sh")
        os.execv("/bin/sh", ["sh", script, "run", sys.executable, *sys.argv])
    return os.environ["ALDIA_TEST_POSTGRES"]


class Database:
    """Databases on one server. Making and dropping one costs a checkpoint, so those given back are emptied and used again."""

    def __init__(self, url):
        self.server, self.free, self.made = url, [], []

    def sql(self, text, url=None):
        result = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url or self.server, "-c", text], capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"{text}: {result.stderr.strip()}")

    def create(self, template="template0"):
        with LOCK:  # two CREATE DATABASE at once disturb each other's template
            if template == "template0" and self.free:
                return self.free.pop()
            name = f"scenario_{os.getpid()}_{next(COUNTER)}"
            self.sql(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
            parts = urllib.parse.urlsplit(self.server)
            self.made.append(urllib.parse.urlunsplit(parts._replace(path="/" + name)))
            return self.made[-1]

    def copy(self, url):
        return self.create(urllib.parse.urlsplit(url).path[1:])

    def give_back(self, url):
        self.sql("SET client_min_messages = error; SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                 "WHERE datname = current_database() AND pid <> pg_backend_pid(); DROP SCHEMA public CASCADE; CREATE SCHEMA public", url)
        with LOCK:
            self.free.append(url)

    def close(self):
        for url in self.made:
            self.sql(f"DROP DATABASE IF EXISTS {urllib.parse.urlsplit(url).path[1:]} WITH (FORCE)")
