//! The table as a picture: how much of each goal is reached.

use std::fmt::Write as _;

use crate::table::Line;

const ROW: usize = 22;
const LABELS: usize = 450;
/// End of the column of the values, right of the longest bar.
const VALUES: usize = 930;
const SCALE: f64 = 200.0;
const TOP: usize = 44;
/// Longest bar, in goals.
const MAX: f64 = 2.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}\
    .value{font-size:12px}.ok{fill:#1a7f64}.missed{fill:#c2410c}.goal{stroke:#1f2328;stroke-width:1.5}\
    @media(prefers-color-scheme:dark){text{fill:#e6edf3}.ok{fill:#3fb68b}.missed{fill:#f0883e}\
    .goal{stroke:#e6edf3}}";

/// Draws the lines that have a goal.
pub(crate) fn svg(lines: &[Line], date: &str) -> String {
    let with_goal = lines.iter().filter_map(|line| Some((line, line.reached()?)));
    let with_goal: Vec<(&Line, f64)> = with_goal.collect();
    let height = TOP + with_goal.len() * ROW + 12;
    let missed = with_goal.iter().filter(|(_, reached)| *reached < 1.0).count();
    let description =
        format!("{} of {} goals reached, {date}", with_goal.len() - missed, with_goal.len());
    let mut bars = String::new();
    for (number, (line, reached)) in with_goal.iter().enumerate() {
        let y = TOP + number * ROW;
        let (class, width) =
            (if *reached < 1.0 { "missed" } else { "ok" }, reached.min(MAX) * SCALE);
        let _ = write!(
            bars,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <rect class=\"{class}\" x=\"{LABELS}\" y=\"{}\" width=\"{width:.1}\" height=\"14\" rx=\"2\"/>\
             <text class=\"value\" x=\"{VALUES}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            LABELS - 10,
            y + 12,
            escape(&format!("{}: {}", line.what, line.unit)),
            y + 1,
            y + 12,
            crate::table::number(line.value.median),
        );
    }
    let goal = f64::from(u16::try_from(LABELS).unwrap_or_default()) + SCALE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 {height}\" role=\"img\" \
         aria-label=\"{description}\"><style>{STYLE}</style>\
         <text class=\"title\" x=\"12\" y=\"18\">{description}</text>\
         <text class=\"value\" x=\"{goal}\" y=\"36\" text-anchor=\"middle\">goal</text>{bars}\
         <line class=\"goal\" x1=\"{goal}\" x2=\"{goal}\" y1=\"{}\" y2=\"{}\"/></svg>\n",
        TOP - 4,
        height - 8,
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('`', "")
}
