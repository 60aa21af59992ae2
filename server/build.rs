//! Tells the linker which functions a start and common requests run (`link-order.txt`).
//!
//! Beside each other, they take half of the memory and half of the reads from the disk: the system
//! maps 64 KiB around each function that is called. The names contain hashes of the compiler and of
//! the versions of crates. The linker ignores names that a build does not have.
#![expect(clippy::disallowed_methods, reason = "Cargo tells a build script everything so")]

use std::env::var;
use std::path::Path;
use std::process::Command;

const TARGET: &str = "x86_64-unknown-linux-gnu";

fn main() {
    println!("cargo::rerun-if-changed=link-order.txt");
    let is = |name: &str, value: &str| var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release") && is("TARGET", TARGET) && is_linker_lld() {
        let folder = var("CARGO_MANIFEST_DIR").unwrap_or_default();
        for argument in [
            &format!("--symbol-ordering-file={folder}/link-order.txt"),
            "--no-warn-symbol-ordering",
        ] {
            println!("cargo::rustc-link-arg-bin=gazette=-Wl,{argument}");
        }
    }
}

/// Returns whether the compiler links with its own LLD, as it does by default for this target. No
/// other linker has these arguments.
fn is_linker_lld() -> bool {
    let flags = var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let is_default = var("RUSTC_LINKER").is_err()
        && !["linker", "link-arg", "link-self-contained"].iter().any(|flag| flags.contains(flag));
    let mut compiler = Command::new(var("RUSTC").unwrap_or_default());
    let sysroot = compiler.args(["--print", "sysroot"]).output();
    let sysroot = sysroot.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    let lld = format!("lib/rustlib/{TARGET}/bin/gcc-ld/ld.lld");
    is_default && sysroot.is_some_and(|sysroot| Path::new(sysroot.trim()).join(lld).exists())
}
