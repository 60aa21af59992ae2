//! The side of the running process.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::io::BufReader;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::error::ControlError;
use super::frame::{read_frame, write_frame};
use super::message::{Answer, Call, Hello, Welcome};
use super::operations::Operations;
use super::socket::{listen, socket_path};
use crate::detached;
use crate::listener::Phase;

/// Commands at a time; more wait.
const MAX_COMMANDS: usize = 32;
/// The longest time for the first message.
const MAX_HELLO: Duration = Duration::from_secs(5);
/// Maximum time in which a command reads nothing, because a backup keeps replaced data until its end.
const MAX_STALL: Duration = Duration::from_mins(1);
/// Time without accepting after an error, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_secs(1);
/// Parts of a backup that wait to be sent.
const WAITING_PARTS: usize = 4;

/// The socket of a data folder. Its file is removed when it is dropped.
pub(crate) struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

impl ControlSocket {
    /// Listens. The caller has the store of the folder.
    pub(crate) fn listen(data_folder: &Path) -> Result<Self, ControlError> {
        let path = socket_path(data_folder);
        Ok(Self { listener: listen(&path)?, path })
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // Commands open the store themselves once it is gone; one that stays is replaced.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Performs the calls of commands until the process drains. A call that has begun is finished.
pub(crate) async fn serve(
    socket: ControlSocket,
    operations: Operations,
    mut phases: watch::Receiver<Phase>,
) {
    let mut commands = JoinSet::new();
    loop {
        let has_place = commands.len() < MAX_COMMANDS;
        tokio::select! {
            accepted = socket.listener.accept(), if has_place => match accepted {
                Ok((stream, _)) => {
                    commands.spawn(converse(stream, operations.clone(), phases.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a command");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
            Some(_) = commands.join_next(), if !commands.is_empty() => {}
            () = drained(&mut phases) => break,
        }
    }
    drop(socket);
    while commands.join_next().await.is_some() {}
}

async fn drained(phases: &mut watch::Receiver<Phase>) {
    let _ = phases.wait_for(|phase| *phase >= Phase::Draining).await;
}

async fn converse(stream: UnixStream, operations: Operations, mut phases: watch::Receiver<Phase>) {
    let mut stream = BufReader::new(stream);
    let command = match timeout(MAX_HELLO, welcome(&mut stream, &operations)).await {
        Ok(Ok(Some(command))) => command,
        Ok(Ok(None)) | Err(_) => return,
        Ok(Err(error)) => {
            tracing::warn!(%error, "a command could not be understood");
            return;
        }
    };
    tracing::info!(command, "a command began");
    let outcome = tokio::select! {
        outcome = calls(&mut stream, &operations) => outcome,
        () = drained(&mut phases) => Ok(()),
    };
    match outcome {
        Ok(()) => tracing::info!(command, "a command ended"),
        Err(error) => tracing::info!(command, %error, "a command broke off"),
    }
}

/// Answers the first message. Returns the name of the command, unless it is refused.
async fn welcome(
    stream: &mut BufReader<UnixStream>,
    operations: &Operations,
) -> io::Result<Option<String>> {
    let Some((Hello { gazette, command }, _)) = read_frame(stream).await? else { return Ok(None) };
    let is_same = gazette == operations.build;
    let facts = is_same.then(|| operations.facts.clone());
    let welcome = Welcome { gazette: operations.build.clone(), facts };
    write_frame(stream, &welcome, &[]).await?;
    if !is_same {
        tracing::warn!(command, gazette, "refused a command of another version");
    }
    Ok(is_same.then_some(command))
}

async fn calls(stream: &mut BufReader<UnixStream>, operations: &Operations) -> io::Result<()> {
    while let Some((call, blob)) = read_frame::<Call>(stream).await? {
        if let Call::Backup = call {
            backup(stream, operations).await?;
            continue;
        }
        let operations = operations.clone();
        // A task that a stop or a command that goes away does not cut off.
        let performed = detached::spawn(async move { operations.perform(call, blob).await });
        let (answers, bytes) = performed.await.map_err(io::Error::other)?;
        for answer in answers {
            send(stream, &answer, &bytes).await?;
        }
    }
    Ok(())
}

async fn backup(stream: &mut BufReader<UnixStream>, operations: &Operations) -> io::Result<()> {
    let (parts, mut received) = mpsc::channel::<Bytes>(WAITING_PARTS);
    let backup = operations.backup.clone();
    let writing = tokio::spawn(async move { backup.write(&parts).await });
    while let Some(part) = received.recv().await {
        // Without a receiver the task ends, and with it its snapshot.
        send(stream, &Answer::Part, &part).await?;
    }
    let answer = match writing.await.map_err(io::Error::other)? {
        Ok(()) => Answer::Done,
        Err(error) => Answer::Failed { reason: format!("{error:#}") },
    };
    send(stream, &answer, &[]).await
}

async fn send(
    stream: &mut BufReader<UnixStream>,
    answer: &impl Serialize,
    bytes: &[u8],
) -> io::Result<()> {
    timeout(MAX_STALL, write_frame(stream, answer, bytes))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
