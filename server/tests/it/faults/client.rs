//! A server as a process, what it uses of the system, and raw requests to it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::server_process::{serving, start, terminate};

/// Longest time in which an answer is waited for.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// A server that stops at the end of a test.
pub(super) struct Server {
    process: Child,
    pub(super) url: String,
    pub(super) address: SocketAddr,
    _folder: TempDir,
}

impl Server {
    pub(super) fn start() -> Self {
        Self::start_with(|command| command)
    }

    /// Starts a server with a changed command.
    pub(super) fn start_with(change: impl FnOnce(Command) -> Command) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = change(serving(folder.path()));
        let (process, url) = start(command.stderr(Stdio::null()));
        let port = url.rsplit(':').next().expect("a port").parse().expect("a number");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self { process, url, address, _folder: folder }
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(TIME_LIMIT)).expect("a time limit");
        stream.set_write_timeout(Some(TIME_LIMIT)).expect("a time limit");
        stream
    }

    /// Connects from an address of loopback, as one of many clients.
    pub(super) fn connect_from(&self, number: usize) -> TcpStream {
        let host = u8::try_from(number % 200 + 1).expect("a byte");
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        let source = SocketAddr::from((Ipv4Addr::new(127, 1, 1, host), 0));
        socket.bind(&source.into()).expect("an address of loopback");
        socket.connect(&self.address.into()).expect("a connection");
        socket.set_read_timeout(Some(TIME_LIMIT)).expect("a time limit");
        socket.into()
    }

    /// Sends bytes and returns everything that comes back until the server closes.
    pub(super) fn exchange(&self, bytes: &[u8]) -> Vec<Response> {
        let mut client = self.connect();
        // The server may refuse and close before it has read all of it.
        let _ = client.write_all(bytes);
        responses(&mut client)
    }

    /// Requests a path on a connection of its own; returns the status and the time it took.
    pub(super) fn get(&self, path: &str) -> (u16, Duration) {
        let start = Instant::now();
        let answers = self.exchange(&get_request(path, "Connection: close\r\n"));
        (answers.first().map_or(0, |answer| answer.status), start.elapsed())
    }

    pub(super) fn is_running(&mut self) -> bool {
        self.process.try_wait().expect("its state").is_none()
    }

    /// Returns a number from the file `status` of the process, such as `VmRSS` in KiB.
    pub(super) fn status(&self, name: &str) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let text = text.expect("the process runs");
        let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
        let number = line.trim_start_matches(':').split_whitespace().next();
        number.and_then(|number| number.parse().ok()).expect("a number")
    }

    /// Changes the limit of open files, and returns what it was.
    pub(super) fn limit_open_files(&self, limit: Rlimit) -> Rlimit {
        let id = i32::try_from(self.process.id()).expect("an id");
        prlimit(Pid::from_raw(id), Resource::Nofile, limit).expect("a limit")
    }

    /// Returns the number of connections from clients that the server has accepted and not closed.
    ///
    /// Fields by `proc_pid_net(5)`: address and port in hexadecimal, and an inode, which is 0 for a
    /// connection that no process has a file of.
    pub(super) fn connections(&self) -> usize {
        const LISTENS: &str = "0A";
        let table = std::fs::read_to_string(format!("/proc/{}/net/tcp", self.process.id()));
        let address = format!("0100007F:{:04X}", self.address.port());
        let is_accepted = |line: &&str| {
            let fields: Vec<_> = line.split_whitespace().collect();
            fields[1] == address && fields[3] != LISTENS && fields[9] != "0"
        };
        table.expect("the process runs").lines().skip(1).filter(is_accepted).count()
    }

    /// Returns the time that the process has used of the processors.
    pub(super) fn processor_time(&self) -> Duration {
        const TICKS_PER_SECOND: u64 = 100;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()));
        let stat = stat.expect("the process runs");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split(' ').collect();
        let ticks = |index: usize| fields[index].parse::<u64>().expect("a number");
        // Fields 14 and 15 of the file: user and system time.
        Duration::from_millis((ticks(12) + ticks(13)) * 1_000 / TICKS_PER_SECOND)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.is_running() {
            terminate(&self.process);
        }
        let _ = self.process.wait();
    }
}

/// Returns a command that runs another one under limits of the shell.
pub(super) fn limited(command: &Command, limits: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().arg("-c").arg(format!("{limits} && exec \"$0\" \"$@\""));
    shell.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        shell.env(name, value.expect("a value"));
    }
    shell
}

/// A response, read to its end.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

pub(super) fn get_request(path: &str, lines: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n").into_bytes()
}

/// Reads until the server closes the connection, and returns the final responses in order.
pub(super) fn responses(client: &mut TcpStream) -> Vec<Response> {
    let mut bytes = Vec::new();
    // A reset is an end, too.
    let _ = client.read_to_end(&mut bytes);
    let mut rest = bytes.as_slice();
    let mut found = Vec::new();
    while let Some(response) = next_response(&mut rest) {
        found.push(response);
    }
    found.retain(|response| response.status >= 200);
    found
}

fn next_response(bytes: &mut &[u8]) -> Option<Response> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    *bytes = &bytes[end + 4..];
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let body = match length.and_then(|length| length.parse::<usize>().ok()) {
        _ if status < 200 => Vec::new(),
        Some(length) => take(bytes, length),
        None if head.contains("transfer-encoding: chunked") => chunks(bytes),
        None => Vec::new(),
    };
    Some(Response { status, head, body: String::from_utf8_lossy(&body).into_owned() })
}

fn take(bytes: &mut &[u8], length: usize) -> Vec<u8> {
    let (taken, rest) = bytes.split_at(length.min(bytes.len()));
    *bytes = rest;
    taken.to_vec()
}

fn chunks(bytes: &mut &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = bytes.windows(2).position(|window| window == b"\r\n") {
        let size = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let Ok(size) = usize::from_str_radix(&size, 16) else { break };
        *bytes = &bytes[end + 2..];
        body.extend(take(bytes, size));
        take(bytes, 2);
        if size == 0 {
            break;
        }
    }
    body
}
