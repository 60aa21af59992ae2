//! Writes the result: JSON, the table and the chart of `docs/performance.md`.

use std::fs;
use std::path::Path;
use std::process::Command;

use jiff::Timestamp;

use crate::chart;
use crate::site::binary;
use crate::table::{Line, markdown};

const PAGE: &str = "docs/performance.md";
const CHART: &str = "docs/performance.svg";
const BEGIN: &str = "<!-- begin of the last run -->\n";
const END: &str = "<!-- end of the last run -->\n";

/// Prints the lines and writes them to `target/bench/http.json`; with `publish`, to the docs too.
pub(crate) fn write(lines: &[Line], in_process: &[Line], publish: bool) {
    let lines: Vec<Line> = lines.iter().chain(in_process).cloned().collect();
    let date = Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string();
    let table = markdown(&lines);
    println!("\n{table}");
    let json = serde_json::to_string_pretty(&lines).expect("JSON");
    fs::write("target/bench/results.json", json).expect("written");
    fs::write("target/bench/results.md", &table).expect("written");
    if !publish {
        return;
    }
    fs::write(CHART, chart::svg(&lines, &date)).expect("written");
    let page = fs::read_to_string(PAGE).expect("the page of the documentation");
    let (before, rest) = page.split_once(BEGIN).expect("the place of the table");
    let (_, after) = rest.split_once(END).expect("the end of the table");
    let run = format!("`make bench` on {date}, {}.\n\n{}", machine(), table);
    fs::write(PAGE, format!("{before}{BEGIN}\n{run}\n{END}{after}")).expect("written");
}

/// Returns the lines that the benchmarks in process have written.
pub(crate) fn in_process() -> Vec<Line> {
    let files = ["tokens", "ratios", "store", "search"];
    let texts = files.map(|name| {
        let path = Path::new("target/bench").join(format!("{name}.jsonl"));
        fs::read_to_string(path).unwrap_or_default()
    });
    let lines = texts.iter().flat_map(|text| text.lines());
    lines.filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn machine() -> String {
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').nth(2).unwrap_or_default().to_owned();
    let version = Command::new(binary()).arg("--version").output().expect("the server was built");
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let model = model.unwrap_or("unknown");
    format!("{cpus} × {model}, load of the last 15 minutes {load}, {version}")
}
