//! The ARNs of API Gateway routes.

/// ARN of a route of a deployed API.
///
/// `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`.
/// Source: API Gateway developer guide, "Control access to a REST API with IAM permissions".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResourceArn<'a> {
    api_and_stage: &'a str,
}

impl<'a> ResourceArn<'a> {
    /// Parses an ARN; refuses wildcards, which could match more than one API or stage.
    pub(crate) fn parse(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(4, '/');
        let (api, stage) = (parts.next()?, parts.next()?);
        let (_method, _path) = (parts.next()?, parts.next());
        let is_plain_api =
            api.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-".contains(&byte));
        let is_plain_stage =
            stage.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"$_-".contains(&byte));
        let fields: Vec<_> = api.split(':').collect();
        let is_complete = matches!(
            fields.as_slice(),
            ["arn", partition, "execute-api", region, account, id]
                if ![partition, region, account, id].iter().any(|field| field.is_empty())
        );
        if !is_complete || !is_plain_api || stage.is_empty() || !is_plain_stage {
            return None;
        }
        Some(Self { api_and_stage: arn.get(..api.len() + 1 + stage.len())? })
    }

    /// Returns the ARN of another route of the same API and stage.
    pub(crate) fn route(self, method: &str, path: &str) -> String {
        format!("{}/{method}{path}", self.api_and_stage)
    }

    /// Returns the ARN of all routes of the API and stage.
    pub(crate) fn whole_api(self) -> String {
        format!("{}/*", self.api_and_stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_routes_of_the_same_api_have_arns() {
        let arn = "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/$default/GET/news/a";
        let arn = ResourceArn::parse(arn).unwrap();
        let api = "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/$default";
        assert_eq!(arn.route("DELETE", "/news"), format!("{api}/DELETE/news"));
        assert_eq!(arn.whole_api(), format!("{api}/*"));
        let root = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/";
        assert!(ResourceArn::parse(root).is_some());
    }

    #[test]
    fn ambiguous_or_incomplete_arns_are_refused() {
        for arn in [
            "",
            "*",
            "arn:aws:execute-api:*:*:*/*/GET/news",
            "arn:aws:execute-api:eu-west-1:123456789012:*/prod/GET/news",
            "arn:aws:execute-api:eu-west-1:123456789012:abc/*/GET/news",
            "arn:aws:execute-api:eu-west-1:123456789012:abc/pro?/GET/news",
            "arn:aws:execute-api:eu-west-1:123456789012:abc//GET/news",
            "arn:aws:execute-api:eu-west-1:123456789012:abc/prod",
            "arn:aws:execute-api:eu-west-1::abc/prod/GET/news",
            "arn:aws:s3:eu-west-1:123456789012:abc/prod/GET/news",
            "arn:aws:execute-api:eu-west-1:123456789012:abc:more/prod/GET/news",
            "${aws:username}:aws:execute-api:eu-west-1:1:abc/prod/GET/news",
        ] {
            assert_eq!(ResourceArn::parse(arn), None, "{arn}");
        }
    }
}
