//! Looks after the embedded pool's users.

use std::io::{BufRead as _, Read as _};

use anyhow::{Result, bail};
use gazette_user_pool::{Directory, NewUser};

use super::arguments::UserCommand;
use super::output::say;
use super::secret_input::ask;
use crate::application::{POOL_ID, open_present_table, open_table};
use crate::clock::Clock;
use crate::config::{Config, PoolConfig};

pub(super) async fn run(config: &Config, command: UserCommand) -> Result<()> {
    if matches!(config.pool, PoolConfig::Cognito(_)) {
        bail!("the users of a Cognito pool are looked after in the pool");
    }
    let clock = Clock::system();
    let table = match command {
        UserCommand::Add { .. } => open_table(&config.store, &clock).await?,
        // Without a store there is nobody to list or change.
        UserCommand::List | UserCommand::Password { .. } | UserCommand::Group { .. } => {
            open_present_table(&config.store, &clock).await?
        }
    };
    let directory = Directory::new(POOL_ID, table, clock.seconds());
    match command {
        UserCommand::Add { name, email, password, group } => {
            let password = given_or_read(password)?;
            let email = email.unwrap_or_else(|| format!("{name}@example.com"));
            let new = NewUser { username: name, email, password, groups: group };
            let user = directory.add_user(new).await?;
            say(format_args!("{} is made, with sub {}", user.username, user.sub));
        }
        UserCommand::List => {
            for user in directory.list_users().await? {
                let groups = user.groups.join(",");
                say(format_args!("{}\t{}\t{}\t{groups}", user.username, user.email, user.sub));
            }
        }
        UserCommand::Password { name, password } => {
            directory.set_password(&name, &given_or_read(password)?).await?;
            say(format_args!("{name} has another password"));
        }
        UserCommand::Group { name, group } => {
            let user = directory.set_groups(&name, group).await?;
            say(format_args!("{} is in: {}", user.username, user.groups.join(", ")));
        }
    }
    Ok(())
}

/// The password that was typed as an argument or at the terminal, else the first line of stdin.
fn given_or_read(password: Option<String>) -> Result<String> {
    if let Some(password) = password {
        return Ok(password);
    }
    if let Some(password) = ask("password")? {
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().lock().take(4_096).read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
