//! Manages the users of the embedded pool.

use std::io::{BufRead as _, Read as _};

use anyhow::{Result, bail};
use gazette_user_pool::{Directory, NewUser};

use super::arguments::UserCommand;
use super::operator::Operator;
use super::output::print_line;
use super::prompt::prompt_secret;
use crate::application::POOL_ID;

pub(super) async fn run(mut operator: Operator<'_>, command: UserCommand) -> Result<()> {
    if !operator.has_own_pool() {
        bail!("GAZETTE_POOL is cognito: manage its users in Amazon Cognito");
    }
    let table = match command {
        UserCommand::Add { .. } => operator.open().await?,
        // Without a store there are no users to list or change.
        UserCommand::List | UserCommand::Password { .. } | UserCommand::Group { .. } => {
            operator.open_present().await?
        }
    };
    let directory = Directory::new(POOL_ID, table, operator.clock.seconds());
    match command {
        UserCommand::Add { name, email, password, group } => {
            let password = read_password(password)?;
            let email = email.unwrap_or_else(|| format!("{name}@example.com"));
            let new = NewUser { username: name, email, password, groups: group };
            let user = directory.add_user(new).await?;
            print_line(format_args!("created {} with sub {}", user.username, user.sub));
        }
        UserCommand::List => {
            for user in directory.list_users().await? {
                let groups = user.groups.join(",");
                print_line(format_args!(
                    "{}\t{}\t{}\t{groups}",
                    user.username, user.email, user.sub
                ));
            }
        }
        UserCommand::Password { name, password } => {
            directory.set_password(&name, &read_password(password)?).await?;
            print_line(format_args!("changed the password of {name}"));
        }
        UserCommand::Group { name, group } => {
            let user = directory.set_groups(&name, group).await?;
            print_line(format_args!("groups of {}: {}", user.username, user.groups.join(", ")));
        }
    }
    Ok(())
}

/// Returns the password of the argument, of the prompt, or of the first line of stdin.
fn read_password(password: Option<String>) -> Result<String> {
    if let Some(password) = password {
        return Ok(password);
    }
    if let Some(password) = prompt_secret("password")? {
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().lock().take(4_096).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
