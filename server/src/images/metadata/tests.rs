use super::*;

#[test]
fn hostile_metadata_is_ignored() {
    for bytes in [
        &b""[..],
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1\0\x00",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\xff\xd8\xff\xff\xff\xff\xff",
        b"\xff\xd8\xff\xe1\0\x10Exif\0\0MM\0*\xff\xff\xff\xff",
    ] {
        let metadata = read(SourceFormat::Jpeg, bytes);
        assert_eq!(metadata.rights, Rights::default());
        read(SourceFormat::Png, bytes);
        read(SourceFormat::Webp, bytes);
    }
    assert_eq!(exif::read(b"II*\0\x08\0\0\0\xff\xff").orientation, Orientation::default());
    assert_eq!(iptc::read(b"8BIM\x04\x04\0\0\xff\xff\xff\xff"), Texts::default());
}

#[test]
fn xmp_is_read_in_both_of_its_forms() {
    let packet = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>
        <rdf:Description photoshop:Credit="Agency &amp; Sons" xmpRights:WebStatement="https://example.com/l">
          <dc:creator><rdf:Seq>
            <rdf:li>Ada Lovelace</rdf:li>
            <rdf:li>Zoë &lt;Z&gt;</rdf:li>
          </rdf:Seq></dc:creator>
          <dc:rights><rdf:Alt>
            <rdf:li xml:lang="x-default">© 2026</rdf:li><rdf:li xml:lang="de">© im Jahr 2026</rdf:li>
          </rdf:Alt></dc:rights>
          <Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A river</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
        </rdf:Description></rdf:RDF></x:xmpmeta>"#;
    let texts = xmp::read(packet.as_bytes());
    assert_eq!(texts.creator.as_deref(), Some("Ada Lovelace, Zoë <Z>"));
    assert_eq!(texts.credit.as_deref(), Some("Agency & Sons"));
    assert_eq!(texts.licence.as_deref(), Some("https://example.com/l"));
    assert_eq!(texts.rights.as_deref(), Some("© 2026"));
    assert_eq!(texts.alt.as_deref(), Some("A river"));
    let licence =
        r#"<r><cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/></r>"#;
    let licence = xmp::read(licence.as_bytes()).licence;
    assert_eq!(licence.as_deref(), Some("https://creativecommons.org/licenses/by/4.0/"));
    assert_eq!(xmp::read(b"<a><b></a>"), Texts::default());
}

#[test]
fn the_credit_names_maker_and_provider() {
    let of = |creator: &str, credit: &str| {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let texts = Texts { creator: text(creator), credit: text(credit), ..Texts::default() };
        Rights::of(&[Texts::default(), texts, Texts::default()]).credit
    };
    assert_eq!(of("Ada", "Agency").as_deref(), Some("Ada / Agency"));
    assert_eq!(of("Ada", "Ada/Agency").as_deref(), Some("Ada/Agency"));
    assert_eq!(of("Ada", "").as_deref(), Some("Ada"));
    assert_eq!(of(" \u{202e} ", "Agency").as_deref(), Some("Agency"));
    assert_eq!(of("", ""), None);
}

#[test]
fn iptc_is_read_in_utf_8_and_latin_1() {
    let set = |number: u8, text: &[u8]| {
        let length = u16::try_from(text.len()).expect("short").to_be_bytes();
        [&[0x1c, 2, number], &length[..], text].concat()
    };
    let data = [set(5, b"title"), set(80, b"Zo\xeb"), set(110, "Zoë & Co".as_bytes())].concat();
    let length = u32::try_from(data.len()).expect("short").to_be_bytes();
    let other = b"8BIM\x03\xed\x03abc\0\0\0\x01x\0";
    let resources = [&other[..], b"8BIM\x04\x04\0\0", &length, &data].concat();
    let texts = iptc::read(&resources);
    assert_eq!(texts.creator.as_deref(), Some("Zoë"));
    assert_eq!(texts.credit.as_deref(), Some("Zoë & Co"));
}
