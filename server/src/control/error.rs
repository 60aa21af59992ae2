//! Errors between a command and the running process.

use std::io;

/// The running process cannot perform a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    /// The socket cannot be used.
    #[error("cannot use {path}: {source}")]
    Socket {
        /// The socket.
        path: String,
        /// The reason.
        source: io::Error,
    },
    /// The path of the socket is too long for the system.
    #[error(
        "the path {0} is too long for a socket (107 bytes); use a data folder with a shorter path"
    )]
    PathTooLong(String),
    /// Something else has the name of the socket.
    #[error("{0} is not a socket; move it away")]
    NotASocket(String),
    /// The other side refused the conversation.
    #[error("{0}")]
    Refused(String),
    /// The running process ended, or broke the protocol.
    #[error("the running gazette ended the connection: {0}")]
    Ended(io::Error),
}
