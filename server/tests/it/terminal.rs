//! The commands at a terminal, where what is typed can be seen by whoever looks on.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

const PATIENCE: Duration = Duration::from_secs(20);

/// A command with a terminal of its own, seen from the side of who sits there.
struct Terminal {
    side: File,
    /// Kept open, so that the terminal outlives the command.
    device: File,
    command: Child,
    shown: String,
}

impl Terminal {
    fn run(data: &Path, arguments: &[&str]) -> Self {
        let side = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&side).expect("granted");
        unlockpt(&side).expect("unlocked");
        let name = ptsname(&side, Vec::new()).expect("its name").into_string().expect("text");
        let device = OpenOptions::new().read(true).write(true).open(name).expect("its device");
        let mut command = Command::new("setsid");
        command.args(["--ctty", env!("CARGO_BIN_EXE_gazette"), "--data-dir"]).arg(data);
        command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").expect("a path"));
        let end = || device.try_clone().expect("a handle");
        let command = command.stdin(end()).stdout(end()).stderr(end()).spawn();
        let command = command.expect("the binary runs");
        Self { side: File::from(side), device, command, shown: String::new() }
    }

    /// Waits for a prompt, and until what is typed is not shown any more.
    fn wait_for(&mut self, prompt: &str) {
        let begun = Instant::now();
        while !self.shown.contains(prompt) || self.echoes() {
            assert!(begun.elapsed() < PATIENCE, "no hidden {prompt:?} in {:?}", self.shown);
            self.read();
        }
    }

    fn echoes(&self) -> bool {
        tcgetattr(&self.device).expect("its modes").local_modes.contains(LocalModes::ECHO)
    }

    fn type_in(&mut self, text: &str) {
        self.side.write_all(text.as_bytes()).expect("typed");
    }

    /// Reads what is shown within a moment, if anything.
    fn read(&mut self) {
        let moment = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        let mut ready = [PollFd::new(&self.side, PollFlags::IN)];
        if poll(&mut ready, Some(&moment)).expect("polled") > 0 {
            let mut bytes = [0; 4_096];
            let count = self.side.read(&mut bytes).expect("readable");
            self.shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }

    fn until_end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            let ended = self.command.try_wait().expect("waited for");
            self.read();
            if let Some(status) = ended {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "it does not end: {:?}", self.shown);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.command.kill();
        let _ = self.command.wait();
    }
}

#[test]
fn a_password_is_asked_for_and_never_shown() {
    let data = tempfile::tempdir().expect("a folder");
    for arguments in [["user", "add", "ada"], ["user", "password", "ada"]] {
        let mut terminal = Terminal::run(data.path(), &arguments);
        terminal.wait_for("password: ");
        terminal.type_in("correct-horse\r");
        let status = terminal.until_end();
        assert!(status.success(), "{}", terminal.shown);
        assert!(!terminal.shown.contains("correct-horse"), "{}", terminal.shown);
        assert!(terminal.shown.contains("ada "), "{}", terminal.shown);
        assert!(terminal.echoes(), "the terminal has its echo back");
    }
}

#[test]
fn a_token_is_asked_for_and_never_shown() {
    let data = tempfile::tempdir().expect("a folder");
    let mut terminal =
        Terminal::run(data.path(), &["--pool-addr", "127.0.0.1:1", "token", "verify"]);
    terminal.wait_for("token: ");
    terminal.type_in("eyJhbGciOiJub25lIn0.e30.AA\r");
    assert_eq!(terminal.until_end().code(), Some(1));
    assert!(terminal.shown.contains("deny.token.algorithm"), "{}", terminal.shown);
    assert!(!terminal.shown.contains("eyJhbGciOiJub25lIn0"), "{}", terminal.shown);
}

#[test]
fn an_interrupted_prompt_gives_the_echo_back() {
    let data = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::run(data.path(), &["user", "add", "ada"]);
    terminal.wait_for("password: ");
    terminal.type_in("correct\u{3}");
    assert_eq!(terminal.until_end().code(), Some(1), "{}", terminal.shown);
    assert!(!terminal.shown.contains("correct"), "{}", terminal.shown);
    assert!(terminal.echoes(), "the terminal has its echo back");
}
