#!/usr/bin/env bash
# Puts what `make lambda` built where deploy/aws/template.yaml looks for it.
set -euo pipefail
cd "$(dirname "$0")/.."

build=deploy/aws/build
rm -rf "$build"
mkdir -p "$build/site" "$build/authorizer"
cp target/release/gazette "$build/site/bootstrap"
cp -R target/site "$build/site/site"
cp target/release/gazette-lambda-authorizer "$build/authorizer/bootstrap"

# Functions on provided.al2023 run with glibc 2.34.
if command -v objdump >/dev/null; then
  for file in "$build"/*/bootstrap; do
    needed=$(objdump -T "$file" | grep -o 'GLIBC_2\.[0-9]*' | sort -uV | tail -1)
    if [ "$(printf '%s\n' "$needed" GLIBC_2.34 | sort -V | tail -1)" != GLIBC_2.34 ]; then
      echo "lambda: $file needs $needed, but AWS Lambda has GLIBC_2.34; build on an older system, or in its container" >&2
      exit 1
    fi
  done
fi
du -sh "$build"/*
echo "lambda: built for $(uname -m) (Architecture: $([ "$(uname -m)" = x86_64 ] && echo x86_64 || echo arm64))"
