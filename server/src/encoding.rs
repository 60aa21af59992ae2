//! Smaller forms of what is sent (content codings, RFC 9110 §8.4.1).

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::task::spawn_blocking;

/// Bytes that are encoded where they are; more are encoded on a thread for that.
const MAX_INLINE_BYTES: usize = 64 * 1024;
/// Bits of brotli's window: 4 MiB.
const BROTLI_WINDOW: u32 = 22;

/// Content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Brotli (RFC 7932).
    Brotli,
    /// Zstandard (RFC 8878).
    Zstd,
    /// Gzip (RFC 1952).
    Gzip,
}

/// Time that an encoding may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For one response.
    Once,
    /// For bytes that many requests get.
    Shared,
}

impl Encoding {
    /// Every encoding.
    pub(crate) const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    /// Returns the encoding of a file by the ending of its name.
    pub(crate) fn of_ending(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "br" => Some(Self::Brotli),
            "zst" => Some(Self::Zstd),
            "gz" => Some(Self::Gzip),
            _ => None,
        }
    }

    /// Returns the name of the coding, as headers have it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// Returns the best encoding that a client accepts, by the values of its `Accept-Encoding`
    /// headers. Among equal ones, the smallest wins for shared bytes, else the fastest.
    pub(crate) fn preferred<'a>(
        accepted: impl Iterator<Item = &'a str>,
        effort: Effort,
    ) -> Option<Self> {
        let order = match effort {
            Effort::Shared => [Self::Brotli, Self::Zstd, Self::Gzip],
            Effort::Once => [Self::Zstd, Self::Gzip, Self::Brotli],
        };
        let mut qualities = Qualities::default();
        accepted.flat_map(|value| value.split(',')).for_each(|range| qualities.read(range));
        let mut best: Option<(Self, u16)> = None;
        for encoding in order {
            let quality = qualities.of(encoding);
            if quality > best.map_or(0, |(_, quality)| quality) {
                best = Some((encoding, quality));
            }
        }
        best.map(|(encoding, _)| encoding)
    }

    /// Encodes bytes.
    fn encode(self, bytes: &[u8], effort: Effort) -> std::io::Result<Vec<u8>> {
        let is_shared = effort == Effort::Shared;
        match self {
            Self::Brotli => {
                let quality = if is_shared { 6 } else { 3 };
                let encoded = Vec::with_capacity(bytes.len() / 3);
                let mut writer =
                    brotli::CompressorWriter::new(encoded, 4096, quality, BROTLI_WINDOW);
                writer.write_all(bytes)?;
                writer.flush()?;
                Ok(writer.into_inner())
            }
            Self::Zstd => zstd::bulk::compress(bytes, if is_shared { 9 } else { 3 }),
            Self::Gzip => {
                let level = Compression::new(if is_shared { 7 } else { 4 });
                let mut writer = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
                writer.write_all(bytes)?;
                writer.finish()
            }
        }
    }
}

/// Qualities in thousandths that a client gives the encodings.
#[derive(Default)]
struct Qualities {
    brotli: Option<u16>,
    zstd: Option<u16>,
    gzip: Option<u16>,
    /// That of `*`, which stands for those that are not named.
    any: Option<u16>,
}

impl Qualities {
    /// Reads one range of `Accept-Encoding`, such as `br;q=0.5`.
    fn read(&mut self, range: &str) {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let slot = if name.eq_ignore_ascii_case("br") {
            &mut self.brotli
        } else if name.eq_ignore_ascii_case("zstd") {
            &mut self.zstd
        } else if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
            &mut self.gzip
        } else if name == "*" {
            &mut self.any
        } else {
            return;
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        *slot = Some(quality.map_or(1_000, thousandths));
    }

    fn of(&self, encoding: Encoding) -> u16 {
        let own = match encoding {
            Encoding::Brotli => self.brotli,
            Encoding::Zstd => self.zstd,
            Encoding::Gzip => self.gzip,
        };
        own.or(self.any).unwrap_or(0)
    }
}

/// Reads a quality such as `0.75`; 0 if it is none.
fn thousandths(text: &str) -> u16 {
    let quality = text.parse::<f32>().ok().filter(|quality| (0.0..=1.0).contains(quality));
    // At most 1000.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
    quality.map_or(0, |quality| (quality * 1_000.0).round() as u16)
}

/// Encoded forms of bytes that are sent more than once. Each is made when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct EncodedForms([OnceLock<Bytes>; Encoding::ALL.len()]);

impl EncodedForms {
    /// Adds a form that was made before.
    pub(crate) fn insert(&self, encoding: Encoding, bytes: Bytes) {
        let Self([brotli, zstd, gzip]) = self;
        let slot = match encoding {
            Encoding::Brotli => brotli,
            Encoding::Zstd => zstd,
            Encoding::Gzip => gzip,
        };
        // Another request may have made the same form in the meantime.
        let _ = slot.set(bytes);
    }

    fn get(&self, encoding: Encoding) -> Option<Bytes> {
        let Self([brotli, zstd, gzip]) = self;
        let slot = match encoding {
            Encoding::Brotli => brotli,
            Encoding::Zstd => zstd,
            Encoding::Gzip => gzip,
        };
        slot.get().cloned()
    }

    /// Returns a form of the bytes to which these forms belong; `None` if it cannot be made.
    pub(crate) async fn of(self: &Arc<Self>, bytes: &Bytes, encoding: Encoding) -> Option<Bytes> {
        if let Some(form) = self.get(encoding) {
            return Some(form);
        }
        let form = encoded(bytes, encoding, Effort::Shared).await?;
        self.insert(encoding, form.clone());
        Some(form)
    }
}

/// Encodes bytes; `None` if that fails.
pub(crate) async fn encoded(bytes: &Bytes, encoding: Encoding, effort: Effort) -> Option<Bytes> {
    let encode = {
        let bytes = bytes.clone();
        move || encoding.encode(&bytes, effort)
    };
    let result = if bytes.len() <= MAX_INLINE_BYTES {
        encode()
    } else {
        spawn_blocking(encode).await.map_err(std::io::Error::other).flatten()
    };
    let result = result.inspect_err(|error| tracing::warn!(%error, "a response is not compressed"));
    result.ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_client_decides_then_the_size_or_the_time() {
        let preferred = |header: &str, effort| {
            Encoding::preferred([header].into_iter(), effort).map_or("", Encoding::name)
        };
        for (header, shared, once) in [
            ("gzip, deflate, br, zstd", "br", "zstd"),
            ("gzip, deflate, br", "br", "gzip"),
            ("gzip", "gzip", "gzip"),
            ("X-GZIP", "gzip", "gzip"),
            ("br;q=0.5, gzip;q=0.9", "gzip", "gzip"),
            ("*", "br", "zstd"),
            ("*, br;q=0", "zstd", "zstd"),
            ("br;q=0, gzip;q=0", "", ""),
            ("identity", "", ""),
            ("br;q=NaN, zstd;q=2", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(preferred(header, Effort::Shared), shared, "{header}");
            assert_eq!(preferred(header, Effort::Once), once, "{header}");
        }
    }

    #[tokio::test]
    async fn every_form_is_decoded_to_the_same_bytes() {
        let text = "A line of news. ".repeat(10_000);
        let bytes = Bytes::from(text.clone());
        for encoding in Encoding::ALL {
            for effort in [Effort::Once, Effort::Shared] {
                let form = encoded(&bytes, encoding, effort).await.expect("encoded");
                assert!(form.len() < bytes.len() / 50, "{encoding:?}: {}", form.len());
                let mut decoded = String::new();
                match encoding {
                    Encoding::Brotli => {
                        let mut reader = brotli::Decompressor::new(&*form, 4096);
                        reader.read_to_string(&mut decoded).expect("brotli");
                    }
                    Encoding::Zstd => {
                        let bytes = zstd::decode_all(&*form).expect("zstd");
                        decoded = String::from_utf8(bytes).expect("text");
                    }
                    Encoding::Gzip => {
                        let mut reader = flate2::read::GzDecoder::new(&*form);
                        reader.read_to_string(&mut decoded).expect("gzip");
                    }
                }
                assert_eq!(decoded, text);
            }
        }
    }

    #[tokio::test]
    async fn a_form_is_made_once() {
        let (forms, bytes) = (Arc::new(EncodedForms::default()), Bytes::from("x".repeat(2_000)));
        let first = forms.of(&bytes, Encoding::Gzip).await.expect("encoded");
        let second = forms.of(&bytes, Encoding::Gzip).await.expect("encoded");
        assert_eq!(first.as_ptr(), second.as_ptr());
    }
}
