#!/usr/bin/env bash
# Mutation tests: changes the code that verifies and decides, one place at a time, and looks
# whether a test minds. What nobody minded stands in mutants.out/missed.txt of each package in
# target/mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

mutate() {
  local package=$1
  shift
  local files=()
  mkdir -p "target/mutants/$package"
  for file in "$@"; do files+=(--file "$file"); done
  # Unoptimised, since compiling is most of the work; without the tests that only try more of
  # the same.
  cargo mutants --package "$package" "${files[@]}" --output "target/mutants/$package" --timeout 120 \
    --cargo-arg=--config=profile.dev.package.gazette-authorizer.opt-level=0 \
    -- --lib -- --skip million --skip fuzz --skip differential --skip atk_28
}

status=0
mutate gazette-authorizer server/authorizer/src/*.rs || status=$?
mutate gazette-domain app/domain/src/{policy,required_scope,caller}.rs || status=$?
exit "$status"
