//! Laws that hold for any text.

use chohyo_normalize::era::Era;
use chohyo_normalize::{Context, Period, fold, is_null_mark, is_placeholder, number, period, scan};
use proptest::prelude::*;

/// Text that is dense in what the normaliser looks at, with any other character among it.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => "[0-9０-９]{1,5}",
        6 => prop::sample::select(vec![
            "令和", "平成", "㍻", "㋿", "R", "Ｈ", "元", "年", "年度", "月", "日", "～", "〜", "-", "―", "から", "まで", "翌", "第", "四半期",
            "上半期", "通年", "当初", "末", "(", ")", "（", "）", "、", "・", "/", ".", "，", "%", "％", "割", "分", "人", "か所", "千円",
            "万", "億", "十", "百", "千", "〇", "一", "二", "三", "△", "▲", "●", "○", "□", "①", "半", "以上", "未満", "回", "目",
            "今年度", "年間", "時間", "か月", "XX", "…", "該当なし", "号", "の", "㏠", "㋃", "マイナス", "点", "分の", "西暦", "FY", "Q", "年",
        ]).prop_map(String::from),
        3 => prop::sample::select(vec![" ", "　", "\n", "\u{AD}", "\u{200B}", "\u{E0100}", "゛", "ﾟ", "\u{3099}", "ﾊ", "か", "ー", "ｰ"])
            .prop_map(String::from),
        2 => "\\PC{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_map_is_monotone_and_total(source in text()) {
        let folded = fold(&source);
        let (mut last, mut back) = (0..0, 0..0);
        for at in 0..=folded.text().len() {
            let place = folded.to_source(at..at);
            prop_assert!(place.start >= last.start && place.end >= last.end && place.end <= source.len());
            last = place;
        }
        for at in 0..=source.len() {
            let place = folded.to_folded(at..at);
            prop_assert!(place.start >= back.start && place.end >= back.end && place.end <= folded.text().len());
            back = place;
        }
        prop_assert_eq!(folded.to_source(0..folded.text().len()).end, folded.to_source(0..usize::MAX).end);
    }

    #[test]
    fn the_map_keeps_character_boundaries(source in text()) {
        let folded = fold(&source);
        let ends = |text: &str| text.char_indices().map(|(at, _)| at).chain([text.len()]).collect::<Vec<_>>();
        for pair in ends(folded.text()).windows(2) {
            let place = folded.to_source(pair[0]..pair[1]);
            prop_assert!(!source[place.clone()].is_empty());
            // And back to at least where it came from.
            let again = folded.to_folded(place);
            prop_assert!(again.start <= pair[0] && pair[1] <= again.end);
        }
        for pair in ends(&source).windows(2) {
            let place = folded.to_folded(pair[0]..pair[1]);
            prop_assert!(folded.text().get(place).is_some());
        }
    }

    #[test]
    fn folding_is_idempotent(source in text()) {
        let once = fold(&source).into_string();
        let twice = fold(&once).into_string();
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn finds_are_in_order_and_do_not_overlap(source in text()) {
        let mut end = 0;
        for found in scan(&source, &Context::default().with_fiscal_year(2020)) {
            prop_assert!(found.span.start >= end && found.span.start < found.span.end, "{:?}", found);
            prop_assert!(source.get(found.span.clone()).is_some());
            end = found.span.end;
        }
    }

    #[test]
    fn finds_are_those_of_the_folded_text(source in text()) {
        let context = Context::default();
        let folded = fold(&source);
        let one_by_one: Vec<_> = folded.finds(&context).map(|found| (found.kind, found.iso(), found.value)).collect();
        let of_folded: Vec<_> =
            scan(folded.text(), &context).into_iter().map(|found| (found.kind, found.iso(), found.value)).collect();
        prop_assert_eq!(one_by_one, of_folded);
    }

    #[test]
    fn what_a_period_prints_it_parses(source in text()) {
        for found in scan(&source, &Context::default()) {
            let Some(period) = found.period else { continue };
            if period.edtf.is_empty() || !(1..9999).contains(&period.start.map_or(1, jiff::civil::Date::year)) {
                continue;
            }
            let read = Period::from_edtf(&period.to_string());
            prop_assert!(read.is_some(), "{:?}", period);
            let read = read.unwrap();
            prop_assert_eq!((read.start, read.end, &read.edtf), (period.start, period.end, &period.edtf));
        }
    }

    #[test]
    fn whole_texts_do_not_panic(source in "\\PC{0,40}") {
        let _ = (period(&source, &Context::default()), number(&source), is_null_mark(&source), is_placeholder(&source));
        let _ = scan(&source, &Context::default());
    }

    #[test]
    fn any_day_of_an_era_is_read_back(days in 0_i32..50_000, style in 0_usize..6) {
        let day = Era::Showa.first_day().checked_add(jiff::Span::new().days(days)).unwrap();
        let era = Era::of(day).unwrap();
        let (n, month, date) = (era.nth(i32::from(day.year())), day.month(), day.day());
        let year = if n == 1 && style % 2 == 0 { "元".to_owned() } else { n.to_string() };
        let printed = match style {
            0 => format!("{era}{year}年{month}月{date}日"),
            1 => format!("{}{year}年{month}月{date}日", era.letter()),
            2 => format!("{}{year}年{month}月{date}日", era.square()),
            3 => format!("{}{n}.{month}.{date}", era.letter()),
            4 => format!("{era} {year} 年 {month} 月 {date} 日現在"),
            _ => format!("{}年（{era}{year}年）{month}月{date}日", day.year()),
        };
        let read = period(&printed, &Context::default());
        prop_assert_eq!(read.map(|read| (read.start, read.end)), Some((Some(day), Some(day))), "{}", printed);
    }

    #[test]
    fn any_number_is_read_back(value in -9_999_999_999_i64..=9_999_999_999, decimals in 0_u32..4) {
        let decimal = rust_decimal::Decimal::new(value, decimals);
        for printed in [decimal.to_string(), format!("{decimal}％"), format!("△{}人", decimal.abs())] {
            let read = number(&printed).map(|number| (number.value.abs(), number.decimals));
            prop_assert_eq!(read, Some((decimal.abs(), decimals)), "{}", printed);
        }
    }
}

/// Texts that broke a law once.
#[test]
fn regressions() {
    assert_eq!(fold("０ー㏠").text(), "0-1日");
    assert_eq!(fold("㌳゛").text(), "フィード");
    assert_eq!(fold("㌳゛").to_source(9..12), 0.."㌳゛".len());
    let far = format!("か{}゛と", "\u{AD}".repeat(1000));
    let folded = fold(&far);
    assert_eq!(folded.text(), "がと");
    assert_eq!(&far[folded.to_source(3..6)], "と");
    assert_eq!(folded.to_source(0..3), 0..far.len() - 3);
    for source in [
        "精神障 ㌶",
        "検索 エ\u{AD}ンジン",
        "検索 カ\u{3099}イド",
        "今年度Q￠",
        "1３ー㋃",
        "か\u{AD}゛",
        "・～～",
        "第",
        "R",
        "年度",
    ] {
        let once = fold(source).into_string();
        assert_eq!(fold(&once).text(), once);
        let _ = scan(source, &Context::default());
    }
}
