#!/usr/bin/env bash
# Mutation tests: changes the code of the authorizer and the policy in one place at a time and
# runs the tests. Changes that no test detects are listed in mutants.out/missed.txt of each
# package in target/mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

mutate() {
  local package=$1
  shift
  local files=()
  mkdir -p "target/mutants/$package"
  for file in "$@"; do files+=(--file "$file"); done
  # Without optimization, because compilation takes most of the time, and without the tests that
  # only repeat others with more input.
  cargo mutants --package "$package" "${files[@]}" --output "target/mutants/$package" --timeout 120 \
    --cargo-arg=--config=profile.dev.package.gazette-authorizer.opt-level=0 \
    -- --lib -- --skip altered_tokens --skip fuzz --skip differential --skip atk_28
}

status=0
mutate gazette-authorizer server/authorizer/src/*.rs || status=$?
mutate gazette-domain app/domain/src/{policy,required_scope,caller}.rs || status=$?
exit "$status"
