//! What is wrong with a configuration.

/// A variable that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The variable's name.
    pub variable: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Everything that is wrong with a configuration; the process exits with 2.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(|fault| format!("{}: {}", fault.variable, fault.message)).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<Fault>);

/// Collects faults while the rest is still being read.
#[derive(Debug, Default)]
pub(super) struct Faults(pub(super) Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, variable: &str, message: impl Into<String>) {
        self.0.push(Fault { variable: variable.to_owned(), message: message.into() });
    }

    /// Parses a value or notes why not; a value that is absent is the default.
    pub(super) fn parse<T>(
        &mut self,
        variable: &str,
        value: Option<&str>,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        let Some(value) = value else { return default };
        parse(value).unwrap_or_else(|message| {
            self.add(variable, message);
            default
        })
    }
}
