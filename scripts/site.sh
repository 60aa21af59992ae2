#!/usr/bin/env bash
# Builds the browser assets into target/site, as `cargo leptos build --release` does: the
# WebAssembly of the browser package with its JavaScript, the style sheet and the public files.
set -euo pipefail
cd "$(dirname "$0")/.."

PATH="${XDG_CACHE_HOME:-$HOME/.cache}/gazette/bin:$PWD/end2end/node_modules/.bin:$PATH"
site=target/site
built=target/wasm32-unknown-unknown/wasm-release/gazette_browser.wasm
features=(--enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext
  --enable-mutable-globals --enable-reference-types --enable-multivalue)
mkdir -p "$site/pkg" target/site-work

# Builds the module of that name, with the features of the browser package.
module() {
  local name=$1 work=target/site-work/$1
  shift
  cargo build --package gazette-browser --lib --target wasm32-unknown-unknown --profile wasm-release "$@"
  cmp -s "$built" "$work.wasm" && [ -f "$site/pkg/$name.wasm" ] && return
  rm -rf "$work"
  wasm-bindgen --target web --no-typescript --out-dir "$work" --out-name "$name" "$built"
  node scripts/unused-exports.mjs "$work/$name.js" "$work/${name}_bg.wasm" "$work/exports.json"
  wasm-metadce "${features[@]}" "$work/${name}_bg.wasm" --graph-file "$work/exports.json" \
    -o "$work/called.wasm" > /dev/null
  wasm-opt -Oz --converge "${features[@]}" "$work/called.wasm" -o "$work/$name.wasm"
  mv "$work/$name.js" "$work/$name.wasm" "$site/pkg/"
  cp "$built" "$work.wasm"
}

module gazette
module newsroom --no-default-features --features newsroom
lightningcss --minify style/main.css --output-file "$site/pkg/gazette.css"
lightningcss --minify style/newsroom.css --output-file "$site/pkg/newsroom.css"
cp -R public/. "$site/"
node scripts/compress.mjs "$site"
