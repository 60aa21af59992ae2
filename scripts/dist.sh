#!/usr/bin/env bash
# Builds target/dist/gazette-VERSION-TARGET.tar.gz: the binary and the browser assets, with no trace of the folder and
# the time of the build, so that two builds of a commit have the same SHA-256. Beside it: its SBOM and SHA256SUMS.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(rustc -vV | sed -n 's/^host: //p')
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
name=gazette-$version-$target
dist=target/dist
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)

cargo_home=${CARGO_HOME:-$HOME/.cargo}
export RUSTFLAGS="--remap-path-prefix=$PWD=/gazette --remap-path-prefix=$cargo_home=/cargo --remap-path-prefix=$(rustc --print sysroot)=/rust"
# C code of crates has paths too.
export CFLAGS="-ffile-prefix-map=$PWD=/gazette -ffile-prefix-map=$cargo_home=/cargo"
# A folder of its own: other flags would rebuild everything else.
cargo build --release --locked --package gazette-server --target-dir target/dist-build

rm -rf "${dist:?}/$name"
mkdir -p "$dist/$name/bin"
cp target/dist-build/release/gazette "$dist/$name/bin/"
cp -R target/site "$dist/$name/site"
cp -R deploy LICENSE-APACHE LICENSE-MIT README.md "$dist/$name/"
rm -rf "$dist/$name/deploy/aws/build"
python3 scripts/sbom.py "$dist/$name.cdx.json"

tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=go=u-w,a-s \
  -C "$dist" -cf - "$name" | gzip -9n >"$dist/$name.tar.gz"
(cd "$dist" && sha256sum "$name.tar.gz" "$name.cdx.json" >SHA256SUMS && cat SHA256SUMS)
