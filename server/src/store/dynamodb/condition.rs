//! Conditions and ranges as DynamoDB expressions.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use gazette_table::{Condition, Range};

use super::attributes::{Attributes, PARTITION, SORT, TTL, VERSION};

/// A condition expression.
#[derive(Default)]
pub(super) struct ConditionExpression {
    pub(super) expression: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<Attributes>,
}

impl ConditionExpression {
    /// Treats an item that expired by `now` as absent.
    pub(super) fn of(condition: Condition, now: i64) -> Self {
        let name = |short: &str, long: &str| (short.to_owned(), long.to_owned());
        let now = (":now".to_owned(), AttributeValue::N(now.to_string()));
        match condition {
            Condition::Any => Self::default(),
            Condition::Absent => Self {
                expression: Some("attribute_not_exists(#p) OR #t <= :now".to_owned()),
                names: Some(HashMap::from([name("#p", PARTITION), name("#t", TTL)])),
                values: Some(HashMap::from([now])),
            },
            Condition::Version(version) => Self {
                expression: Some("#v = :v AND (attribute_not_exists(#t) OR #t > :now)".to_owned()),
                names: Some(HashMap::from([name("#v", VERSION), name("#t", TTL)])),
                values: Some(HashMap::from([
                    now,
                    (":v".to_owned(), AttributeValue::N(version.to_string())),
                ])),
            },
        }
    }
}

/// The key condition expression of a query.
pub(super) struct KeyCondition {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Attributes,
    /// Number of items that may be returned outside the range: BETWEEN includes both ends.
    pub(super) dropped_ends: usize,
}

impl KeyCondition {
    /// Returns `None` for an empty range.
    pub(super) fn of(partition: &str, range: &Range) -> Option<Self> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut names = HashMap::from([("#p".to_owned(), PARTITION.to_owned())]);
        let mut values = HashMap::from([(":p".to_owned(), text(partition))]);
        let (part, dropped_ends) = match (&range.after, &range.before) {
            (None, None) => ("", 0),
            (Some(_), None) => (" AND #s > :after", 0),
            (None, Some(_)) => (" AND #s < :before", 0),
            (Some(after), Some(before)) if after < before => {
                (" AND #s BETWEEN :after AND :before", 2)
            }
            (Some(_), Some(_)) => return None,
        };
        if !part.is_empty() {
            names.insert("#s".to_owned(), SORT.to_owned());
        }
        values.extend(range.after.iter().map(|after| (":after".to_owned(), text(after))));
        values.extend(range.before.iter().map(|before| (":before".to_owned(), text(before))));
        Some(Self { expression: format!("#p = :p{part}"), names, values, dropped_ends })
    }
}
