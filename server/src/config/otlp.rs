//! Receiver of spans, by the variables of OpenTelemetry.

use url::Url;

use super::error::SettingError;
use super::parse::url;
use super::variables::Variables;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Receiver of spans.
pub struct OtlpConfig {
    /// URL to which spans are posted.
    pub url: Url,
    /// Name of the site among the services of the receiver.
    pub service: String,
}

impl OtlpConfig {
    /// Reads the receiver; `None` if the environment names none.
    ///
    /// # Errors
    /// The endpoint is not an http or https URL.
    pub fn of_environment() -> Result<Option<Self>, SettingError> {
        Self::of(&Variables::of_environment())
    }

    fn of(variables: &Variables) -> Result<Option<Self>, SettingError> {
        let Some(endpoint) = variables.get(ENDPOINT) else { return Ok(None) };
        let error = |message| SettingError { variable: ENDPOINT.to_owned(), message };
        // The protocol appends the path of the signal to that of the endpoint.
        let url = url(&format!("{}/v1/traces", endpoint.trim_end_matches('/'))).map_err(error)?;
        if !["http", "https"].contains(&url.scheme()) {
            return Err(error("must begin with http:// or https://".to_owned()));
        }
        let service = variables.get("OTEL_SERVICE_NAME").unwrap_or("gazette").to_owned();
        Ok(Some(Self { url, service }))
    }

    /// Checks whether the receiver is asked over TLS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(endpoint: &str) -> Result<Option<String>, SettingError> {
        let mut variables = Variables::default();
        variables.set(ENDPOINT, endpoint);
        OtlpConfig::of(&variables).map(|config| config.map(|config| config.url.into()))
    }

    #[test]
    fn the_path_of_traces_is_added() {
        for (endpoint, url) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("https://otel.example/in/", "https://otel.example/in/v1/traces"),
        ] {
            assert_eq!(of(endpoint).unwrap().as_deref(), Some(url));
        }
        assert_eq!(of("").unwrap(), None);
        for wrong in ["localhost:4318", "grpc://localhost:4317", "nowhere", "http://a:b@c"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
