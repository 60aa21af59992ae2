//! The Runtime API of AWS Lambda: the source of events.
//!
//! Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".

use std::time::Duration;

use http::HeaderMap;
use reqwest::{Client, Response, redirect};
use serde_json::json;

use super::error::RuntimeApiError;
use super::invocation::Invocation;

const ID: &str = "lambda-runtime-aws-request-id";
const DEADLINE: &str = "lambda-runtime-deadline-ms";
const ERROR_TYPE: &str = "lambda-runtime-function-error-type";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Client of the Runtime API.
pub(crate) struct RuntimeApi {
    client: Client,
    base: String,
}

impl RuntimeApi {
    /// Uses the API at an address such as `127.0.0.1:9001`.
    pub(crate) fn new(address: &str) -> Result<Self, RuntimeApiError> {
        // Without a time limit, because the next event may come much later.
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, base: format!("http://{address}/2018-06-01/runtime") })
    }

    /// Waits for the next event. Lambda may freeze the process until it comes.
    pub(crate) async fn next(&self) -> Result<Invocation, RuntimeApiError> {
        let response = self.client.get(format!("{}/invocation/next", self.base)).send().await?;
        let response = accepted(response)?;
        let id =
            text(response.headers(), ID).filter(|id| is_id(id)).ok_or(RuntimeApiError::NoId)?;
        let id = id.to_owned();
        let deadline = text(response.headers(), DEADLINE).and_then(|text| text.parse().ok());
        Ok(Invocation { id, deadline, event: response.bytes().await? })
    }

    /// Sends the answer to an event, as JSON.
    pub(crate) async fn respond(&self, id: &str, answer: Vec<u8>) -> Result<(), RuntimeApiError> {
        let url = format!("{}/invocation/{id}/response", self.base);
        self.send(&url, None, answer).await
    }

    /// Reports that an event could not be answered.
    pub(crate) async fn fail(&self, id: &str, message: &str) -> Result<(), RuntimeApiError> {
        let url = format!("{}/invocation/{id}/error", self.base);
        self.send(&url, Some("Gazette.Event"), error_body("Gazette.Event", message)).await
    }

    /// Reports that the function cannot start.
    pub(crate) async fn fail_to_start(&self, message: &str) -> Result<(), RuntimeApiError> {
        let url = format!("{}/init/error", self.base);
        self.send(&url, Some("Gazette.Init"), error_body("Gazette.Init", message)).await
    }

    async fn send(
        &self,
        url: &str,
        error_type: Option<&str>,
        body: Vec<u8>,
    ) -> Result<(), RuntimeApiError> {
        let mut request = self.client.post(url).header("content-type", "application/json");
        if let Some(error_type) = error_type {
            request = request.header(ERROR_TYPE, error_type);
        }
        accepted(request.body(body).send().await?).map(drop)
    }
}

fn accepted(response: Response) -> Result<Response, RuntimeApiError> {
    let status = response.status();
    if status.is_success() { Ok(response) } else { Err(RuntimeApiError::Refused(status)) }
}

fn error_body(error_type: &str, message: &str) -> Vec<u8> {
    json!({ "errorType": error_type, "errorMessage": message }).to_string().into_bytes()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Checks that an id can be a part of a URL.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
