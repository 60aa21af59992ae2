//! The file of the socket.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixSocket};

use super::error::ControlError;

/// Name of the socket in the data folder.
const NAME: &str = "gazette.sock";
/// Longest path of a socket on Linux and the BSDs allow even less; the system has the last word.
const MAX_PATH_BYTES: usize = 107;
/// Only the owner may connect, which needs the right to write.
const PRIVATE: u32 = 0o600;
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 16;

/// Returns the path of the socket of a data folder.
pub(super) fn socket_path(data_folder: &Path) -> PathBuf {
    data_folder.join(NAME)
}

/// Listens on the socket of a data folder. A socket that is there was left by a killed process: the
/// caller has the store of the folder, which only one process can have.
pub(super) fn listen(path: &Path) -> Result<UnixListener, ControlError> {
    let failed = |source| ControlError::Socket { path: path.display().to_string(), source };
    if path.as_os_str().len() > MAX_PATH_BYTES {
        return Err(ControlError::PathTooLong(path.display().to_string()));
    }
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => fs::remove_file(path).map_err(failed)?,
        Ok(_) => return Err(ControlError::NotASocket(path.display().to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let socket = UnixSocket::new_stream().map_err(failed)?;
    socket.bind(path).map_err(failed)?;
    // Before it listens: until then every connection is refused.
    fs::set_permissions(path, Permissions::from_mode(PRIVATE)).map_err(failed)?;
    socket.listen(BACKLOG).map_err(failed)
}
