"""Sends the same checks to this user pool and to other local ones, and prints a table.

    scoreboard.py                    starts the pools that scripts/setup.sh scoreboard installed
    scoreboard.py --only NAME        starts one of them: gazette, moto, cognito-local, ministack
    scoreboard.py --ours ORIGIN      checks a running Gazette pool; no tables
    scoreboard.py --list             lists the rows with their sources
    scoreboard.py --failures NAME    prints why rows fail, too
    scoreboard.py --replay FILE ...  replays captures of Cognito against this pool; see docs/user-pool.md

Exits with 1 if this pool fails a must row, or differs from a capture.
"""

import argparse
import datetime
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "reference"))

import pools
import replay
from pool import ApiError, Pool
from rows import ROWS
from wire import Absent
import rows_oauth, rows_tokens, rows_api  # noqa: E401, F401  They register their rows.

OURS = "gazette"


def run(pool, log=None):
    """Returns the result of each row: None, or why it failed, or Absent."""
    results = []
    for row in ROWS:
        try:
            row.check(pool)
            result = None
        except Absent as missing:
            result = missing
        except (AssertionError, ApiError, OSError) as error:
            result = str(error) or type(error).__name__
        except Exception as error:  # A shape that no check foresaw.
            result = f"{type(error).__name__}: {error}"
        results.append(result)
        if log and result is not None:
            print(f"  {log}: {row.area}: {row.name}: {result}", flush=True)
    return results


def mark(result):
    return "ok" if result is None else "–" if isinstance(result, Absent) else "FAIL"


def table(boards):
    names = list(boards)
    width = max(len(row.name) for row in ROWS) + 2
    print(f"{'':<{width + 8}}" + "".join(f"{name:>15}" for name in names))
    area = None
    for index, row in enumerate(ROWS):
        if row.area != area:
            area = row.area
            print(f"\n{area}")
        kind = "must  " if row.must else "should"
        print(f"  {kind}{row.name:<{width}}" + "".join(f"{mark(boards[name][index]):>15}" for name in names))
    print("\nPassed, by area")
    for area in dict.fromkeys(row.area for row in ROWS):
        places = [index for index, row in enumerate(ROWS) if row.area == area]
        line(area, places, boards, width)
    every = range(len(ROWS))
    line("must rows", [i for i in every if ROWS[i].must], boards, width)
    line("should rows", [i for i in every if not ROWS[i].must], boards, width)
    line("failed", every, boards, width, lambda result: mark(result) == "FAIL")
    line("no such operation or endpoint", every, boards, width, lambda result: mark(result) == "–")


def line(name, places, boards, width, counts=lambda result: result is None):
    cells = [f"{sum(counts(results[i]) for i in places)} of {len(places)}" for results in boards.values()]
    print(f"  {name:<{width + 6}}" + "".join(f"{cell:>15}" for cell in cells))


def verdict(results):
    """Prints the rows that this pool fails; returns the number of must rows among them."""
    failed = [(row, result) for row, result in zip(ROWS, results) if result is not None]
    for row, result in failed:
        why = f"missing: {result}" if isinstance(result, Absent) else result
        print(f"FAIL {'must' if row.must else 'should'}: {row.area}: {row.name} ({row.source}): {why}")
    must = sum(row.must for row, _ in failed)
    total = sum(row.must for row in ROWS)
    print(f"{OURS}: {total - must} of {total} must rows, {len(ROWS) - len(failed)} of {len(ROWS)} rows")
    return must


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", metavar="ORIGIN")
    parser.add_argument("--only", action="append")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--failures", action="append", default=[])
    parser.add_argument("--replay", nargs="+", metavar="FILE")
    arguments = parser.parse_args()
    if arguments.list:
        for row in ROWS:
            print(f"{'must' if row.must else 'should'}\t{row.area}\t{row.name}\t{row.source}")
        return 0
    if arguments.ours:
        pool = Pool(OURS, arguments.ours, "local_gazette")
        return int(bool(verdict(run(pool))) | replay.run(pool, replay.captures(arguments.replay)))
    if arguments.replay:
        with pools.start(OURS) as pool:
            return int(replay.run(pool, replay.captures(arguments.replay)))
    print(f"Rows: {len(ROWS)}, of them must {sum(row.must for row in ROWS)}. "
          f"Date: {datetime.date.today()}.")
    boards = {}
    for name in arguments.only or pools.NAMES:
        try:
            with pools.start(name) as pool:
                start = time.monotonic()
                print(f"{name} {pool.version}", end="", flush=True)
                boards[name] = run(pool, name if name in arguments.failures else None)
                print(f": {time.monotonic() - start:.0f} s", flush=True)
        except pools.NotInstalled as reason:
            if name == OURS:
                raise SystemExit(f"{name}: {reason}") from None
            print(f"{name}: skipped, {reason}")
    print("ok: as Cognito; FAIL: otherwise; –: no such operation or endpoint\n")
    table(boards)
    print()
    return int(OURS in boards and verdict(boards[OURS]) > 0)


if __name__ == "__main__":
    sys.exit(main())
