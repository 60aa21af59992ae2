use proptest::prelude::*;

use super::*;

fn utc(text: &str) -> Option<String> {
    parse_date(text, &TimeZone::UTC).map(|date| date.at.to_string())
}

#[test]
fn every_documented_form_is_read() {
    let morning = "2024-03-05T08:30:00Z";
    for text in [
        "2024-03-05T08:30:00Z",
        "2024-03-05 08:30:00Z",
        "2024-03-05 09:30:00 +0100",
        "2024-03-05 09:30:00 +01:00",
        "2024-03-05 00:30:00 -0800",
        "2024-03-05 00:30 -0800",
        "2024-03-05 00:30 -08",
        "2024-03-05 08:30:00 UTC",
        "2024-03-05 08:30:00.000000000 Z",
        "2024-03-05T08:30:00.000+0000",
        "2024-03-05T08:30Z",
        "2024-3-5 8:30",
        "2024/03/05 08:30",
        "2024/3/5 8:30:00",
        "2024.03.05 08:30",
        "05.03.2024 08:30",
        "20240305T083000Z",
        "20240305 083000",
        "20240305083000",
        "202403050830",
        "Tue, 05 Mar 2024 09:30:00 +0100",
        "Tue, 5 Mar 2024 08:30:00 GMT",
        "05 Mar 2024 08:30:00 UT",
        "Tue Mar 05 2024 09:30:00 GMT+0100 (Central European Standard Time)",
        "Tue Mar  5 08:30:00 UTC 2024",
        "Tue Mar  5 08:30:00 2024",
        "March 5, 2024 8:30 AM",
        "March 5th, 2024 at 8:30am",
        "5 March 2024, 08:30",
        "5th of March 2024 08:30",
        "05-Mar-2024 08:30:00",
        "Tuesday, March 5, 2024 8:30:00 a.m.",
        "2024-03-05 12:30 AM PST",
        "2024-03-05T09:30:00+01:00[Europe/Berlin]",
        "2024-03-05 09:30:00 Europe/Berlin",
        "1709627400",
        "1709627400000",
        "2024年3月5日 8:30",
    ] {
        assert_eq!(utc(text).as_deref(), Some(morning), "{text}");
    }
    for text in
        ["2024-03-05", "2024/3/5", "20240305", "March 5, 2024", "5 Mar 2024", "2024年3月5日"]
    {
        assert_eq!(utc(text).as_deref(), Some("2024-03-05T00:00:00Z"), "{text}");
    }
    assert_eq!(utc("2024-03").as_deref(), Some("2024-03-01T00:00:00Z"));
    assert_eq!(utc("2024-03-05 12:05 PM").as_deref(), Some("2024-03-05T12:05:00Z"));
    assert_eq!(utc("2016-12-31T23:59:60Z").as_deref(), Some("2016-12-31T23:59:59Z"));
}

#[test]
fn local_times_are_those_of_the_zone() {
    let zone = TimeZone::get("Europe/Berlin").expect("a zone");
    let read = |text| parse_date(text, &zone).map(|date| date.at.to_string());
    assert_eq!(read("2024-03-05 09:30").as_deref(), Some("2024-03-05T08:30:00Z"));
    assert_eq!(read("2024-07-05").as_deref(), Some("2024-07-04T22:00:00Z"));
    // The hour that a spring night leaves out.
    assert_eq!(read("2024-03-31 02:30").as_deref(), Some("2024-03-31T01:30:00Z"));
    let words = parse_date("2024-03-05 09:30 CET", &zone).expect("a date");
    assert_eq!(words.unknown_zone.as_deref(), Some("CET"));
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "",
        "soon",
        "Created",
        "Last Modified",
        "2024-13-01",
        "2024-02-30",
        "05/03/2024",
        "2024-03-05 25:00",
        "2024-03-05 09:30 +25:00",
        "2024-03-05 tomorrow morning",
        "12345",
        "0000-01-01",
        "March 2024 5",
        "Smarch 5, 2024",
    ] {
        assert_eq!(utc(text), None, "{text}");
    }
}

#[test]
fn days_are_found_in_paths_and_names() {
    let date = |year, month, day| Date::new(year, month, day).expect("a date");
    assert_eq!(day_in_path("inside-rust/2020/07/27/x"), Some(date(2020, 7, 27)));
    assert_eq!(day_in_path("2020/07/27-x/index.md"), Some(date(2020, 7, 27)));
    assert_eq!(day_in_path("2020/13/27/x"), None);
    assert_eq!(day_before_name("2026-10-05-a-story"), Some((date(2026, 10, 5), "a-story")));
    assert_eq!(day_before_name("2026-1-5-x"), Some((date(2026, 1, 5), "x")));
    assert_eq!(day_before_name("2026-10-05"), Some((date(2026, 10, 5), "")));
    for name in ["2026-13-05-x", "2026-10-051", "x", "äöüäöüäöü", "2026-10-05x"] {
        assert_eq!(day_before_name(name), None, "{name}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        let _ = parse_date(&text, &TimeZone::UTC);
        let _ = day_in_path(&text);
        let _ = day_before_name(&text);
    }

    #[test]
    fn what_jekyll_writes_is_what_it_meant(seconds in 0_i64..4_000_000_000, hours in -11_i8..=11) {
        let at = Timestamp::from_second(seconds).expect("a time");
        let zoned = at.to_zoned(TimeZone::fixed(Offset::from_hours(hours).expect("an offset")));
        for format in ["%Y-%m-%d %H:%M:%S %z", "%a, %d %b %Y %H:%M:%S %z", "%a %b %d %Y %H:%M:%S GMT%z", "%Y/%m/%d %H:%M:%S %:z"] {
            let text = zoned.strftime(format).to_string();
            prop_assert_eq!(parse_date(&text, &TimeZone::UTC).map(|date| date.at), Some(at), "{}", text);
        }
    }
}
