//! The name API Gateway gives to what is asked for.

/// The name of a route of a deployed API.
///
/// `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`.
/// Source: API Gateway developer guide, "Control access to a REST API with IAM permissions".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResourceName<'a> {
    api_and_stage: &'a str,
}

impl<'a> ResourceName<'a> {
    /// Reads a name; whatever could stand for more than one API or stage is none.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        let mut parts = name.splitn(4, '/');
        let (api, stage) = (parts.next()?, parts.next()?);
        let (_method, _path) = (parts.next()?, parts.next());
        let api_is_plain =
            api.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-".contains(&byte));
        let stage_is_plain =
            stage.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"$_-".contains(&byte));
        let fields: Vec<_> = api.split(':').collect();
        let is_complete = matches!(
            fields.as_slice(),
            ["arn", partition, "execute-api", region, account, id]
                if ![partition, region, account, id].iter().any(|field| field.is_empty())
        );
        if !is_complete || !api_is_plain || stage.is_empty() || !stage_is_plain {
            return None;
        }
        Some(Self { api_and_stage: name.get(..api.len() + 1 + stage.len())? })
    }

    /// The name of another route of the same API and stage.
    pub(crate) fn route(self, method: &str, path: &str) -> String {
        format!("{}/{method}{path}", self.api_and_stage)
    }

    /// The name of all its routes.
    pub(crate) fn whole_api(self) -> String {
        format!("{}/*", self.api_and_stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_of_the_same_api_can_be_named() {
        let name = "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/$default/GET/news/a";
        let name = ResourceName::parse(name).unwrap();
        let api = "arn:aws-cn:execute-api:cn-north-1:123456789012:abcdef1234/$default";
        assert_eq!(name.route("DELETE", "/news"), format!("{api}/DELETE/news"));
        assert_eq!(name.whole_api(), format!("{api}/*"));
        let root = "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/";
        assert!(ResourceName::parse(root).is_some());
    }

    #[test]
    fn what_could_mean_more_than_one_api_is_no_name() {
        for name in [
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
            assert_eq!(ResourceName::parse(name), None, "{name}");
        }
    }
}
