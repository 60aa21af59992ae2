//! Tables of the configuration file, as values of the settings that they stand for.

use toml::{Table, Value};

use super::variables::Variables;

/// Setting that `[[pool.client]]` stands for.
const POOL_CLIENT: &str = "GAZETTE_POOL_CLIENT";

/// Sets the values that the table `[pool]` stands for.
///
/// # Errors
/// The first thing that cannot be a setting.
pub(super) fn read_pool(pool: Table, variables: &mut Variables) -> Result<(), String> {
    for (key, value) in pool {
        let ("client", Value::Array(clients)) = (key.as_str(), value) else {
            return Err(format!("{key} is unknown; [[pool.client]] is possible"));
        };
        let values: Result<Vec<String>, String> = clients.iter().map(to_word).collect();
        if variables.get(POOL_CLIENT).is_some() {
            return Err(format!("client is set, but {POOL_CLIENT} is set too; remove one of them"));
        }
        variables.set(POOL_CLIENT, values?.join(" "));
    }
    Ok(())
}

/// Writes a value as JSON without white space, which separates the values of a setting.
fn to_word(value: &Value) -> Result<String, String> {
    let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
    // Compact JSON has white space in strings only, where an escape means the same.
    let escape = |c: char| {
        if c.is_whitespace() { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }
    };
    Ok(json.chars().map(escape).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_become_words() {
        let pool: Table = toml::from_str(
            "[[client]]\nid = 'shop'\nname = 'The\u{a0}big shop'\n[[client]]\nid = 'b'",
        )
        .unwrap();
        let mut variables = Variables::default();
        read_pool(pool, &mut variables).unwrap();
        let value = variables.get(POOL_CLIENT).unwrap();
        let words: Vec<&str> = value.split_whitespace().collect();
        assert_eq!(words, [r#"{"id":"shop","name":"The\u00a0big\u0020shop"}"#, r#"{"id":"b"}"#]);
    }

    #[test]
    fn other_tables_are_refused() {
        for text in ["x = 1", "client = 1", "[client]\nid = 'shop'"] {
            let pool: Table = toml::from_str(text).unwrap();
            assert!(read_pool(pool, &mut Variables::default()).is_err(), "{text}");
        }
    }
}
