#!/usr/bin/env bash
# Runs the browser tests in parts at the same time, each with its own server: a part mostly waits,
# and leaves most of a core idle.
set -euo pipefail
cd "$(dirname "$0")/../end2end"
PARTS=3

part() {
  TEST_PART=$1 npx playwright test --shard="$1/$PARTS" > "test-results/part-$1.log" 2>&1
}

mkdir -p test-results
processes=()
for number in $(seq "$PARTS"); do
  part "$number" &
  processes+=("$!")
done
failed=0
for process in "${processes[@]}"; do
  wait "$process" || failed=1
done
for number in $(seq "$PARTS"); do
  cat "test-results/part-$number.log"
done
exit "$failed"
