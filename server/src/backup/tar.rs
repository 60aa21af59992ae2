//! Headers of tar (POSIX ustar), of regular files only.

/// Size of a header, and of the blocks that content is filled up to.
pub(super) const BLOCK: usize = 512;
/// Longest name of a file.
const MAX_NAME_BYTES: usize = 100;
/// Place of the checksum.
const CHECKSUM: std::ops::Range<usize> = 148..156;

/// A regular file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Path within the archive.
    pub(super) name: String,
    /// Size of the content in bytes.
    pub(super) size: u64,
}

impl Header {
    /// Writes the header, with a time in seconds. Returns `None` for a name that is too long.
    pub(super) fn to_block(&self, at: i64) -> Option<Vec<u8>> {
        if self.name.len() > MAX_NAME_BYTES {
            return None;
        }
        let mut block = Vec::with_capacity(BLOCK);
        let mut field = |text: &str, size: usize| {
            let end = block.len() + size;
            block.extend(text.as_bytes());
            block.resize(end, 0);
        };
        field(&self.name, 100);
        field("0000600", 8);
        field("0000000", 8);
        field("0000000", 8);
        field(&format!("{:011o}", self.size), 12);
        field(&format!("{:011o}", at.max(0)), 12);
        // The checksum is made with spaces in its place.
        field("        ", 8);
        field("0", 101);
        field("ustar", 6);
        field("00", 249);
        let sum = format!("{:06o}\0 ", sum(&block));
        block.splice(CHECKSUM, sum.bytes());
        Some(block)
    }

    /// Reads a header; `None` if the block is not one of a regular file.
    pub(super) fn of_block(block: &[u8]) -> Option<Self> {
        let mut blank = block.to_vec();
        blank.get_mut(CHECKSUM)?.fill(b' ');
        let is_whole = octal(block.get(CHECKSUM)?)? == u64::from(sum(&blank));
        if !is_whole || block.get(257..262)? != b"ustar" || block.get(156)? != &b'0' {
            return None;
        }
        let name = block.get(..MAX_NAME_BYTES)?;
        let name = name.split(|byte| *byte == 0).next()?;
        let name = std::str::from_utf8(name).ok()?.to_owned();
        Some(Self { name, size: octal(block.get(124..136)?)? })
    }
}

/// Returns the number of zeros after content of a size.
pub(super) fn padding(size: u64) -> usize {
    let rest = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    (BLOCK - rest) % BLOCK
}

fn sum(block: &[u8]) -> u32 {
    block.iter().map(|byte| u32::from(*byte)).sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}
