//! IPTC-IIM: data sets in an image resource of Photoshop.

use super::Texts;

const SIGNATURE: &[u8] = b"8BIM";
/// Number of the image resource that holds IPTC.
const IPTC: u16 = 0x0404;

/// Reads the data sets of the image resources. What cannot be read is absent.
pub(super) fn read(resources: &[u8]) -> Texts {
    let mut rest = resources;
    while let Some(after) = rest.strip_prefix(SIGNATURE) {
        let Some((id, data, next)) = resource(after) else { break };
        if id == IPTC {
            return data_sets(data);
        }
        rest = next;
    }
    Texts::default()
}

/// Reads a resource after its signature: number, padded name, length, padded data.
fn resource(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (id, after) = bytes.split_first_chunk::<2>()?;
    let name_bytes = (usize::from(*after.first()?) + 1).next_multiple_of(2);
    let (length, after) = after.get(name_bytes..)?.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (data, after) = after.split_at_checked(length)?;
    let next = after.get(length % 2..).unwrap_or_default();
    Some((u16::from_be_bytes(*id), data, next))
}

fn data_sets(mut rest: &[u8]) -> Texts {
    let mut texts = Texts::default();
    while let [0x1c, record, number, high, low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        // A longer set has its length in further bytes; none of those below is that long.
        let Some((data, next)) = after.split_at_checked(length) else { break };
        let field = match (record, number) {
            (2, 80) => &mut texts.creator,
            (2, 110) => &mut texts.credit,
            (2, 116) => &mut texts.rights,
            _ => {
                rest = next;
                continue;
            }
        };
        field.get_or_insert_with(|| decode_text(data));
        rest = next;
    }
    texts
}

/// Decodes a text in UTF-8, or else in Latin-1, which older programs write.
pub(super) fn decode_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
