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
    def __init__(self, url):
        self.server = url

    def sql(self, text):
        result = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.server, "-c", text], capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError(f"{text}: {result.stderr.strip()}")

    def name(self):
        return f"scenario_{os.getpid()}_{next(COUNTER)}"

    def url(self, name):
        parts = urllib.parse.urlsplit(self.server)
        return urllib.parse.urlunsplit(parts._replace(path="/" + name))

    def create(self, template="template0"):
        name = self.name()
        with LOCK:  # two CREATE DATABASE at once disturb each other's template
            self.sql(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return self.url(name)

    def copy(self, url):
        return self.create(urllib.parse.urlsplit(url).path[1:])

    def drop(self, url):
        if url:
            self.sql(f"DROP DATABASE IF EXISTS {urllib.parse.urlsplit(url).path[1:]} WITH (FORCE)")
