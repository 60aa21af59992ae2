#!/usr/bin/env bash
# Brings what this machine lacks, says what it does, and leaves alone what is there.
#
#   scripts/setup.sh site    what building the site needs
#   scripts/setup.sh test    that, and what the browser tests need
#   scripts/setup.sh dev     that, and cargo-leptos
#   scripts/setup.sh fuzz    cargo-fuzz alone
#   scripts/setup.sh mutants cargo-mutants alone
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${XDG_CACHE_HOME:-$HOME/.cache}/gazette"
cargo_leptos_version=0.3.10
cargo_fuzz_version=0.13.2
cargo_mutants_version=27.1.0

say() { printf 'setup: %s\n' "$*"; }

# Tools are compiled for the machine they run on once; speed of compiling them matters more.
install_tool() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_TARGET_DIR="$PWD/target/tools" \
    cargo install --quiet --locked --root "$tools" "$@"
}

has_version() { [ "$("$1" --version 2>/dev/null | awk '{print $2}')" = "$2" ]; }

need() {
  command -v "$1" >/dev/null || { say "$1 is missing: $2" >&2; exit 1; }
}

browser_target() {
  compgen -G "$(rustc --print target-libdir --target wasm32-unknown-unknown)/libstd-*.rlib" >/dev/null && return
  say "the standard library for the browser (up to two minutes)"
  scripts/wasm-target.sh
  # What was compiled against another build of that library cannot be used any more.
  rm -rf target/wasm32-unknown-unknown
}

wasm_bindgen() {
  # The tool and the library must be of the same version, exactly.
  local version
  version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock)
  PATH="$tools/bin:$PATH" has_version wasm-bindgen "$version" && return
  say "wasm-bindgen $version (about two minutes)"
  install_tool wasm-bindgen-cli --version "=$version" --bin wasm-bindgen
}

node_packages() {
  local lock=end2end/package-lock.json
  cmp -s "$lock" end2end/node_modules/.gazette-lock && return
  say "the packages of end2end"
  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error)
  cp "$lock" end2end/node_modules/.gazette-lock
}

browser() {
  command -v chromium >/dev/null && return
  (cd end2end && node -e '
    const { chromium } = require("@playwright/test");
    process.exit(require("fs").existsSync(chromium.executablePath()) ? 0 : 1)') && return
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "Chromium, from the system's packages"
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null
  else
    say "Chromium, from Playwright"
    (cd end2end && npx playwright install chromium)
  fi
}

# For a second opinion on what DynamoDB does; the tests say so when they go without it.
java_runtime() {
  command -v java >/dev/null && return
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    say "Java, from the system's packages"
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends default-jre-headless >/dev/null && return
  fi
  say "there is no Java, so DynamoDB Local is left out of the tests"
}

# For a second opinion on tokens; the test says so when it goes without it.
python_packages() {
  local wanted=end2end/reference/requirements.txt venv=end2end/.venv
  cmp -s "$wanted" "$venv/.gazette-requirements" && return
  say "PyJWT"
  if ! python3 -c 'import ensurepip' 2>/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-venv; } \
      >/dev/null || true
  fi
  if command -v python3 >/dev/null && python3 -m venv --clear "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --only-binary :all: -r "$wanted"; then
    cp "$wanted" "$venv/.gazette-requirements"
  else
    rm -rf "$venv"
    say "there is no Python that can have PyJWT, so it is left out of the tests"
  fi
}

cargo_leptos() {
  PATH="$tools/bin:$PATH" has_version cargo-leptos "$cargo_leptos_version" && return
  say "cargo-leptos $cargo_leptos_version (ten minutes or more)"
  install_tool cargo-leptos --version "=$cargo_leptos_version" --features no_downloads
}

cargo_tool() {
  local name=$1 version=$2
  [ "$(PATH="$tools/bin:$PATH" cargo "${name#cargo-}" --version 2>/dev/null)" = "$name $version" ] && return
  say "$name $version (about two minutes)"
  install_tool "$name" --version "=$version"
}

need cargo "install Rust with rustup"
need cc "install a C compiler, such as gcc"
case "${1:-site}" in
  fuzz) cargo_tool cargo-fuzz "$cargo_fuzz_version"; exit ;;
  mutants) cargo_tool cargo-mutants "$cargo_mutants_version"; exit ;;
esac
need npm "install Node.js 20 or newer"

browser_target
wasm_bindgen
node_packages
case "${1:-site}" in
  site) ;;
  test) browser; java_runtime; python_packages ;;
  dev) browser; cargo_leptos ;;
  *) say "there is no $1; there are site, test, dev, fuzz and mutants" >&2; exit 2 ;;
esac
