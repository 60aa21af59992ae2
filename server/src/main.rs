//! The `gazette` binary.

use std::process::ExitCode;

/// Commit of a build by `make`; here, so that a new commit rebuilds this file only.
const COMMIT: Option<&str> = option_env!("GAZETTE_COMMIT");

fn main() -> ExitCode {
    gazette_server::cli::main(COMMIT)
}
