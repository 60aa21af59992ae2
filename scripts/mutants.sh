#!/usr/bin/env bash
# Mutation tests: changes the code that verifies tokens and decides, one place at a time, and
# runs the tests. Mutants that no test catches are listed in target/mutants/<package>, in
# mutants.out/missed.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

mutate() {
  local package=$1
  shift
  local files=()
  mkdir -p "target/mutants/$package"
  for file in "$@"; do files+=(--file "$file"); done
  # Unoptimized, since most of the time goes into compiling. Tests that only repeat others with
  # more inputs are skipped.
  cargo mutants --package "$package" "${files[@]}" --output "target/mutants/$package" --timeout 120 \
    --cargo-arg=--config=profile.dev.package.gazette-authorizer.opt-level=0 \
    -- --lib -- --skip altered_tokens --skip fuzz --skip differential --skip atk_28
}

status=0
mutate gazette-authorizer server/authorizer/src/*.rs || status=$?
mutate gazette-domain app/domain/src/{action,policy,required_scope,caller,routes}.rs || status=$?
exit "$status"
