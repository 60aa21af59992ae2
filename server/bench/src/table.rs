//! The lines of the result.

use serde::{Deserialize, Serialize};

use crate::rounds::Spread;

/// The goal of a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

impl Goal {
    /// Returns the part of the goal that a value reaches; 1 and more is enough.
    pub(crate) fn reached(self, value: f64) -> f64 {
        match self {
            Self::AtLeast(goal) => value / goal,
            Self::AtMost(goal) if value <= 0.0 && goal >= 0.0 => 1.0,
            Self::AtMost(goal) => goal / value,
        }
    }
}

/// A number, relative to a reference or to a goal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) topic: String,
    pub(crate) what: String,
    pub(crate) value: Spread,
    /// The reference of a ratio, or the unit of the value.
    pub(crate) unit: String,
    pub(crate) goal: Option<Goal>,
    /// The measured numbers behind a ratio.
    #[serde(default)]
    pub(crate) detail: String,
}

impl Line {
    pub(crate) fn reached(&self) -> Option<f64> {
        Some(self.goal?.reached(self.value.median))
    }

    /// Returns the cells of the table.
    fn cells(&self) -> [String; 6] {
        let Spread { low, median, high } = self.value;
        let spread =
            if low < high { format!("{}–{}", number(low), number(high)) } else { String::new() };
        let goal = match self.goal {
            Some(Goal::AtLeast(goal)) => format!("≥ {goal}"),
            Some(Goal::AtMost(goal)) => format!("≤ {goal}"),
            None => String::new(),
        };
        let verdict = match self.reached() {
            Some(reached) if reached >= 1.0 => "reached",
            Some(_) => "**missed**",
            None => "",
        };
        let value = format!("{} {}", number(median), self.unit);
        [self.what.clone(), value, spread, goal, verdict.to_owned(), self.detail.clone()]
    }
}

/// Returns the lines as tables in Markdown, one for each topic.
pub(crate) fn markdown(lines: &[Line]) -> String {
    let mut text = String::new();
    let mut topic = "";
    for line in lines {
        if line.topic != topic {
            topic = &line.topic;
            text.push_str(&format!(
                "\n### {topic}\n\n| | measured | quartiles | goal | | numbers |\n|---|---|---|---|---|---|\n"
            ));
        }
        text.push_str(&format!("| {} |\n", line.cells().join(" | ")));
    }
    text.trim_start().to_owned()
}

/// Returns a number with about three digits.
pub(crate) fn number(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
