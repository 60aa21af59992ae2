//! Rate limits by class of request.

use std::str::FromStr;

/// Kind of a request; each has limits of its own, so that one cannot starve another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrafficClass {
    /// Pages and lists.
    Read,
    /// Changes.
    Write,
    /// Sign-in and sign-out.
    SignIn,
    /// Files, pictures, feeds and sitemaps.
    Machine,
}

impl TrafficClass {
    /// Every class; its position is its number.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::SignIn, Self::Machine];

    /// Returns the name in settings, headers and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::SignIn => "sign-in",
            Self::Machine => "machine",
        }
    }

    /// Returns the default rate: more than a newsroom behind one address needs.
    fn default_rate(self) -> Rate {
        match self {
            Self::Read => Rate { requests: 100, seconds: 1 },
            Self::Write => Rate { requests: 1200, seconds: 60 },
            Self::SignIn => Rate { requests: 300, seconds: 60 },
            Self::Machine => Rate { requests: 200, seconds: 1 },
        }
    }
}

/// Number of requests in a time, all of which may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Number of requests.
    pub requests: u32,
    /// Length of the time in seconds.
    pub seconds: u32,
}

/// Rate of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The rate.
    pub rate: Rate,
    /// `true` if the configuration names the class. Only then does it apply to clients on this
    /// machine, among them a proxy that does not say for whom it asks.
    pub is_explicit: bool,
}

/// Rate limits, of each address and of each person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits(Option<[RateLimit; 4]>);

impl RateLimits {
    /// Returns the limit of a class; `None` if requests are not limited.
    pub fn of(&self, class: TrafficClass) -> Option<RateLimit> {
        self.0.as_ref()?.get(class as usize).copied()
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        let limits = TrafficClass::ALL
            .map(|class| RateLimit { rate: class.default_rate(), is_explicit: false });
        Self(Some(limits))
    }
}

impl FromStr for RateLimits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "off" => return Ok(Self(None)),
            "on" => return Ok(Self::default()),
            _ => {}
        }
        let Self(mut limits) = Self::default();
        for part in text.split(',') {
            let part = part.trim();
            let parsed = part.split_once('=').and_then(|(name, rate)| {
                let class = TrafficClass::ALL.into_iter().find(|class| class.as_str() == name)?;
                Some((class, rate.parse().ok()?))
            });
            let Some((class, rate)) = parsed else {
                return Err(format!(
                    "{part:?} is not a rate such as sign-in=10/m; write on, off, or rates for \
                     read, write, sign-in and machine, each per s, m or h"
                ));
            };
            if let Some(limit) = limits.as_mut().and_then(|limits| limits.get_mut(class as usize)) {
                *limit = RateLimit { rate, is_explicit: true };
            }
        }
        Ok(Self(limits))
    }
}

impl FromStr for Rate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (requests, unit) = text.split_once('/').ok_or(())?;
        let seconds = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return Err(()),
        };
        let requests = requests.parse().map_err(|_| ())?;
        if (1..=1_000_000).contains(&requests) { Ok(Self { requests, seconds }) } else { Err(()) }
    }
}

impl std::fmt::Display for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(limits) = &self.0 else { return f.write_str("off") };
        for (class, limit) in TrafficClass::ALL.into_iter().zip(limits) {
            let separator = if class == TrafficClass::Read { "" } else { ", " };
            let Rate { requests, seconds } = limit.rate;
            let unit = match seconds {
                1 => "s",
                60 => "m",
                _ => "h",
            };
            write!(f, "{separator}{}={requests}/{unit}", class.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_replace_the_defaults_of_their_classes() {
        let limits: RateLimits = "sign-in=10/m, read=50/s".parse().expect("good");
        let text = limits.to_string();
        assert_eq!(text, "read=50/s, write=1200/m, sign-in=10/m, machine=200/s");
        assert!(limits.of(TrafficClass::SignIn).is_some_and(|limit| limit.is_explicit));
        assert!(limits.of(TrafficClass::Write).is_some_and(|limit| !limit.is_explicit));
        assert_eq!("off".parse::<RateLimits>().expect("good").of(TrafficClass::Read), None);
        assert_eq!("on".parse(), Ok(RateLimits::default()));
    }

    #[test]
    fn a_wrong_rate_is_named() {
        for wrong in ["read", "read=1", "read=0/s", "read=1/d", "news=1/s", "", "read=-1/s"] {
            let error = wrong.parse::<RateLimits>().expect_err(wrong);
            assert!(error.contains("sign-in=10/m"), "{error}");
        }
    }
}
