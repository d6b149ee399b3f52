"""Alembic's own command line, called again and again in one process.

Reads a line of JSON for each call, ``{"argv": [...], "cwd": "...", "url": "..."}``, and answers with a line,
``{"exitCode": 0, "stdout": "...", "stderr": "..."}``.
"""
import io
import json
import os
import sys
import traceback

answers = sys.stdout
# Alembic keeps the standard output of the time when it was imported, and asks it for its encoding.
sys.stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
sys.stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")

from alembic.config import CommandLine  # noqa: E402


def call(argv):
    try:
        CommandLine(prog="alembic").main(argv)
    except SystemExit as end:
        # Alembic's own refusals; their text is on standard output.
        return end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def taken(stream):
    stream.seek(0)
    text = stream.read()
    stream.seek(0)
    stream.truncate()
    return text


# Alembic 1.8 takes the files as the file system lists them; later ones sort their names, and so do we.
list_folder = os.listdir
os.listdir = lambda *path: sorted(list_folder(*path))

sys.dont_write_bytecode = True
for line in sys.stdin:
    request = json.loads(line)
    os.chdir(request["cwd"])
    os.environ["DATABASE_URL"] = request["url"]
    exit_code = call(request["argv"])
    answer = {"exitCode": exit_code, "stdout": taken(sys.stdout), "stderr": taken(sys.stderr)}
    print(json.dumps(answer), file=answers, flush=True)
