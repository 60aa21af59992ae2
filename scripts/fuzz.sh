#!/usr/bin/env bash
# Fuzzes the authorizer: each target for SECONDS_EACH seconds, starting with the corpus in the
# repository. New inputs are stored in target/fuzz. A crash ends the run, and its input is
# stored in server/authorizer/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
found="$PWD/target/fuzz"
cd server/authorizer/fuzz

seconds="${SECONDS_EACH:-60}"
targets="${TARGETS:-authorization compact header payload key_set}"

# cargo-fuzz needs flags of the nightly compiler.
if rustup run nightly rustc --version >/dev/null 2>&1; then
  export RUSTUP_TOOLCHAIN=nightly
else
  export RUSTC_BOOTSTRAP=1
fi
for target in $targets; do
  mkdir -p "$found/corpus/$target"
  # Leak detection needs ptrace, which may be forbidden; the code has no `unsafe`.
  cargo fuzz run --target-dir "$found/build" "$target" "$found/corpus/$target" "corpus/$target" -- \
    -max_total_time="$seconds" -max_len=16384 -timeout=5 -rss_limit_mb=1024 -detect_leaks=0 -print_final_stats=1
done
