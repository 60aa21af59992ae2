//! Folding of audit records: the records of one act on many stories are one line.

use crate::audit::{AuditAction, AuditRecord};

/// Seconds between two records of a task of the process that still belong together. Such records
/// have no request.
const MAX_GAP_SECONDS: i64 = 5 * 60;

/// Records of one act in one request, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// The latest record.
    pub latest: AuditRecord,
    /// The records before it.
    pub earlier: Vec<AuditRecord>,
}

impl AuditLine {
    /// Returns the kind of the changes.
    pub fn action(&self) -> AuditAction {
        self.latest.event.action
    }

    /// Checks whether the changes set, or gave up, times at which stories go live.
    pub fn is_about_schedule(&self) -> bool {
        self.latest.event.goes_live.is_some()
    }

    /// Returns the number of records.
    pub fn count(&self) -> usize {
        self.earlier.len() + 1
    }

    /// Returns the records, the latest first.
    pub fn records(&self) -> impl Iterator<Item = &AuditRecord> {
        std::iter::once(&self.latest).chain(&self.earlier)
    }
}

/// Checks whether a record belongs to the same request, or run of a task, as the one after it.
pub(crate) fn is_same_batch(later: &AuditRecord, earlier: &AuditRecord) -> bool {
    let (one, other) = (&later.event.by, &earlier.event.by);
    let is_same_actor = (&one.sub, &one.name) == (&other.sub, &other.name);
    is_same_actor
        && match (&one.request_id, &other.request_id) {
            (Some(one), Some(other)) => one == other,
            (None, None) => {
                let gap = later.event.at.as_second() - earlier.event.at.as_second();
                gap.abs() <= MAX_GAP_SECONDS
            }
            _ => false,
        }
}

/// Checks whether one sentence tells both changes.
fn is_same_act(one: &AuditRecord, other: &AuditRecord) -> bool {
    let (one, other) = (&one.event, &other.event);
    one.action == other.action && one.goes_live.is_some() == other.goes_live.is_some()
}

/// Folds consecutive records of the same person, request and act into lines.
///
/// Publishing and scheduling are two acts. An import alternates between stories and pictures: within one request, all records of an act
/// are one line. Lines are in the order of their latest records.
pub fn fold_audit(records: impl IntoIterator<Item = AuditRecord>) -> Vec<AuditLine> {
    let mut lines: Vec<AuditLine> = Vec::new();
    // The first line of the batch that the record before belongs to, and that record.
    let mut batch = 0;
    let mut previous: Option<AuditRecord> = None;
    for record in records {
        let continues = previous.as_ref().is_some_and(|later| is_same_batch(later, &record));
        if !continues {
            batch = lines.len();
        }
        previous = Some(record.clone());
        let mut of_batch = lines.iter_mut().skip(batch);
        match of_batch.find(|line| is_same_act(&line.latest, &record)) {
            Some(line) => line.earlier.push(record),
            None => lines.push(AuditLine { latest: record, earlier: Vec::new() }),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;
    use crate::audit::{Actor, AuditEvent, ChainHead};

    /// Person, request, act and seconds after the record before.
    type Row = (u8, Option<u8>, AuditAction, i64);

    /// Returns the records of rows from the oldest to the latest, the latest first.
    fn records(rows: &[Row]) -> Vec<AuditRecord> {
        let mut head = ChainHead::of_day("2026-11-26");
        let mut second = 0;
        let records = rows.iter().map(|(person, request, action, gap)| {
            second += gap;
            head.link(AuditEvent {
                at: Timestamp::from_second(second).expect("in range"),
                by: Actor {
                    sub: request.map(|_| format!("sub-{person}")),
                    name: format!("name-{person}"),
                    reason: "allow.role.admin".to_owned(),
                    request_id: request.map(|request| format!("request-{request}")),
                },
                action: *action,
                story: None,
                headline: format!("Headline of second {second}"),
                version_before: None,
                version_after: None,
                removal_reason: None,
                goes_live: None,
            })
        });
        let mut records: Vec<_> = records.collect();
        records.reverse();
        records
    }

    fn numbers(lines: &[AuditLine]) -> Vec<Vec<u64>> {
        let of = |line: &AuditLine| line.records().map(|record| record.number).collect();
        lines.iter().map(of).collect()
    }

    #[test]
    fn consecutive_records_of_one_request_and_act_are_one_line() {
        use AuditAction::{Published, Restored, Trashed};
        let rows = [
            (1, Some(1), Trashed, 1),
            (1, Some(1), Trashed, 900),
            (1, Some(2), Trashed, 1),
            (2, Some(2), Trashed, 1),
            (2, Some(3), Restored, 1),
            (2, Some(3), Restored, 1),
            (1, Some(2), Published, 1),
            (1, Some(2), Trashed, 1),
        ];
        let lines = fold_audit(records(&rows));
        let expected = vec![vec![8], vec![7], vec![6, 5], vec![4], vec![3], vec![2, 1]];
        assert_eq!(numbers(&lines), expected);
        let counts: Vec<usize> = lines.iter().map(AuditLine::count).collect();
        assert_eq!(counts, [1, 1, 2, 1, 1, 2]);
    }

    #[test]
    fn acts_that_alternate_in_one_batch_are_one_line_each() {
        use AuditAction::{ImageAdded, Published};
        let act = |number: i64| if number % 2 == 0 { Published } else { ImageAdded };
        let rows: Vec<Row> = (0..10).map(|number| (9, None, act(number), 2)).collect();
        let lines = fold_audit(records(&rows));
        assert_eq!(numbers(&lines), [[10, 8, 6, 4, 2], [9, 7, 5, 3, 1]]);
    }

    #[test]
    fn published_and_scheduled_stories_are_two_lines() {
        let rows: Vec<Row> = (0..4).map(|_| (9, None, AuditAction::Published, 2)).collect();
        let mut records = records(&rows);
        for record in records.iter_mut().filter(|record| record.number % 2 == 0) {
            record.event.goes_live = Some(Timestamp::MAX);
        }
        let lines = fold_audit(records);
        assert_eq!(numbers(&lines), [[4, 2], [3, 1]]);
        assert!(lines[0].is_about_schedule() && !lines[1].is_about_schedule());
    }

    #[test]
    fn two_runs_of_a_task_are_two_lines() {
        let rows = [
            (9, None, AuditAction::Erased, 1),
            (9, None, AuditAction::Erased, MAX_GAP_SECONDS),
            (9, None, AuditAction::Erased, MAX_GAP_SECONDS + 1),
        ];
        assert_eq!(numbers(&fold_audit(records(&rows))), [vec![3], vec![2, 1]]);
    }

    fn row() -> impl Strategy<Value = Row> {
        let actions = [AuditAction::Created, AuditAction::Trashed, AuditAction::ImageAdded];
        let action = proptest::sample::select(actions.to_vec());
        (0..2_u8, proptest::option::of(0..2_u8), action, 0..400_i64)
    }

    proptest! {
        #[test]
        fn no_record_is_lost_and_the_order_is_kept(rows in prop::collection::vec(row(), 0..40)) {
            let records = records(&rows);
            let lines = fold_audit(records.clone());
            let unfolded: Vec<_> = lines.iter().flat_map(AuditLine::records).collect();
            prop_assert_eq!(unfolded.len(), records.len());
            let numbers: BTreeSet<u64> = unfolded.iter().map(|record| record.number).collect();
            prop_assert_eq!(numbers.len(), records.len());
            prop_assert!(unfolded.iter().all(|record| records.contains(record)));
            for line in &lines {
                let all: Vec<_> = line.records().collect();
                for pair in all.windows(2) {
                    prop_assert!(pair[0].number > pair[1].number);
                    prop_assert_eq!(pair[0].event.action, pair[1].event.action);
                    prop_assert_eq!(&pair[0].event.by, &pair[1].event.by);
                }
            }
            let latest: Vec<u64> = lines.iter().map(|line| line.latest.number).collect();
            prop_assert!(latest.windows(2).all(|pair| pair[0] > pair[1]), "{:?}", latest);
        }
    }
}
