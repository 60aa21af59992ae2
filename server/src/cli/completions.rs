//! Completions of the commands and their flags for shells.
//!
//! Names only, which needs no library: a command's values are files, numbers and texts.

use std::fmt::Write as _;

use clap::{Command, ValueEnum};

use super::output::print_line;

/// Shell with completions.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Shell {
    /// GNU Bash.
    Bash,
    /// Fish.
    Fish,
    /// Z shell.
    Zsh,
}

/// Prints the completions of a command line for a shell.
pub(super) fn print(shell: Shell, command: &Command) {
    print_line(script(shell, command).trim_end());
}

/// The words that may follow a command: its subcommands, and the flags.
struct Words {
    /// Names of the commands before them.
    path: String,
    commands: Vec<(String, String)>,
    flags: Vec<(String, String)>,
}

fn script(shell: Shell, command: &Command) -> String {
    let mut all = Vec::new();
    collect(command, "", &mut all);
    match shell {
        Shell::Bash => bash(&all),
        Shell::Zsh => format!("autoload -U +X bashcompinit && bashcompinit\n{}", bash(&all)),
        Shell::Fish => fish(&all),
    }
}

fn collect(command: &Command, path: &str, all: &mut Vec<Words>) {
    let first_line = |text: Option<&clap::builder::StyledStr>| {
        let text = text.map(ToString::to_string).unwrap_or_default();
        text.lines().next().unwrap_or_default().to_owned()
    };
    let visible = || command.get_subcommands().filter(|command| !command.is_hide_set());
    let commands =
        visible().map(|command| (command.get_name().to_owned(), first_line(command.get_about())));
    let flags = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let flags = flags.filter_map(|argument| {
        Some((format!("--{}", argument.get_long()?), first_line(argument.get_help())))
    });
    all.push(Words { path: path.to_owned(), commands: commands.collect(), flags: flags.collect() });
    for command in visible() {
        let path = format!("{path} {}", command.get_name());
        collect(command, path.trim_start(), all);
    }
}

fn bash(all: &[Words]) -> String {
    let mut text = "_gazette() {\n  local word path=\"\" i\n  COMPREPLY=()\n  \
         for ((i = 1; i < COMP_CWORD; i++)); do\n    word=${COMP_WORDS[i]}\n    \
         case \"$path $word\" in\n"
        .to_owned();
    for words in all.iter().filter(|words| !words.path.is_empty()) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "      \" {0}\") path=\" {0}\" ;;", words.path);
    }
    text.push_str("    esac\n  done\n  case \"$path\" in\n");
    for words in all {
        let separator = if words.path.is_empty() { "" } else { " " };
        let own = words.commands.iter().chain(&words.flags).map(|(name, _)| name.as_str());
        let own: Vec<_> = own.collect();
        let _ = writeln!(text, "    \"{separator}{}\") word=\"{}\" ;;", words.path, own.join(" "));
    }
    text.push_str(
        "  esac\n  COMPREPLY=($(compgen -W \"$word\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n\
         complete -o default -F _gazette gazette\n",
    );
    text
}

fn fish(all: &[Words]) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let mut text = String::new();
    for words in all {
        let names: Vec<_> = words.commands.iter().map(|(name, _)| name.as_str()).collect();
        let mut condition = match words.path.split(' ').next_back() {
            Some("") | None => String::new(),
            Some(name) => format!("__fish_seen_subcommand_from {name}; and "),
        };
        let _ = write!(condition, "not __fish_seen_subcommand_from {}", names.join(" "));
        if names.is_empty() {
            condition = condition.split("; and ").next().unwrap_or_default().to_owned();
        }
        for (name, about) in &words.commands {
            let (condition, about) = (quoted(&condition), quoted(about));
            let _ = writeln!(text, "complete -c gazette -n {condition} -a {name} -d {about}");
        }
        for (flag, about) in &words.flags {
            let (condition, about) = (quoted(&condition), quoted(about));
            let flag = flag.trim_start_matches('-');
            let _ = writeln!(text, "complete -c gazette -n {condition} -l {flag} -d {about}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> Command {
        let user = Command::new("user").subcommand(Command::new("add").about("Creates a user."));
        let flag = clap::Arg::new("title").long("title").help("The site's name");
        Command::new("gazette").arg(flag).subcommand(user)
    }

    /// Completes words in bash.
    fn completed(words: &[&str]) -> String {
        let script = script(Shell::Bash, &command());
        let list = words.join(" ");
        let last = words.len() - 1;
        let run = format!(
            "{script}\nCOMP_WORDS=({list} \"\")\nCOMP_CWORD={}\n_gazette\necho \"${{COMPREPLY[*]}}\"",
            last + 1
        );
        let output = std::process::Command::new("bash").arg("-c").arg(run).output();
        String::from_utf8(output.expect("bash runs").stdout).expect("text").trim().to_owned()
    }

    #[test]
    fn bash_completes_commands_their_commands_and_flags() {
        assert_eq!(completed(&["gazette"]), "user --title");
        assert_eq!(completed(&["gazette", "user"]), "add");
        assert_eq!(completed(&["gazette", "--title", "x", "user"]), "add");
        assert_eq!(completed(&["gazette", "user", "add"]), "");
    }

    #[test]
    fn fish_gets_descriptions() {
        let script = script(Shell::Fish, &command());
        assert!(script.contains("-l title -d 'The site\\'s name'"), "{script}");
        assert!(script.contains("-n '__fish_seen_subcommand_from user; and not __fish_seen_subcommand_from add' -a add"), "{script}");
    }
}
