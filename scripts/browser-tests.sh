#!/usr/bin/env bash
# Runs the browser tests in parts, two at a time, each with its own server. Three at a time on two cores made tests time out.
set -euo pipefail
cd "$(dirname "$0")/../end2end"
export PARTS=6

part() {
  local log=test-results/part-$1.log
  TEST_PART=$1 npx playwright test --shard="$1/$PARTS" > "$log" 2>&1 || mv "$log" "test-results/failed-part-$1.log"
}
export -f part

mkdir -p test-results
rm -f test-results/*part-*.log
seq "$PARTS" | xargs --max-procs 2 --replace=NUMBER bash -c 'part NUMBER'
shopt -s nullglob
failed=(test-results/failed-part-*.log)
# Failed parts come last: a log may be cut at its start.
for log in test-results/part-*.log "${failed[@]}"; do
  cat "$log"
done
for log in "${failed[@]}"; do
  echo "$log:"
  grep --extended-regexp --max-count=20 '^ +[0-9]+\) |^ +(Test timeout|[A-Za-z]*Error:)' "$log" || tail -n 15 "$log"
done
[ "${#failed[@]}" -eq 0 ]
