//! Rules for AWS Lambda, where many processes come and go and their files with them.

use super::error::SettingErrors;
use super::variables::Variables;

/// Address of the Runtime API, which Lambda sets.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// Returns the address of the Runtime API if this process runs on AWS Lambda.
pub fn lambda_runtime_api() -> Option<String> {
    Variables::of_environment().get(RUNTIME_API).map(str::to_owned)
}

/// Returns whether nothing in the data folder outlives the process: on Lambda, unless a folder is
/// named.
pub(super) fn is_folder_temporary(environment: &Variables, values: &Variables) -> bool {
    environment.get(RUNTIME_API).is_some() && values.get("GAZETTE_DATA_DIR").is_none()
}

/// Sets what has another default on Lambda, and reports what cannot work there.
pub(super) fn apply(environment: &Variables, values: &mut Variables, errors: &mut SettingErrors) {
    if environment.get(RUNTIME_API).is_none() {
        return;
    }
    if is_folder_temporary(environment, values) {
        if values.get("GAZETTE_STORE").is_none() {
            values.set("GAZETTE_STORE", "dynamodb");
        }
        let is_embedded = values.get("GAZETTE_STORE") == Some("embedded");
        for (variable, is_wrong, needed) in [
            ("GAZETTE_STORE", is_embedded, "dynamodb"),
            ("GAZETTE_IMAGES", values.get("GAZETTE_IMAGES").is_none(), "s3://BUCKET/PREFIX"),
        ] {
            if is_wrong {
                let message = format!(
                    "must be {needed} on AWS Lambda; or set GAZETTE_DATA_DIR to a folder that lasts"
                );
                errors.add(variable, message);
            }
        }
    }
    if values.get("GAZETTE_POOL") != Some("cognito") {
        errors.add("GAZETTE_POOL", "must be cognito on AWS Lambda");
    }
    if values.get("GAZETTE_PUBLIC_URL").is_none() {
        errors.add("GAZETTE_PUBLIC_URL", "must be set on AWS Lambda");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies the rules to settings on Lambda, and returns the store and the errors.
    fn on_lambda(settings: &[(&str, &str)]) -> (Option<String>, Vec<String>) {
        let mut environment = Variables::default();
        environment.set(RUNTIME_API, "127.0.0.1:9001");
        let mut values = Variables::default();
        for (name, value) in settings {
            values.set(*name, *value);
        }
        let mut errors = SettingErrors::default();
        apply(&environment, &mut values, &mut errors);
        let errors = errors.0.into_iter().map(|error| error.variable).collect();
        (values.get("GAZETTE_STORE").map(str::to_owned), errors)
    }

    const POOL: (&str, &str) = ("GAZETTE_POOL", "cognito");
    const URL: (&str, &str) = ("GAZETTE_PUBLIC_URL", "https://news.example");
    const IMAGES: (&str, &str) = ("GAZETTE_IMAGES", "s3://bucket/images");

    #[test]
    fn the_store_is_dynamodb_unless_a_folder_lasts() {
        let dynamodb = Some("dynamodb".to_owned());
        assert_eq!(on_lambda(&[POOL, URL, IMAGES]), (dynamodb, Vec::new()));
        let folder = ("GAZETTE_DATA_DIR", "/mnt/efs");
        assert_eq!(on_lambda(&[POOL, URL, folder]), (None, Vec::new()));
    }

    #[test]
    fn f_41_what_cannot_work_on_lambda_is_refused_by_name() {
        let embedded = ("GAZETTE_STORE", "embedded");
        let (_, errors) = on_lambda(&[POOL, URL, IMAGES, embedded]);
        assert_eq!(errors, ["GAZETTE_STORE"]);
        let (_, errors) = on_lambda(&[]);
        assert_eq!(errors, ["GAZETTE_IMAGES", "GAZETTE_POOL", "GAZETTE_PUBLIC_URL"]);
        let elsewhere = Variables::default();
        let mut errors = SettingErrors::default();
        apply(&elsewhere, &mut Variables::default(), &mut errors);
        assert!(errors.0.is_empty());
    }
}
