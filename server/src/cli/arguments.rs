//! Commands and their arguments.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use super::completions::Shell;
use crate::build_info::BuildInfo;
use crate::config::{Variables, add_flags, given_flags};

/// Path that stands for stdout and stdin.
pub(super) const STANDARD: &str = "-";

/// A news site that a small newsroom runs itself.
#[derive(Debug, Parser)]
#[command(name = "gazette", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

impl Arguments {
    /// Returns the whole command line, with a flag for each setting.
    pub(super) fn complete() -> clap::Command {
        add_flags(Self::command())
    }

    /// Parses the command line into a command and the settings given as flags.
    ///
    /// # Errors
    /// Bad usage, or a request for help or the version.
    pub(super) fn from_command_line(build: BuildInfo) -> Result<(Command, Variables), clap::Error> {
        if is_serve_alone(std::env::args_os()) {
            return Ok((Command::Serve, Variables::default()));
        }
        let complete = Self::complete().version(build.to_string());
        let matches = complete.try_get_matches_from(std::env::args_os())?;
        let arguments = Self::from_arg_matches(&matches)?;
        let command = arguments.command.unwrap_or(Command::Serve);
        let mut flags = given_flags(&matches);
        if matches!(command, Command::Pool)
            && let Some(addr) = flags.remove("GAZETTE_ADDR")
        {
            flags.set("GAZETTE_POOL_ADDR", addr);
        }
        Ok((command, flags))
    }
}

/// Checks for a command line without flags that serves the site. There is nothing to parse in it, and
/// the parser needs a tenth of a start to list every flag of every command.
fn is_serve_alone(mut arguments: impl Iterator<Item = OsString>) -> bool {
    match (arguments.nth(1), arguments.next()) {
        (None, _) => true,
        (Some(command), None) => command == "serve",
        (Some(_), Some(_)) => false,
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serves the site and, by default, the embedded user pool (the default command).
    Serve,
    /// Prints the configuration without its secrets and what to register at the user pool, or
    /// everything for which `serve` would refuse to start.
    CheckConfig {
        /// Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Fills an empty store with sample stories.
    Seed {
        /// Number of stories; by default those that were written for it.
        #[arg(
            long = "articles",
            value_name = "N",
            value_parser = clap::value_parser!(u32).range(1..=1_000_000)
        )]
        stories: Option<u32>,
        /// Seed of the random generator; the same seed makes the same stories.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Adds the stories even if the store is not empty.
        #[arg(long)]
        force: bool,
    },
    /// Imports a folder of Markdown files, or an export of WordPress, Ghost or Gazette; a repeated
    /// import updates the stories.
    Import(super::import::Request),
    /// Exports everything but sessions to a file that `import` reads on any engine, or the stories
    /// to a folder of Markdown files.
    Export {
        /// File to write; an existing one is replaced. `-` is stdout.
        #[arg(value_name = "FILE.ndjson", required_unless_present = "markdown")]
        file: Option<PathBuf>,
        /// Writes the stories, drafts included, to this new or empty folder: one Markdown file each,
        /// with front matter for Hugo and Zola. The trash is left out.
        #[arg(long, value_name = "DIR", conflicts_with = "file", value_parser = PathBufValueParser::new().try_map(folder))]
        markdown: Option<PathBuf>,
    },
    /// Writes a copy of the embedded store, its keys and the uploaded pictures to a file, as they
    /// are at one moment. The site can keep serving.
    Backup {
        /// File to write; an existing one is replaced. `-` is stdout.
        file: PathBuf,
    },
    /// Restores a backup into an empty data folder.
    Restore {
        /// File of `backup`. `-` is stdin.
        file: PathBuf,
    },
    /// Shows who changed what, when, and with which permission.
    Audit(super::audit::Request),
    /// Lists, imports or exports the redirects from old addresses.
    Redirects {
        #[command(subcommand)]
        command: RedirectCommand,
    },
    /// Manages the users of the embedded pool.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Serves the embedded user pool alone, on the address of `--addr`.
    Pool,
    /// Manages the DynamoDB table.
    Table {
        #[command(subcommand)]
        command: TableCommand,
    },
    /// Explains bearer tokens.
    Token {
        #[command(subcommand)]
        command: TokenCommand,
    },
    /// Exits with 0 if the site is ready.
    Healthcheck {
        /// Origin of the site [default: the configured one].
        url: Option<String>,
    },
    /// Prints the description of the HTTP API as `OpenAPI` 3.1.
    Openapi,
    /// Prints completions for a shell: `source <(gazette completions bash)`.
    Completions {
        /// Shell.
        shell: Shell,
    },
}

impl Command {
    /// Returns the file that the command writes, which appears complete or not at all.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Backup { file } => Some(file),
            Self::Export { file, .. }
            | Self::Redirects { command: RedirectCommand::Export { file } } => file.as_ref(),
            _ => None,
        }
        .map(PathBuf::as_path)
        .filter(|file| file.as_os_str() != STANDARD)
    }
}

fn folder(path: PathBuf) -> Result<PathBuf, &'static str> {
    if path.as_os_str() == STANDARD {
        return Err("stdout cannot hold a folder; name one, or ./- for a folder of that name");
    }
    Ok(path)
}

#[derive(Debug, Subcommand)]
pub(super) enum RedirectCommand {
    /// Prints each redirect with its answer and its origin.
    List,
    /// Adds the redirects of a CSV file; a repeated import changes nothing. Names every line that
    /// it could not import, and then exits with 1.
    Import {
        /// File with the header line `from,to,status`: the old path, the new path or https URL, and
        /// 301. With the status 410, for a page that is gone, `to` is empty. At most 64 MiB and
        /// 500,000 rows.
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
        /// Reports what an import would do, and writes nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Writes the redirects to a CSV file that `import` reads; to stdout without a file.
    Export {
        /// File to write; an existing one is replaced. `-` is stdout.
        #[arg(value_name = "FILE.csv")]
        file: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TableCommand {
    /// Creates the configured table and waits until it is active.
    Create,
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Shows each check of a token and what it allows; exits with 0 if the token is accepted.
    Verify {
        /// Token. Without it, it is read from a prompt or stdin, to stay out of the shell history.
        token: Option<String>,
    },
}

#[derive(Clone, Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Creates a user.
    Add {
        /// User name.
        name: String,
        /// Email address; `NAME@example.com` by default.
        #[arg(long)]
        email: Option<String>,
        /// Password of 8 to 256 characters. Without it, it is read from a prompt or stdin, to stay
        /// out of the shell history.
        #[arg(long)]
        password: Option<String>,
        /// Group of the user; can be repeated.
        #[arg(long)]
        group: Vec<String>,
    },
    /// Lists the users and their groups.
    List,
    /// Sets the password of a user and signs them out of the pool.
    Password {
        /// User name.
        name: String,
        /// Password of 8 to 256 characters. Without it, it is read from a prompt or stdin, to stay
        /// out of the shell history.
        #[arg(long)]
        password: Option<String>,
    },
    /// Replaces the groups of a user.
    Group {
        /// User name.
        name: String,
        /// New group; can be repeated. Without any, the user is in no group.
        #[arg(long)]
        group: Vec<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_without_flags_is_what_the_parser_makes_of_it() {
        for (line, expected) in [
            ("gazette", true),
            ("gazette serve", true),
            ("gazette serve --help", false),
            ("gazette --version", false),
            ("gazette pool", false),
        ] {
            assert_eq!(is_serve_alone(line.split(' ').map(OsString::from)), expected, "{line}");
            if expected {
                let parsed = Arguments::try_parse_from(line.split(' ')).expect("a command");
                assert!(matches!(parsed.command, None | Some(Command::Serve)), "{line}");
            }
        }
    }
}
