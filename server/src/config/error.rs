//! Errors in the configuration.

/// Error in one setting.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {message}")]
pub struct SettingError {
    /// Name of its environment variable.
    pub variable: String,
    /// The problem and what is allowed.
    pub message: String,
}

/// All errors in a configuration; the process exits with 2.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct SettingErrors(pub Vec<SettingError>);

impl SettingErrors {
    /// Adds an error of a setting.
    pub fn add(&mut self, variable: &str, message: impl Into<String>) {
        self.0.push(SettingError { variable: variable.to_owned(), message: message.into() });
    }

    /// Adds an error unless the variable has one: checks between settings see an invalid value
    /// as absent.
    pub(super) fn add_once(&mut self, variable: &str, message: impl Into<String>) {
        if !self.0.iter().any(|error| error.variable == variable) {
            self.add(variable, message);
        }
    }
}
