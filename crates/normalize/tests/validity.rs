//! Dates that do not exist, years outside of their era, and what the context completes.

use chohyo_normalize::era::Era;
use chohyo_normalize::{Context, Found, Kind, scan};

fn one(text: &str) -> Found {
    let mut found = scan(text, &Context::default());
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

fn flags(found: &Found) -> Vec<&'static str> {
    found.flags.iter().collect()
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for (text, flag) in [
        ("令和2年2月30日", "invalid_day"),
        ("2021年2月29日", "invalid_day"),
        ("R3.2.29", "invalid_day"),
        ("平成30年4月31日", "invalid_day"),
        ("令和元年13月1日", "invalid_month"),
        ("令和0年1月1日", "invalid_year"),
    ] {
        let found = one(text);
        assert_eq!(found.kind, Kind::Invalid, "{text}");
        assert!(flags(&found).contains(&flag), "{text}: {:?}", found.flags);
        assert_eq!((found.period, found.value), (None, None), "{text}");
        assert_eq!(found.span, 0..text.len(), "{text}");
    }
}

#[test]
fn leap_days_exist() {
    for (text, iso) in
        [("令和2年2月29日", "2020-02-29"), ("2000/2/29", "2000-02-29"), ("2月29日", "XXXX-02-29")]
    {
        assert_eq!(one(text).iso().as_deref(), Some(iso), "{text}");
    }
}

#[test]
fn years_past_their_era_are_plain_arithmetic() {
    for (text, iso) in [
        ("平成32年", "2020"),
        ("平成32年4月1日", "2020-04-01"),
        ("平成31年5月1日", "2019-05-01"),
        ("昭和64年1月8日", "1989-01-08"),
        ("昭和65年度", "1990-04-01/1991-03-31"),
        ("平成35年度", "2023-04-01/2024-03-31"),
    ] {
        let found = one(text);
        assert_eq!(found.iso().as_deref(), Some(iso), "{text}");
        assert!(flags(&found).contains(&"era_overflow"), "{text}: {:?}", found.flags);
    }
}

#[test]
fn the_edges_of_the_eras() {
    for (text, flag) in [
        ("平成31年4月30日", None),
        ("昭和64年1月7日", None),
        ("令和元年5月1日", Some("era_boundary")),
        ("大正元年7月30日", Some("era_boundary")),
        ("明治45年7月30日", Some("era_boundary")),
        ("令和元年4月30日", Some("era_underflow")),
        ("平成元年1月7日", Some("era_underflow")),
        ("平成31年度", Some("era_crosses")),
    ] {
        let found = one(text);
        let edges: Vec<_> = flags(&found).into_iter().filter(|flag| flag.starts_with("era_")).collect();
        assert_eq!(edges, flag.into_iter().collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn two_notations_of_one_year() {
    for text in ["2020（令和2）年", "令和2年（2020年）", "令和２(2020)年", "2020年(R2年)"] {
        let found = one(text);
        assert_eq!((found.iso().as_deref(), flags(&found)), (Some("2020"), vec!["dual_notation"]), "{text}");
    }
    assert_eq!(flags(&one("令和2年(2019年)")), ["dual_notation", "dual_mismatch"]);
    assert_eq!(one("平成31・令和元年度").value_text().as_deref(), Some("2019"));
}

#[test]
fn the_context_completes_what_is_left_out() {
    let iso = |text: &str, context: &Context| {
        scan(text, context).iter().map(|found| found.iso().unwrap_or_default()).collect::<Vec<_>>()
    };
    let sheet = Context::default().with_fiscal_year(2020);
    assert_eq!(iso("7月に開始、2月に終了", &sheet), ["2020-07", "2021-02"]);
    assert_eq!(iso("今年度末", &sheet), ["2021-03-31"]);
    assert_eq!(iso("前年度", &sheet), ["2019-04-01/2020-03-31"]);
    assert_eq!(iso("29年度", &sheet), ["2017-04-01/2018-03-31"]);
    assert_eq!(iso("3年度", &sheet), ["2021-04-01/2022-03-31"]);
    let heisei = Context::default().with_era(Era::Heisei);
    assert_eq!(iso("3年度", &heisei), ["1991-04-01/1992-03-31"]);
    // The era that the text named last counts for what follows.
    assert_eq!(
        iso("昭和60年度、61年度", &Context::default()),
        ["1985-04-01/1986-03-31", "1986-04-01/1987-03-31"]
    );
    // Without anything known, the sixth year may be one of three eras.
    assert_eq!(iso("6年度", &Context::default()), [""]);
}

#[test]
fn numbers_that_name_are_not_counted() {
    for text in [
        "①検討",
        "(1)検討",
        "１．検討",
        "障発0327第16号",
        "〒060-8611",
        "第84号",
        "COVID-19",
        "A4用紙",
        "一部の地域",
    ] {
        let numbers: Vec<_> =
            scan(text, &Context::default()).into_iter().filter(|found| found.kind == Kind::Number).collect();
        assert_eq!(numbers, [], "{text}");
    }
}
