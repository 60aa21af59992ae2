//! Storage of uploaded pictures.

use std::fmt;
use std::str::FromStr;

use clap::Args;

use super::store::StoreConfig;

/// Storage of uploaded pictures.
#[derive(Args, Clone, Debug)]
pub struct ImageConfig {
    /// Bucket of uploaded pictures, `s3://BUCKET/PREFIX`; the data folder if not set.
    #[arg(id = "images", long = "images", env = "GAZETTE_IMAGES", value_name = "URL")]
    pub bucket: Option<Bucket>,
}

/// A bucket of Amazon S3, and the beginning of the names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Name of the bucket.
    pub name: String,
    /// Beginning of names, without a slash at the end; may be empty.
    pub prefix: String,
}

impl ImageConfig {
    /// Returns why other instances on the same table would not find the pictures; `None` if they
    /// would.
    pub fn warning(&self, store: &StoreConfig) -> Option<String> {
        // A store that several processes share keeps no session key in the data folder.
        let is_lost = self.bucket.is_none() && !store.keeps_session_key();
        is_lost.then(|| {
            "pictures are kept in the data folder of this instance, where other instances of the \
             same table do not find them; set GAZETTE_IMAGES to s3://BUCKET/PREFIX if there are any"
                .to_owned()
        })
    }
}

impl FromStr for Bucket {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = text.strip_prefix("s3://").ok_or("must be s3://BUCKET or s3://BUCKET/PREFIX")?;
        let (name, prefix) = path.split_once('/').unwrap_or((path, ""));
        let is_in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if !(3..=63).contains(&name.len()) || !name.chars().all(is_in_name) || name.contains("..") {
            return Err("a bucket has 3 to 63 lower-case letters, digits, - and .".to_owned());
        }
        let prefix = prefix.trim_end_matches('/');
        let is_in_prefix = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
        let is_part = |part: &str| !matches!(part, "" | "." | "..");
        let is_good = prefix.chars().all(is_in_prefix) && prefix.split('/').all(is_part);
        if prefix.len() > 500 || !(prefix.is_empty() || is_good) {
            return Err("a prefix has letters, digits, -, ., _ and single slashes".to_owned());
        }
        Ok(Self { name: name.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.prefix.is_empty() { "" } else { "/" };
        write!(formatter, "s3://{}{separator}{}", self.name, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_parsed_strictly() {
        let bucket = |text: &str| text.parse::<Bucket>().map(|bucket| bucket.to_string());
        assert_eq!(bucket("s3://news.example/a/b/"), Ok("s3://news.example/a/b".to_owned()));
        assert_eq!(bucket("s3://news"), Ok("s3://news".to_owned()));
        for bad in [
            "news",
            "https://news",
            "s3://",
            "s3://ab",
            "s3://News",
            "s3://a..b",
            "s3://news/a//b",
            "s3://news/../b",
            "s3://news/a b",
            "s3://news/?x",
        ] {
            assert!(bucket(bad).is_err(), "{bad}");
        }
    }
}
