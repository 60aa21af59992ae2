//! Prompts for secrets at a terminal.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

const TIMEOUT: Duration = Duration::from_secs(20);

/// A command in a pseudo-terminal, seen from the side of the user.
struct Terminal {
    controller: File,
    /// Held open so that the terminal outlives the command.
    device: File,
    command: Child,
    output: String,
}

impl Terminal {
    fn run(data: &Path, arguments: &[&str]) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&controller).expect("granted");
        unlockpt(&controller).expect("unlocked");
        let name = ptsname(&controller, Vec::new()).expect("its name").into_string().expect("text");
        let device = OpenOptions::new().read(true).write(true).open(name).expect("its device");
        let mut command = Command::new("setsid");
        command.args(["--ctty", env!("CARGO_BIN_EXE_gazette"), "--data-dir"]).arg(data);
        command.args(arguments).env_clear().env("PATH", std::env::var_os("PATH").expect("a path"));
        let end = || device.try_clone().expect("a handle");
        let command = command.stdin(end()).stdout(end()).stderr(end()).spawn();
        let command = command.expect("the binary runs");
        Self { controller: File::from(controller), device, command, output: String::new() }
    }

    /// Waits for a prompt and until the echo is off.
    fn wait_for(&mut self, prompt: &str) {
        let started = Instant::now();
        while !self.output.contains(prompt) || self.echoes() {
            assert!(started.elapsed() < TIMEOUT, "no hidden {prompt:?} in {:?}", self.output);
            self.read();
        }
    }

    fn echoes(&self) -> bool {
        tcgetattr(&self.device).expect("its modes").local_modes.contains(LocalModes::ECHO)
    }

    fn type_in(&mut self, text: &str) {
        self.controller.write_all(text.as_bytes()).expect("typed");
    }

    /// Reads the output of the next 20 ms, if any.
    fn read(&mut self) {
        let timeout = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
        let mut ready = [PollFd::new(&self.controller, PollFlags::IN)];
        if poll(&mut ready, Some(&timeout)).expect("polled") > 0 {
            let mut bytes = [0; 4_096];
            let count = self.controller.read(&mut bytes).expect("readable");
            self.output.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    }

    fn wait(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            let exit = self.command.try_wait().expect("the command can be waited for");
            self.read();
            if let Some(status) = exit {
                return status;
            }
            assert!(started.elapsed() < TIMEOUT, "still running: {:?}", self.output);
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
fn a_password_is_prompted_for_and_not_echoed() {
    let data = tempfile::tempdir().expect("a folder");
    for arguments in [["user", "add", "ada"], ["user", "password", "ada"]] {
        let mut terminal = Terminal::run(data.path(), &arguments);
        terminal.wait_for("password: ");
        terminal.type_in("correct-horse\r");
        let status = terminal.wait();
        assert!(status.success(), "{}", terminal.output);
        assert!(!terminal.output.contains("correct-horse"), "{}", terminal.output);
        assert!(terminal.output.contains(" ada"), "{}", terminal.output);
        assert!(terminal.echoes(), "the echo is restored");
    }
}

#[test]
fn a_token_is_prompted_for_and_not_echoed() {
    let data = tempfile::tempdir().expect("a folder");
    let mut terminal =
        Terminal::run(data.path(), &["--pool-addr", "127.0.0.1:1", "token", "verify"]);
    terminal.wait_for("token: ");
    terminal.type_in("eyJhbGciOiJub25lIn0.e30.AA\r");
    assert_eq!(terminal.wait().code(), Some(1));
    assert!(terminal.output.contains("deny.token.algorithm"), "{}", terminal.output);
    assert!(!terminal.output.contains("eyJhbGciOiJub25lIn0"), "{}", terminal.output);
}

#[test]
fn an_interrupted_prompt_restores_the_echo() {
    let data = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::run(data.path(), &["user", "add", "ada"]);
    terminal.wait_for("password: ");
    terminal.type_in("correct\u{3}");
    assert_eq!(terminal.wait().code(), Some(1), "{}", terminal.output);
    assert!(!terminal.output.contains("correct"), "{}", terminal.output);
    assert!(terminal.echoes(), "the echo is restored");
}
