//! The outcome of checking the chains of the audit log.

use gazette_domain::CheckedDay;
use jiff::civil::Date;
use leptos::prelude::*;

use crate::markup::IntoMarkup as _;

/// Says whether the entries that were read are unaltered and complete, and which ones those are.
pub(super) fn verification(checked: &[CheckedDay]) -> impl IntoView + use<> {
    let broken: Vec<String> =
        checked.iter().filter(|day| !day.is_intact).map(|day| date(day.day)).collect();
    let verdict = if broken.is_empty() {
        view! { <p class="meta">"Log verified: no entries altered or missing."</p> }.into_markup()
    } else {
        let text = format!(
            "Warning: this log was tampered with or damaged. At least one entry of {} was altered or is missing.",
            broken.join(", ")
        );
        view! { <p class="notice" role="alert">{text}</p> }.into_markup()
    };
    let scope = checked.iter().map(|day| view! { <li>{scope(day)}</li> }).collect_view();
    (!checked.is_empty()).then(|| {
        view! {
            <div class="verification">
                {verdict}
                <details>
                    <summary class="meta">{summary(checked)}</summary>
                    <ul class="meta">{scope}</ul>
                    <p class="meta">
                        "The entries of a day form a chain of hashes. Days of the log begin at midnight UTC. Entries are checked even if the filter hides them."
                    </p>
                </details>
            </div>
        }
    })
}

fn summary(checked: &[CheckedDay]) -> String {
    let entries: u64 = checked.iter().map(|day| (day.last + 1).saturating_sub(day.first)).sum();
    let entries = if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") };
    let days =
        if checked.len() == 1 { "1 day".to_owned() } else { format!("{} days", checked.len()) };
    format!("Checked {entries} of {days}")
}

fn scope(day: &CheckedDay) -> String {
    let CheckedDay { first, last, total, .. } = *day;
    let date = date(day.day);
    let broken = if day.is_intact { "" } else { ": altered or incomplete" };
    match (first, last) {
        (1, last) if last == total && total == 1 => format!("{date}, its only entry{broken}"),
        (1, last) if last == total => format!("{date}, all {total} entries{broken}"),
        (first, last) if first == last => format!("{date}, entry {first} of {total}{broken}"),
        (first, last) => format!("{date}, entries {first} to {last} of {total}{broken}"),
    }
}

fn date(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(first: u64, last: u64, total: u64) -> CheckedDay {
        let day = jiff::civil::date(2026, 11, 3);
        CheckedDay { day, first, last, total, is_intact: true }
    }

    #[test]
    fn the_scope_is_exact() {
        assert_eq!(scope(&day(1, 1, 1)), "3 November 2026, its only entry");
        assert_eq!(scope(&day(1, 57, 57)), "3 November 2026, all 57 entries");
        assert_eq!(scope(&day(8, 57, 57)), "3 November 2026, entries 8 to 57 of 57");
        assert_eq!(scope(&day(1, 7, 57)), "3 November 2026, entries 1 to 7 of 57");
        assert_eq!(scope(&day(7, 7, 57)), "3 November 2026, entry 7 of 57");
        let broken = CheckedDay { is_intact: false, ..day(1, 57, 57) };
        assert!(scope(&broken).ends_with("all 57 entries: altered or incomplete"));
        assert_eq!(summary(&[day(1, 57, 57), day(3, 3, 3)]), "Checked 58 entries of 2 days");
        assert_eq!(summary(&[day(3, 3, 3)]), "Checked 1 entry of 1 day");
    }
}
