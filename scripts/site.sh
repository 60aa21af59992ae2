#!/usr/bin/env bash
# Builds the browser assets into target/site, as `cargo leptos build --release` does: the
# WebAssembly of the browser package with its JavaScript, the style sheet and the public files.
set -euo pipefail
cd "$(dirname "$0")/.."

PATH="${XDG_CACHE_HOME:-$HOME/.cache}/gazette/bin:$PWD/end2end/node_modules/.bin:$PATH"
wasm=target/wasm32-unknown-unknown/wasm-release/gazette_browser.wasm
site=target/site
work=target/site-work

cargo build --package gazette-browser --lib --target wasm32-unknown-unknown --profile wasm-release
mkdir -p "$site/pkg"
if [ ! -f "$site/pkg/gazette.wasm" ] || [ "$wasm" -nt "$site/pkg/gazette.wasm" ]; then
  rm -rf "$work"
  wasm-bindgen --target web --no-typescript --out-dir "$work" --out-name gazette "$wasm"
  wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
    --enable-mutable-globals --enable-reference-types --enable-multivalue \
    "$work/gazette_bg.wasm" -o "$work/gazette.wasm"
  mv "$work/gazette.js" "$work/gazette.wasm" "$site/pkg/"
fi
lightningcss --minify style/main.css --output-file "$site/pkg/gazette.css"
cp -R public/. "$site/"
node scripts/compress.mjs "$site"
