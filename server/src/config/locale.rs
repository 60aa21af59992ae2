//! Language and time zone of the site.

use clap::Args;
use gazette_domain::Language;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Language and time zone of the site.
#[derive(Args, Clone, Debug)]
pub struct LocaleConfig {
    /// Language of the stories, as a tag such as en, pt-BR or ar. A story can have another one.
    #[arg(
        long,
        env = "GAZETTE_LANGUAGE",
        value_name = "TAG",
        default_value = "en",
        value_parser = language
    )]
    pub language: Language,
    /// Time zone in which pages show times, such as Europe/Prague.
    #[arg(
        long,
        env = "GAZETTE_TIME_ZONE",
        value_name = "ZONE",
        default_value = "UTC",
        value_parser = time_zone
    )]
    pub time_zone: TimeZone,
    /// The time zone was configured.
    #[arg(skip)]
    pub is_zone_given: bool,
}

impl LocaleConfig {
    /// Returns the name of the time zone.
    pub fn zone_name(&self) -> &str {
        self.time_zone.iana_name().unwrap_or_default()
    }
}

fn language(text: &str) -> Result<Language, String> {
    text.parse().map_err(|_| {
        format!(
            "{text:?} is not a language tag; use one such as en, pt-BR or zh-Hant, with hyphens"
        )
    })
}

/// Finds a zone in the database of this program, so that it is the same on every machine.
fn time_zone(text: &str) -> Result<TimeZone, String> {
    let zone = TimeZoneDatabase::bundled().get(text).ok().filter(|zone| !zone.is_unknown());
    zone.ok_or_else(|| {
        format!("{text:?} is not a time zone; use UTC or a name such as Europe/Prague (IANA)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_an_iana_name_in_any_case() {
        for (given, name) in [
            ("Europe/Prague", "Europe/Prague"),
            ("asia/tokyo", "Asia/Tokyo"),
            ("utc", "UTC"),
            ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ] {
            assert_eq!(time_zone(given).expect("a zone").iana_name(), Some(name));
        }
        for bad in ["Europe/Pargue", "+02:00", "Etc/Unknown", "../etc/passwd", ":CET", "local"] {
            let message = time_zone(bad).expect_err("no zone");
            assert!(message.contains(bad) && message.contains("Europe/Prague"), "{message}");
        }
    }

    #[test]
    fn a_language_is_a_tag() {
        assert_eq!(language("PT-br").expect("a language").as_str(), "pt-BR");
        let message = language("en_US").expect_err("no tag");
        assert!(message.contains("en_US") && message.contains("hyphens"), "{message}");
    }
}
