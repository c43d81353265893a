//! Expressions as dumps of PDFs yield them: broken by line ends, letter-spaced, with radicals.

use chohyo_normalize::{Context, Kind, scan};

fn first(text: &str) -> (Kind, String, &str) {
    let found =
        scan(text, &Context::default()).into_iter().next().unwrap_or_else(|| panic!("nothing in {text:?}"));
    let meaning = found.iso().or_else(|| found.value_text()).unwrap_or_default();
    (found.kind, meaning, &text[found.span])
}

#[test]
fn line_ends_inside_dates() {
    let cases = [
        ("（平成３\n１年４月時点）", Kind::Month, "2019-04", "平成３\n１年４月"),
        ("（令和\n２年３月時点）", Kind::Month, "2020-03", "令和\n２年３月"),
        ("（R3年4\n月時点）", Kind::Month, "2021-04", "R3年4\n月"),
        ("（令和２年\n度末）", Kind::FiscalPoint, "2021-03-31", "令和２年\n度末"),
        (
            "平成 24 年度～平成\n27\n年度",
            Kind::Range,
            "2012-04-01/2016-03-31",
            "平成 24 年度～平成\n27\n年度",
        ),
        ("4～\n5％", Kind::Range, "4..5", "4～\n5％"),
    ];
    for (text, kind, meaning, span) in cases {
        assert_eq!(first(text), (kind, meaning.to_owned(), span));
    }
}

#[test]
fn cells_below_each_other_stay_apart() {
    let kinds =
        |text: &str| scan(text, &Context::default()).iter().map(|found| found.kind).collect::<Vec<_>>();
    assert_eq!(kinds("R2年9月～\n\nR3年1月"), [Kind::Range, Kind::Month]);
    assert_eq!(kinds("R2年9月～\nR3年1月～"), [Kind::Range, Kind::Range]);
    assert_eq!(kinds("平成30年\n2\n10"), [Kind::Year, Kind::Number, Kind::Number]);
    assert_eq!(kinds("17\n月"), [Kind::Number]);
    assert_eq!(kinds("２ ２"), [Kind::Number, Kind::Number]);
    assert_eq!(kinds("35 100"), [Kind::Number, Kind::Number]);
}

#[test]
fn letter_spacing() {
    let cases = [
        ("令 和 ２ 年 度", Kind::FiscalYear, "2020-04-01/2021-03-31"),
        ("令和 2 年 4 月 1 日", Kind::Date, "2020-04-01"),
        ("1 9 2 8 年 3 月　１１ 日", Kind::Date, "1928-03-11"),
        ("R 元年 6 月", Kind::Month, "2019-06"),
        ("Ｈ 21 年度～", Kind::Range, "2009-04-01/.."),
        ("1 ， 192 ， 533 人", Kind::Number, "1192533"),
        ("591 万 5,956 件", Kind::Number, "5915956"),
    ];
    for (text, kind, meaning) in cases {
        assert_eq!(first(text), (kind, meaning.to_owned(), text));
    }
}

#[test]
fn radicals() {
    assert_eq!(first("令和⼆年四⽉⼀⽇"), (Kind::Date, "2020-04-01".to_owned(), "令和⼆年四⽉⼀⽇"));
    assert_eq!(first("1,023⼈"), (Kind::Number, "1023".to_owned(), "1,023⼈"));
    assert_eq!(first("３か⽉"), (Kind::Duration, "P3M".to_owned(), "３か⽉"));
}
