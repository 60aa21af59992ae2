//! nginx with the same bytes as files.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Server, free_port};
use crate::reference::Fixed;

/// Starts nginx with files of these answers; `None` if it is not installed.
pub(crate) fn start(folder: &Path, answers: &[Fixed]) -> Option<Server> {
    let nginx = find()?;
    let port = free_port();
    let file = folder.join("nginx.conf");
    fs::write(&file, configuration(folder, answers, port)).expect("written");
    let mut command = Command::new(nginx);
    command.arg("-p").arg(folder).arg("-c").arg(&file).args(["-g", "daemon off;"]);
    Some(Server::start_on(&mut command, port))
}

fn find() -> Option<PathBuf> {
    let folders =
        ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
    folders.into_iter().map(|folder| Path::new(folder).join("nginx")).find(|path| path.exists())
}

fn configuration(folder: &Path, answers: &[Fixed], port: u16) -> String {
    let own = folder.display();
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    // The workers run as another user if this one is root, which cannot read the folder.
    let user = if is_root { "user root;" } else { "" };
    let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {own}/{name};"))
        .join(" ");
    let mut locations = String::new();
    for (number, answer) in answers.iter().enumerate() {
        let file = folder.join(format!("{number}.bytes"));
        fs::write(&file, &answer.body).expect("written");
        write!(locations, "location = {} {{ alias {}; types {{}} ", answer.path, file.display())
            .expect("written");
        for (name, value) in &answer.headers {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"");
            match name.as_str() {
                "content-type" => write!(locations, "default_type \"{value}\"; "),
                _ => write!(locations, "add_header {name} \"{value}\"; "),
            }
            .expect("written");
        }
        locations.push_str("}\n");
    }
    format!(
        "{user} worker_processes auto; pid {own}/nginx.pid; error_log {own}/error.log; events {{}}
http {{
access_log off; etag off; sendfile on; tcp_nopush on; open_file_cache max=100;
keepalive_requests 100000000; {paths}
server {{ listen 127.0.0.1:{port};
{locations}}} }}\n"
    )
}
