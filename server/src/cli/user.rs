//! Manages the users of the embedded pool.

use std::io::{BufRead as _, Read as _};

use anyhow::{Result, bail};
use gazette_user_pool::{Directory, NewUser};

use super::arguments::UserCommand;
use super::output::print_line;
use super::prompt::prompt_secret;
use crate::application::POOL_ID;
use crate::clock::Clock;
use crate::config::{ActivePool, Config};
use crate::store::{open_present_table, open_table};

pub(super) async fn run(config: &Config, command: UserCommand) -> Result<()> {
    if matches!(config.pool.active(), ActivePool::Cognito(_)) {
        bail!("GAZETTE_POOL is cognito: manage its users in Amazon Cognito");
    }
    let clock = Clock::system();
    let table = match command {
        UserCommand::Add { .. } => open_table(&config.store, &clock).await?,
        // Without a store there are no users to list or change.
        UserCommand::List | UserCommand::Password { .. } | UserCommand::Group { .. } => {
            open_present_table(&config.store, &clock).await?
        }
    };
    let directory = Directory::new(POOL_ID, table, clock.seconds());
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
