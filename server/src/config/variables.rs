//! Values of settings, by the names of their environment variables.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Values of settings, by the names of their environment variables.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
    /// Names of the variables whose value is not UTF-8.
    unreadable: Vec<String>,
}

impl Variables {
    /// Sets a value.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.values.insert(name.into(), value.into());
    }

    /// Sets a value, or notes that it is not UTF-8.
    pub(super) fn set_os(&mut self, name: impl Into<String>, value: OsString) {
        match value.into_string() {
            Ok(value) => self.set(name, value),
            Err(_) => self.unreadable.push(name.into()),
        }
    }

    /// Removes a value and returns it.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }

    /// Returns a value. Shells and containers pass empty variables for absent ones, so an empty
    /// value is absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Returns the names of the variables whose value is not UTF-8.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    pub(super) fn of_environment() -> Self {
        let mut variables = Self::default();
        for (name, value) in std::env::vars_os() {
            // No setting has a name that is not UTF-8.
            let Ok(name) = name.into_string() else { continue };
            variables.set_os(name, value);
        }
        variables
    }
}

/// Returns the endpoint that the environment sets for DynamoDB, as the AWS SDK reads it.
pub fn aws_endpoint() -> Option<String> {
    let variables = Variables::of_environment();
    let endpoint = variables.get("AWS_ENDPOINT_URL_DYNAMODB");
    endpoint.or(variables.get("AWS_ENDPOINT_URL")).map(str::to_owned)
}

/// Returns the endpoint that the environment sets for Cognito's API, as the AWS SDK reads it.
pub fn cognito_endpoint() -> Option<String> {
    let variables = Variables::of_environment();
    let endpoint = variables.get("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER");
    endpoint.or(variables.get("AWS_ENDPOINT_URL")).map(str::to_owned)
}

/// Returns the endpoint that the environment sets for S3, as the AWS SDK reads it.
pub fn s3_endpoint() -> Option<String> {
    let variables = Variables::of_environment();
    let endpoint = variables.get("AWS_ENDPOINT_URL_S3");
    endpoint.or(variables.get("AWS_ENDPOINT_URL")).map(str::to_owned)
}
