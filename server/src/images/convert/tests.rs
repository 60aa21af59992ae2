//! Tiny files of every format, made here, and files that must be refused.

mod files;

use self::files::{
    animation, chunk, graphic, jpeg, noise, png, png_of_size, with_segments, with_webp_chunks,
};
use super::*;

fn converted(bytes: Vec<u8>) -> Converted {
    convert(bytes.into()).expect("a picture")
}

fn refused(bytes: Vec<u8>) -> ImageError {
    convert(bytes.into()).expect_err("no picture")
}

/// Decodes a converted file.
fn decoded(file: &Bytes) -> Pixels {
    let wanted = Wanted { swapped: false, deadline: Instant::now() + MAX_DECODING_TIME };
    decode(sniff(file).expect("a picture"), file, wanted).expect("decoded")
}

fn sizes(converted: &Converted) -> Vec<(u32, u32)> {
    converted.files.iter().map(|(name, _)| (name.width, name.height)).collect()
}

#[test]
fn a_photograph_becomes_jpeg_in_every_width_up_to_its_own() {
    let photograph = converted(jpeg(&noise(2500, 500)));
    assert_eq!(photograph.name.format, ImageFormat::Jpeg);
    let all = [(1920, 384), (1280, 256), (960, 192), (640, 128), (320, 64)];
    assert_eq!(sizes(&photograph), all);
    for (name, file) in &photograph.files {
        let pixels = decoded(file);
        assert_eq!((pixels.width, pixels.height), (name.width, name.height));
    }
    assert_eq!(sizes(&converted(jpeg(&noise(500, 40)))), [(500, 40), (320, 26)]);
    assert_eq!(sizes(&converted(jpeg(&noise(1, 1)))), [(1, 1)]);
}

#[test]
fn a_graphic_stays_without_loss_and_transparent_parts_stay() {
    let opaque = converted(png(&graphic(700, 300, Channels::Rgb)));
    assert_ne!(opaque.name.format, ImageFormat::Jpeg);
    assert_eq!(decoded(&opaque.files[0].1).data, graphic(700, 300, Channels::Rgb).data);
    let transparent = converted(png(&graphic(700, 300, Channels::Rgba)));
    assert_ne!(transparent.name.format, ImageFormat::Jpeg);
    assert_eq!(decoded(&transparent.files[0].1), graphic(700, 300, Channels::Rgba));
    let mut noise = noise(300, 300);
    noise.data =
        noise.data.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 99]).collect();
    noise.channels = Channels::Rgba;
    assert_ne!(converted(png(&noise)).name.format, ImageFormat::Jpeg);
}

#[test]
fn a_photograph_in_png_becomes_a_smaller_jpeg() {
    let source = png(&noise(400, 400));
    let length = source.len();
    let photograph = converted(source);
    assert_eq!(photograph.name.format, ImageFormat::Jpeg);
    assert!(photograph.files[0].1.len() < length);
}

#[test]
fn webp_and_the_first_frame_of_a_gif_are_read() {
    let source = graphic(330, 200, Channels::Rgba);
    let webp = converted(encode(&source, ImageFormat::Webp).expect("encoded"));
    assert_eq!(decoded(&webp.files[0].1), source);
    let gif = converted(animation());
    assert_eq!(sizes(&gif), [(4, 3)]);
    let first = decoded(&gif.files[0].1);
    assert_eq!(first.channels, Channels::Rgba);
    // The frame is one red pixel at (2, 1) of the canvas.
    let opaque: Vec<usize> =
        first.data.chunks(4).enumerate().filter(|(_, it)| it[3] > 0).map(|(at, _)| at).collect();
    assert_eq!(opaque, [6]);
    assert_eq!(&first.data[24..28], [255, 0, 0, 255]);
}

#[test]
fn the_same_file_has_the_same_name() {
    let file = jpeg(&noise(10, 10));
    let name = converted(file.clone()).name;
    assert_eq!(converted(file).name, name);
    assert_ne!(converted(jpeg(&noise(11, 10))).name.id, name.id);
}

#[test]
fn the_orientation_is_applied() {
    let turned = converted(with_segments(&jpeg(&noise(700, 100)), 6, "secret"));
    assert_eq!(sizes(&turned), [(100, 700)]);
    let upright = converted(with_segments(&jpeg(&noise(700, 100)), 1, "secret"));
    assert_eq!(sizes(&upright)[0], (700, 100));
}

#[test]
fn rights_are_kept_and_all_other_metadata_is_dropped() {
    let secret = "secret-place-of-the-photographer";
    let file = with_segments(&jpeg(&noise(700, 100)), 1, secret);
    assert!(String::from_utf8_lossy(&file).contains(secret));
    let jpeg = converted(file);
    assert_eq!(jpeg.rights.credit.as_deref(), Some("Ada / Agency"));
    assert_eq!(jpeg.rights.licence.as_deref(), Some("https://example.com/licence"));
    let webp = encode(&graphic(50, 50, Channels::Rgb), ImageFormat::Webp).expect("encoded");
    let webp = converted(with_webp_chunks(&webp, 1, secret));
    assert_eq!(webp.rights.credit.as_deref(), Some("Ada / Agency"));
    for (_, file) in jpeg.files.iter().chain(&webp.files) {
        for kind in
            [secret, "Exif", "EXIF", "eXIf", "XMP", "xap", "Photoshop", "8BIM", "ICC", "Ada"]
        {
            assert!(!String::from_utf8_lossy(file).contains(kind), "{kind}");
        }
    }
}

#[test]
fn a_profile_is_applied() {
    let mut pixels = noise(8, 8);
    pixels.data.fill(0);
    pixels.data.chunks_mut(3).for_each(|pixel| pixel[0] = 200);
    let profile = moxcms::ColorProfile::new_display_p3().encode().expect("a profile");
    let converted = to_srgb(pixels.clone(), Some(&profile));
    assert!(converted.data[0] > 200, "{:?}", &converted.data[..3]);
    assert_eq!(to_srgb(pixels.clone(), Some(b"no profile")), pixels);
}

#[test]
fn bombs_are_refused_before_they_are_decoded() {
    let start = Instant::now();
    let large = ImageError::TooManyPixels { width: 60_000, height: 60_000 };
    assert_eq!(refused(png_of_size(60_000, 60_000, &[])), large);
    let long = ImageError::TooLong { width: 70_000, height: 2 };
    assert_eq!(refused(png_of_size(70_000, 2, &[])), long);
    // A header that promises much and data that unpack to much more than the picture.
    let deflated = chunk(*b"IDAT", &[0x78, 0x9c, 0xed, 0xc1, 0x01, 0x01, 0, 0, 0, 0x80, 0x90]);
    assert!(matches!(
        refused(png_of_size(7_000, 7_000, &deflated)),
        ImageError::Truncated | ImageError::Damaged("PNG")
    ));
    let mut gif = animation();
    gif[6..10].copy_from_slice(&[0xff; 4]);
    assert!(matches!(refused(gif), ImageError::TooManyPixels { .. }));
    let mut jpeg = jpeg(&noise(16, 16));
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert!(matches!(refused(jpeg), ImageError::TooManyPixels { .. }));
    assert_eq!(refused(vec![0xff; MAX_FILE_BYTES + 1]), ImageError::TooLarge);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_jpeg_of_many_passes_is_refused() {
    let mut file = jpeg(&noise(16, 16));
    file.truncate(file.len() - 2);
    for _ in 0..=MAX_SCANS {
        file.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
    }
    assert!(matches!(refused(file), ImageError::UnsupportedFeature { .. }));
}

#[test]
fn a_file_that_breaks_off_anywhere_is_refused() {
    let pixels = graphic(40, 30, Channels::Rgb);
    let webp = encode(&pixels, ImageFormat::Webp).expect("encoded");
    for (file, spared) in
        [(jpeg(&noise(40, 30)), 0), (png(&pixels), 0), (webp, 1), (animation(), 0)]
    {
        for length in 3..file.len() - spared {
            let cut = file[..length].to_vec();
            assert!(convert(cut.into()).is_err(), "{length} of {}", file.len());
        }
        converted(file);
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let files = [jpeg(&noise(24, 24)), png(&noise(24, 24)), animation()];
    let mut random = fastrand::Rng::with_seed(7);
    for file in files {
        for _ in 0..300 {
            let mut damaged = file.clone();
            for _ in 0..3 {
                let at = random.usize(..damaged.len());
                damaged[at] = random.u8(..);
            }
            let _ = convert(damaged.into());
        }
    }
}

#[test]
fn what_follows_a_picture_is_dropped() {
    let mut file = jpeg(&noise(20, 20));
    file.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
    let polyglot = converted(file);
    assert!(!polyglot.files[0].1.windows(8).any(|part| part == b"<script>"));
    let mut comment = b"GIF89a/*".to_vec();
    comment.extend_from_slice(b"=1;alert(1)//");
    assert!(convert(comment.into()).is_err());
}
