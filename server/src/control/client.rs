//! The side of a command.

use std::io;
use std::path::Path;

use bytes::Bytes;
use tokio::io::BufReader;
use tokio::net::UnixStream;
use tokio::sync::mpsc;

use super::error::ControlError;
use super::frame::{read_frame, write_frame};
use super::message::{Answer, Call, Hello, ServerFacts, Welcome};
use super::socket::socket_path;

/// Answers that wait to be taken.
const MAX_WAITING: usize = 4;

/// A connection to the running process; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    calls: mpsc::Sender<Pending>,
    facts: ServerFacts,
}

/// A call, and where its answers go.
struct Pending {
    call: Call,
    blob: Bytes,
    answers: mpsc::Sender<io::Result<(Answer, Bytes)>>,
    /// Checks whether an answer is the last one.
    has_ended: fn(&Answer) -> bool,
}

/// Connects to the process that has the store of a data folder; `None` if none listens.
///
/// # Errors
/// The process runs but refuses this command, for example because its version differs.
pub(crate) async fn connect(
    data_folder: &Path,
    build: &str,
    command: &str,
) -> Result<Option<Client>, ControlError> {
    let path = socket_path(data_folder);
    let stream = match UnixStream::connect(&path).await {
        Ok(stream) => stream,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(source) => {
            return Err(ControlError::Socket { path: path.display().to_string(), source });
        }
    };
    let mut stream = BufReader::new(stream);
    let hello = Hello { gazette: build.to_owned(), command: command.to_owned() };
    write_frame(&mut stream, &hello, &[]).await.map_err(ControlError::Ended)?;
    let welcome = read_frame::<Welcome>(&mut stream).await.map_err(ControlError::Ended)?;
    let Some((Welcome { gazette, facts }, _)) = welcome else {
        return Err(ControlError::Ended(io::ErrorKind::UnexpectedEof.into()));
    };
    let Some(facts) = facts.filter(|_| gazette == build) else {
        return Err(ControlError::Refused(format!(
            "the running gazette is {gazette}, but this command is {build}; use the same binary, or \
             restart the running one"
        )));
    };
    let (calls, pending) = mpsc::channel(MAX_WAITING);
    tokio::spawn(perform(stream, pending));
    Ok(Some(Client { calls, facts }))
}

/// Nothing listens there: there is no socket, a killed process left it, its path is too long to be
/// one, or it belongs to another file system.
fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, InvalidInput, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | ConnectionRefused | InvalidInput | NotADirectory)
}

impl Client {
    /// Returns the settings of the running process.
    pub(crate) fn facts(&self) -> &ServerFacts {
        &self.facts
    }

    /// Performs a call that has one answer.
    pub(super) async fn call(&self, call: Call, blob: Bytes) -> io::Result<(Answer, Bytes)> {
        let mut answers = self.calls(call, blob, |_| true).await?;
        answers.recv().await.unwrap_or_else(|| Err(ended()))
    }

    /// Performs a call that has several answers, until one for which `has_ended` is true.
    pub(super) async fn calls(
        &self,
        call: Call,
        blob: Bytes,
        has_ended: fn(&Answer) -> bool,
    ) -> io::Result<mpsc::Receiver<io::Result<(Answer, Bytes)>>> {
        let (answers, received) = mpsc::channel(MAX_WAITING);
        let pending = Pending { call, blob, answers, has_ended };
        self.calls.send(pending).await.map_err(|_| ended())?;
        Ok(received)
    }

    /// Receives a backup, part by part.
    pub(crate) async fn backup(
        &self,
        mut take: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let is_last = |answer: &Answer| !matches!(answer, Answer::Part);
        let mut parts = self.calls(Call::Backup, Bytes::new(), is_last).await?;
        while let Some(part) = parts.recv().await {
            match part? {
                (Answer::Part, bytes) => take(&bytes)?,
                (Answer::Done, _) => return Ok(()),
                (Answer::Failed { reason }, _) => anyhow::bail!(reason),
                (other, _) => anyhow::bail!(unexpected(&other)),
            }
        }
        Err(ended().into())
    }
}

/// Performs calls one after the other. A caller that no longer wants its answers does not disturb
/// those of the next one.
async fn perform(mut stream: BufReader<UnixStream>, mut pending: mpsc::Receiver<Pending>) {
    while let Some(next) = pending.recv().await {
        let sent = write_frame(&mut stream, &next.call, &next.blob).await;
        if let Err(error) = sent {
            let _ = next.answers.send(Err(error)).await;
            return;
        }
        loop {
            let answer = match read_frame::<Answer>(&mut stream).await {
                Ok(Some(answer)) => answer,
                Ok(None) => {
                    let _ = next.answers.send(Err(ended())).await;
                    return;
                }
                Err(error) => {
                    let _ = next.answers.send(Err(error)).await;
                    return;
                }
            };
            let is_last = (next.has_ended)(&answer.0);
            let _ = next.answers.send(Ok(answer)).await;
            if is_last {
                break;
            }
        }
    }
}

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the running gazette stopped")
}

/// Describes an answer that does not fit its call.
pub(super) fn unexpected(answer: &Answer) -> String {
    format!("the running gazette gave an unexpected answer: {answer:?}")
}
