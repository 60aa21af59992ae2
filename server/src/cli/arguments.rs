//! What can be typed.

use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::config::Settings;

/// A news site that a small newsroom runs itself.
#[derive(Debug, Parser)]
#[command(name = "gazette", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) settings: Settings,
}

impl Arguments {
    /// Reads the command line, or ends the process with what is wrong with it.
    pub(super) fn from_command_line() -> Self {
        let matches = Self::command().get_matches();
        let mut arguments = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        // Serving the pool alone, the address that is typed can only be the pool's.
        let typed = matches.subcommand_matches("pool").and_then(|pool| pool.value_source("addr"));
        if typed == Some(ValueSource::CommandLine) {
            arguments.settings.pool_addr = arguments.settings.addr.take();
        }
        arguments
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serves the site and, by default, the embedded user pool (the default command).
    Serve,
    /// Prints the configuration with secrets redacted, or all its faults.
    CheckConfig,
    /// Fills an empty store with sample stories.
    Seed {
        /// How many stories.
        #[arg(long = "articles", default_value_t = 26, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        stories: u32,
        /// The same seed tells the same stories.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Also when the store is not empty.
        #[arg(long)]
        force: bool,
    },
    /// Imports a folder of Markdown files, or an export; again updates instead of doubling.
    Import {
        /// The folder, or the file of an export.
        path: PathBuf,
        /// Says what would come in, and writes nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Writes everything but sessions to a file that `import` reads, on either engine.
    Export {
        /// The file, which is replaced.
        #[arg(value_name = "FILE.ndjson")]
        file: PathBuf,
    },
    /// Looks after the embedded pool's users, while the server is stopped.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Serves the embedded user pool alone; `--addr` is then its address.
    Pool,
    /// Looks after the DynamoDB table.
    Table {
        #[command(subcommand)]
        command: TableCommand,
    },
    /// Explains bearer tokens.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Exits with 0 when the site is ready.
    Healthcheck {
        /// The site's origin [default: the configured one].
        url: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TableCommand {
    /// Makes the table that the configuration names and waits until it is active.
    Create,
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Shows each check a token passes or fails and what it allows; exits with 0 if it is good.
    Verify {
        /// The token; asked for or read from stdin when absent, to stay out of the shell's history.
        token: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Makes a user.
    Add {
        /// The name to sign in with.
        name: String,
        /// The address; `NAME@example.com` when absent.
        #[arg(long)]
        email: Option<String>,
        /// 8 to 256 characters; asked for or read from stdin when absent: not for the history.
        #[arg(long)]
        password: Option<String>,
        /// May stand several times.
        #[arg(long)]
        group: Vec<String>,
    },
    /// Lists the users and their groups.
    List,
    /// Gives a user another password; signs them out of the pool.
    Password {
        /// Who.
        name: String,
        /// 8 to 256 characters; asked for or read from stdin when absent: not for the history.
        #[arg(long)]
        password: Option<String>,
    },
    /// Puts a user into exactly these groups.
    Group {
        /// Who.
        name: String,
        /// May stand several times; none at all takes every group away.
        #[arg(long)]
        group: Vec<String>,
    },
}
