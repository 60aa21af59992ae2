//! The tables of a Ghost export, one row at a time.

use std::fmt;
use std::io::Read;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

/// A row of a table.
pub(super) type Row = Map<String, Value>;

/// Reads an export and gives the rows of `tables` to `row`, which stops the reading by `false`.
pub(super) fn rows(
    input: impl Read,
    tables: &[&str],
    mut row: impl FnMut(&str, Row) -> bool,
) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_reader(input);
    Walk { level: Level::Root, tables, row: &mut row }.deserialize(&mut json)
}

/// Position of the walk.
#[derive(Clone, Copy)]
enum Level<'t> {
    /// `{"db": […]}` or `{"data": {…}}`.
    Root,
    /// The tables.
    Data,
    /// The rows of a table.
    Table(&'t str),
}

struct Walk<'w> {
    level: Level<'w>,
    tables: &'w [&'w str],
    row: &'w mut dyn FnMut(&str, Row) -> bool,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an export of Ghost")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            let level = match (self.level, key.as_str()) {
                (Level::Root, "db") => Level::Root,
                (Level::Root, "data") => Level::Data,
                (Level::Data, table) if self.tables.contains(&table) => Level::Table(table),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            map.next_value_seed(Walk { level, tables: self.tables, row: &mut *self.row })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        match self.level {
            Level::Root => loop {
                let (level, tables, row) = (Level::Root, self.tables, &mut *self.row);
                if rows.next_element_seed(Walk { level, tables, row })?.is_none() {
                    break;
                }
            },
            Level::Data => while rows.next_element::<IgnoredAny>()?.is_some() {},
            Level::Table(table) => {
                while let Some(row) = rows.next_element::<Value>()? {
                    if let Value::Object(row) = row
                        && !(self.row)(table, row)
                    {
                        return Err(A::Error::custom("stopped"));
                    }
                }
            }
        }
        Ok(())
    }

    // Other values are no tables.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}

/// Returns a value as text: ids are texts or numbers.
pub(super) fn text<'r>(row: &'r Row, key: &str) -> std::borrow::Cow<'r, str> {
    match row.get(key) {
        Some(Value::String(text)) => text.trim().into(),
        Some(Value::Number(number)) => number.to_string().into(),
        _ => "".into(),
    }
}
