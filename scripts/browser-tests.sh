#!/usr/bin/env bash
# Runs the browser tests in two parts at the same time, each with its own server: one part leaves
# half of two cores idle.
set -euo pipefail
cd "$(dirname "$0")/../end2end"

part() {
  TEST_PART=$1 npx playwright test --shard="$1/2"
}

mkdir -p test-results
part 1 > test-results/part-1.log 2>&1 &
first=$!
failed=0
part 2 || failed=1
wait "$first" || failed=1
cat test-results/part-1.log
exit "$failed"
