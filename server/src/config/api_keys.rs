//! Keys by which the requests of programs are counted.

use clap::Args;

use super::error::SettingErrors;
use super::redacted::Redacted;

const MAX_KEYS: usize = 100;
const MAX_NAME_BYTES: usize = 64;
const MIN_KEY_BYTES: usize = 20;

/// Keys by which the requests of programs are counted. They give no access.
#[derive(Args, Clone, Debug)]
pub struct ApiKeyConfig {
    /// API keys by whose names requests are counted, separated by spaces. They give no access.
    #[arg(
        id = "api_keys",
        long = "api-keys",
        env = "GAZETTE_API_KEYS",
        value_name = "NAME=KEY[ NAME=KEY]",
        value_delimiter = ' ',
        hide_env_values = true,
        value_parser = api_key
    )]
    pub keys: Vec<ApiKey>,
}

/// Key that a program sends with its requests.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Name in the metrics and the log. Several keys may have one name.
    pub name: String,
    /// The key.
    pub key: Redacted,
}

impl ApiKey {
    /// Maximum length of a key.
    pub const MAX_BYTES: usize = 128;
    /// Name of all keys that are not configured.
    pub const UNKNOWN: &str = "unknown";
}

impl ApiKeyConfig {
    pub(super) fn check(&self, errors: &mut SettingErrors) {
        let variable = "GAZETTE_API_KEYS";
        if self.keys.len() > MAX_KEYS {
            errors.add_once(variable, format!("has more than {MAX_KEYS} keys"));
        }
        for (index, key) in self.keys.iter().enumerate() {
            if self.keys.iter().take(index).any(|earlier| earlier.key == key.key) {
                errors.add_once(variable, format!("repeats the key of {}", key.name));
            }
        }
    }
}

/// Parses a key; the messages never repeat it.
fn api_key(text: &str) -> Result<ApiKey, String> {
    let (name, key) = text.split_once('=').ok_or("an API key is NAME=KEY")?;
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !(1..=MAX_NAME_BYTES).contains(&name.len()) || !name.chars().all(is_in_name) {
        let message = "a name has letters, digits and -_. only, and at most";
        return Err(format!("{message} {MAX_NAME_BYTES} of them"));
    }
    if name == ApiKey::UNKNOWN {
        return Err(format!("{name} is the name of all other keys; choose another"));
    }
    let lengths = MIN_KEY_BYTES..=ApiKey::MAX_BYTES;
    if !lengths.contains(&key.len()) || !key.chars().all(|c| c.is_ascii_graphic()) {
        let (min, max) = (lengths.start(), lengths.end());
        return Err(format!("the key of {name} must be {min} to {max} ASCII characters"));
    }
    Ok(ApiKey { name: name.to_owned(), key: key.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "kkkkkkkkkkkkkkkkkkkk";

    #[test]
    fn a_key_has_a_name() {
        let longest = format!("{}={}", "n".repeat(64), "k".repeat(128));
        for text in [&*format!("App-1.x_y={KEY}"), &longest, &format!("a={KEY}=")] {
            let ApiKey { name, key } = api_key(text).unwrap();
            assert_eq!(format!("{name}={}", key.expose()), text);
            assert!(!format!("{key:?}").contains(key.expose()));
        }
    }

    #[test]
    fn an_invalid_key_is_refused_without_being_repeated() {
        for text in [
            KEY,
            &format!("={KEY}"),
            &format!("a\"b={KEY}"),
            &format!("{}={KEY}", "n".repeat(65)),
            &format!("unknown={KEY}"),
            &format!("a={}", &KEY[1..]),
            &format!("a={}", "k".repeat(129)),
            &format!("a={KEY}é"),
        ] {
            let message = api_key(text).unwrap_err();
            assert!(!message.contains("kkkk"), "{message}");
        }
    }

    #[test]
    fn keys_are_few_and_differ() {
        let errors_of = |texts: Vec<String>| {
            let keys = texts.iter().map(|text| api_key(text).unwrap()).collect();
            let mut errors = SettingErrors::default();
            ApiKeyConfig { keys }.check(&mut errors);
            errors.0.len()
        };
        assert_eq!(errors_of(vec![format!("a={KEY}"), format!("a={KEY}2")]), 0);
        assert_eq!(errors_of(vec![format!("a={KEY}"), format!("b={KEY}")]), 1);
        assert_eq!(errors_of((0..100).map(|number| format!("a={KEY}{number}")).collect()), 0);
        assert_eq!(errors_of((0..101).map(|number| format!("a={KEY}{number}")).collect()), 1);
    }
}
