//! The `gazette` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    gazette_server::cli::main()
}
