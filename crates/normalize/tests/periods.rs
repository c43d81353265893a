//! Periods as the ministry's sheets and their like print them.

use chohyo_normalize::{Context, Period, PeriodKind, period};

fn read(text: &str) -> Period {
    let context = Context::default().with_fiscal_year(2020);
    period(text, &context).unwrap_or_else(|| panic!("{text} is no period"))
}

/// Text, EDTF, first and last day, fiscal year, kind.
type Case = (&'static str, &'static str, &'static str, &'static str, Option<i32>, PeriodKind);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("平成18年度", "2006-04/2007-03", "2006-04-01", "2007-03-31", Some(2006), PeriodKind::FiscalYear),
    ("平成１６年", "2004", "2004-01-01", "2004-12-31", None, PeriodKind::Year),
    ("令和元年度", "2019-04/2020-03", "2019-04-01", "2020-03-31", Some(2019), PeriodKind::FiscalYear),
    ("令和1年度", "2019-04/2020-03", "2019-04-01", "2020-03-31", Some(2019), PeriodKind::FiscalYear),
    ("平成31年度（令和元年度）", "2019-04/2020-03", "2019-04-01", "2020-03-31", Some(2019), PeriodKind::FiscalYear),
    ("H31年度", "2019-04/2020-03", "2019-04-01", "2020-03-31", Some(2019), PeriodKind::FiscalYear),
    ("R2年4月", "2020-04", "2020-04-01", "2020-04-30", None, PeriodKind::Month),
    ("（R2年4月時点）", "2020-04", "2020-04-01", "2020-04-30", None, PeriodKind::Month),
    ("R元年6月", "2019-06", "2019-06-01", "2019-06-30", None, PeriodKind::Month),
    ("令和２年４月時点", "2020-04", "2020-04-01", "2020-04-30", None, PeriodKind::Month),
    ("R2年6月末", "2020-06", "2020-06-01", "2020-06-30", None, PeriodKind::Month),
    ("Ｈ20～24年度", "2008-04/2013-03", "2008-04-01", "2013-03-31", None, PeriodKind::Range),
    ("Ｈ25～26年度", "2013-04/2015-03", "2013-04-01", "2015-03-31", None, PeriodKind::Range),
    ("H27～H30", "2015/2018", "2015-01-01", "2018-12-31", None, PeriodKind::Range),
    ("Ｈ25～26", "2013/2014", "2013-01-01", "2014-12-31", None, PeriodKind::Range),
    ("R3年8～9月", "2021-08/2021-09", "2021-08-01", "2021-09-30", None, PeriodKind::Range),
    ("R4年2～3月", "2022-02/2022-03", "2022-02-01", "2022-03-31", None, PeriodKind::Range),
    ("Ｈ27年度～", "2015-04/..", "2015-04-01", "", None, PeriodKind::Open),
    ("H31～", "2019/..", "2019-01-01", "", None, PeriodKind::Open),
    ("R2年9月～", "2020-09/..", "2020-09-01", "", None, PeriodKind::Open),
    ("R1年度当初", "2019-04-01", "2019-04-01", "2019-04-01", Some(2019), PeriodKind::FiscalPoint),
    ("R1年度末", "2020-03-31", "2020-03-31", "2020-03-31", Some(2019), PeriodKind::FiscalPoint),
    ("（令和元年度\n末）", "2020-03-31", "2020-03-31", "2020-03-31", Some(2019), PeriodKind::FiscalPoint),
    ("平成30年３月27日", "2018-03-27", "2018-03-27", "2018-03-27", None, PeriodKind::Day),
    ("平成30年３月27日付け", "2018-03-27", "2018-03-27", "2018-03-27", None, PeriodKind::Day),
    ("令和2年4月1日現在", "2020-04-01", "2020-04-01", "2020-04-01", None, PeriodKind::Day),
    ("R2.4.1", "2020-04-01", "2020-04-01", "2020-04-01", None, PeriodKind::Day),
    ("通年", "2020-04/2021-03", "2020-04-01", "2021-03-31", Some(2020), PeriodKind::WholeYear),
    ("年間", "2020-04/2021-03", "2020-04-01", "2021-03-31", Some(2020), PeriodKind::WholeYear),
    ("上半期", "2020-04/2020-09", "2020-04-01", "2020-09-30", Some(2020), PeriodKind::FiscalHalf),
    ("下半期", "2020-10/2021-03", "2020-10-01", "2021-03-31", Some(2020), PeriodKind::FiscalHalf),
    ("第1四半期", "2020-04/2020-06", "2020-04-01", "2020-06-30", Some(2020), PeriodKind::FiscalQuarter),
    ("7月・9月", "{2020-07,2020-09}", "2020-07-01", "2020-09-30", None, PeriodKind::Set),
    ("R2年7・9月", "{2020-07,2020-09}", "2020-07-01", "2020-09-30", None, PeriodKind::Set),
    ("6、9、12、3月", "{2020-06,2020-09,2020-12,2021-03}", "2020-06-01", "2021-03-31", None, PeriodKind::Set),
    ("7月", "2020-07", "2020-07-01", "2020-07-31", None, PeriodKind::Month),
    ("１月", "2021-01", "2021-01-01", "2021-01-31", None, PeriodKind::Month),
    ("10月～3月", "2020-10/2021-03", "2020-10-01", "2021-03-31", None, PeriodKind::Range),
    ("10～12月", "2020-10/2020-12", "2020-10-01", "2020-12-31", None, PeriodKind::Range),
    ("7月～", "2020-07/..", "2020-07-01", "", None, PeriodKind::Open),
    ("今年度末", "2021-03-31", "2021-03-31", "2021-03-31", Some(2020), PeriodKind::FiscalPoint),
    ("H30・R1年度", "{2018-04..2019-03,2019-04..2020-03}", "2018-04-01", "2020-03-31", None, PeriodKind::Set),
    ("第1四半期、第3四半期", "{2020-04..2020-06,2020-10..2020-12}", "2020-04-01", "2020-12-31", None, PeriodKind::Set),
    ("R2.4～9", "2020-04/2020-09", "2020-04-01", "2020-09-30", None, PeriodKind::Range),
    ("令和２年度～令和４年度", "2020-04/2023-03", "2020-04-01", "2023-03-31", None, PeriodKind::Range),
    ("8月下旬", "2020-08", "2020-08-01", "2020-08-31", None, PeriodKind::Month),
    ("R2年4月1日（水）～3日（金）", "2020-04-01/2020-04-03", "2020-04-01", "2020-04-03", None, PeriodKind::Range),
    ("2020年1月11・12日", "2020-01-11/2020-01-12", "2020-01-11", "2020-01-12", None, PeriodKind::Range),
    ("R2年4月1・15日", "{2020-04-01,2020-04-15}", "2020-04-01", "2020-04-15", None, PeriodKind::Set),
    ("R2", "2020", "2020-01-01", "2020-12-31", None, PeriodKind::Year),
];

#[test]
fn printed_periods() {
    for &(text, edtf, start, end, fiscal_year, kind) in CASES {
        let period = read(text);
        let day = |day: Option<jiff::civil::Date>| day.map_or(String::new(), |day| day.to_string());
        assert_eq!(period.edtf, edtf, "{text}");
        assert_eq!((day(period.start).as_str(), day(period.end).as_str()), (start, end), "{text}");
        assert_eq!((period.fiscal_year, period.kind), (fiscal_year, kind), "{text}");
        assert_eq!(period.text, text);
        let again = Period::from_edtf(edtf).unwrap();
        assert_eq!((again.start, again.end, again.edtf), (period.start, period.end, period.edtf), "{text}");
    }
}

#[test]
fn what_is_no_period() {
    for text in
        ["", "人", "17", "3か月未満", "24時間", "R●年●月", "―", "1,087", "第1回", "R2年2月30日", "令和0年度"]
    {
        assert_eq!(period(text, &Context::default()), None, "{text}");
    }
}

#[test]
fn without_a_context_the_year_stays_open() {
    let whole = period("通年", &Context::default()).unwrap();
    assert_eq!((whole.edtf.as_str(), whole.start, whole.end, whole.fiscal_year), ("", None, None, None));
    let month = period("7月", &Context::default()).unwrap();
    assert_eq!((month.edtf.as_str(), month.start), ("XXXX-07", None));
    assert!(month.flags.iter().any(|flag| flag == "year_unspecified"));
}

#[test]
fn flags_say_what_was_inferred() {
    let flags = |text: &str| read(text).flags.iter().collect::<Vec<_>>();
    assert_eq!(flags("平成32年度"), ["era_overflow"]);
    assert_eq!(flags("平成31年度"), ["era_crosses"]);
    assert_eq!(flags("29年度"), ["era_omitted"]);
    assert_eq!(flags("H27"), ["bare", "ambiguous_fy"]);
    assert_eq!(flags("R2年6月末"), ["month_end"]);
    assert_eq!(flags("7月"), ["year_omitted"]);
    assert_eq!(flags("令和3年度以降"), ["after"]);
}
