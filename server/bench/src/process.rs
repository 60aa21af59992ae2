//! Child processes: the servers that are measured, their time on the CPU and their memory.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::client::Connection;

/// A server as a process of its own, ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-s", "TERM", &pid]).status();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server and reads lines until one begins with `ready`, which ends with its address.
    pub(crate) fn start(command: &mut Command, ready: &str) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let line = lines.find_map(|line| line.ok()?.strip_prefix(ready).map(str::to_owned));
        let line = line.expect("a line that says that it is ready");
        let port = line.rsplit_once(':').expect("a port").1;
        let port = port.trim_end_matches('/').parse().expect("a port");
        Self { child, address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    /// Starts a server on a known port and waits until it accepts connections.
    pub(crate) fn start_on(command: &mut Command, port: u16) -> Self {
        let child = command.spawn().expect("the server runs");
        let mut server = Self { child, address: SocketAddr::from(([127, 0, 0, 1], port)) };
        while Connection::try_open(server.address).is_err() {
            let ended = server.child.try_wait().expect("its state");
            assert!(ended.is_none(), "the server ended");
            std::thread::sleep(Duration::from_millis(1));
        }
        server
    }

    /// Returns the time that the server and its workers were on a CPU, for itself and for system
    /// calls: `utime + stime` in nanoseconds.
    pub(crate) fn cpu_time(&self) -> Duration {
        let mut processes = vec![self.child.id()];
        processes.extend(children(self.child.id()));
        processes.into_iter().map(time_of).sum()
    }

    /// Returns the resident memory in megabytes.
    pub(crate) fn resident_megabytes(&self) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).expect("the status of the server");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
        let kibibytes = line.split_whitespace().next().and_then(|number| number.parse().ok());
        let kibibytes: f64 = kibibytes.expect("a number");
        kibibytes * 1_024.0 / 1_000_000.0
    }
}

fn time_of(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("the threads of a server");
    let times = threads.filter_map(|thread| {
        // A thread may have ended in between.
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(times.sum())
}

fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

/// Returns a port that is free now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").port()
}
