//! Small dumps, each with one thing in it.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use chohyo_extract::{ErrorKind, Evidence, Extractor, Form, Sheet, Status, extract_sheet};

/// A dump of one page: the heading of the ministry's first section, then these lines.
fn basic_info(municipality: &str, lines: &str) -> Sheet {
    extract_sheet(format!("{municipality}\n\n１ 県又は政令市の基礎情報\n\n{lines}")).unwrap()
}

fn value(sheet: &Sheet, key: &str) -> Option<String> {
    sheet.measure(key).unwrap().value.map(|v| v.to_string())
}

fn codes(sheet: &Sheet) -> Vec<&str> {
    sheet.diagnostics.iter().map(|d| d.code.as_str()).collect()
}

const INPATIENTS: &str = "入院精神障害者数（R2年3月時点）\n合計 2,150 人\n\
    ３か月未満（％：構成割合） 452 人 21.0 ％\n３か月以上１年未満（％：構成割合） 490 人 22.8 ％\n";

#[test]
fn a_number_on_its_labels_line_is_read() {
    let sheet = basic_info(
        "仙台市",
        "人口（令和２年４月１日現在） １，０８７，７２３人\n精神科病床数（R2年4月時点） － 床\n",
    );
    let population = sheet.measure("population").unwrap();
    assert_eq!((population.raw.as_str(), population.status), ("１，０８７，７２３", Status::Read));
    assert_eq!(value(&sheet, "population").as_deref(), Some("1087723"));
    assert_eq!(population.as_of.as_ref().unwrap().edtf, "2020-04-01");
    assert_eq!(population.evidence, [Evidence::Row]);
    let beds = sheet.measure("psychiatric_beds").unwrap();
    assert_eq!((beds.status, beds.value, beds.raw.as_str()), (Status::NullMark, None, "－"));
}

#[test]
fn a_count_and_its_share_on_one_line_go_by_their_units() {
    let sheet = basic_info("仙台市", &format!("{INPATIENTS}１年以上（％：構成割合） 1,208 人 56.2 ％\n"));
    assert_eq!(value(&sheet, "inpatients_over_1_year").as_deref(), Some("1208"));
    assert_eq!(value(&sheet, "inpatients_over_1_year_share").as_deref(), Some("56.2"));
    let total = sheet.measure("inpatients_total").unwrap();
    assert_eq!(total.group.as_ref().unwrap().text, "入院精神障害者数（R2年3月時点）");
    assert_eq!(total.as_of.as_ref().unwrap().edtf, "2020-03");
    assert!(!codes(&sheet).contains(&"sum_mismatch"));
}

#[test]
fn what_does_not_add_up_stands_as_printed_with_a_diagnostic() {
    let sheet = basic_info("仙台市", &format!("{INPATIENTS}１年以上（％：構成割合） 1,209 人 66.2 ％\n"));
    assert_eq!(value(&sheet, "inpatients_over_1_year").as_deref(), Some("1209"));
    assert_eq!(value(&sheet, "inpatients_total").as_deref(), Some("2150"));
    assert!(codes(&sheet).contains(&"sum_mismatch") && codes(&sheet).contains(&"share_mismatch"));
    let sum = sheet.diagnostics.iter().find(|d| d.code == "sum_mismatch").unwrap();
    assert!(
        sum.message.contains("452 + 490 + 1209 = 2151") && sum.message.contains("2150"),
        "{}",
        sum.message
    );
    assert_eq!(sum.keys[0], "inpatients_total");
    assert_eq!(sum.at.len(), 8, "four numbers and their units");
}

#[test]
fn a_section_without_numbers_is_a_picture() {
    let sheet = basic_info("札幌市", "取組内容\n・退院支援事業の実施\n");
    assert!(sheet.measures.iter().all(|m| m.status == Status::Missing && m.value.is_none()));
    assert!(codes(&sheet).contains(&"table_is_image"));
    assert_eq!(sheet.texts["initiatives"][0].text, "・退院支援事業の実施");
}

#[test]
fn numbers_that_nothing_ties_are_not_guessed() {
    // Three offices, three numbers, and an order of labels that is no order.
    let lines = "特定相談支援事業所数\n\n基幹相談支援センター数\n\n精神科病院の数\n\n一般相談支援事業所数\n\n31\n\n32\n\n33\n\n34\n";
    let sheet = basic_info("仙台市", lines);
    for key in
        ["psychiatric_hospitals", "consultation_core", "consultation_general", "consultation_specified"]
    {
        let measure = sheet.measure(key).unwrap();
        assert_eq!((measure.status, measure.value), (Status::Ambiguous, None), "{key}");
        assert!(measure.candidates.len() > 1, "{key}");
        let sum: f64 = measure.candidates.iter().map(|c| c.weight).sum();
        assert!(sum > 0.95 && sum < 1.05, "{key}: {sum}");
    }
}

#[test]
fn digits_that_were_not_understood_stop_the_solver() {
    let scattered = "人口（R2年4月時点）\n\n精神科病床数（R2年4月時点）\n\n1,087,723\n\n2,674\n";
    let sheet = basic_info("仙台市", scattered);
    assert_eq!(sheet.measure("population").unwrap().status, Status::Solved);
    let sheet = basic_info("仙台市", &format!("{scattered}\n12,34,5人9\n"));
    assert_eq!(sheet.measure("population").unwrap().status, Status::Ambiguous);
    assert!(codes(&sheet).contains(&"unread_digits"));
}

#[test]
fn a_placeholder_is_residue_and_no_date() {
    let sheet = basic_info("仙台市", "人口（R●年●月時点） ● 人\n");
    let population = sheet.measure("population").unwrap();
    assert_eq!((population.status, population.value), (Status::Placeholder, None));
    assert!(population.as_of.is_none());
    assert_eq!(sheet.residue[0].text, "R●年●月時点");
}

#[test]
fn the_publisher_and_the_year_are_told_from_the_sheet() {
    let sheet = basic_info("大阪府", "人口（平成31年4月時点） 8,823,453 人\n");
    let municipality = sheet.municipality.unwrap();
    assert_eq!((municipality.name.as_str(), municipality.code.as_str()), ("大阪府", "270008"));
    assert_eq!(sheet.fiscal_year, Some(2019));
    let undated = "１ 県又は政令市の基礎情報\n人口 8,823,453 人\n";
    assert_eq!(extract_sheet(undated).unwrap().fiscal_year, None);
    assert_eq!(Extractor::new().fiscal_year(2021).extract(undated).unwrap().fiscal_year, Some(2021));
}

#[test]
fn one_period_for_several_rows_is_told_only_where_it_must_be() {
    let dump = "仙台市\n\n６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール\n\n\
        時期（月） 実施する項目 実施する内容\n\nR2年9月～\n\n通年\n\n圏域別連絡会\n\n関係職員研修\n\n普及啓発講演会\n\n\
        課題を整理し事例を検討する\n\n病院と地域が合同で学ぶ\n\n体験を聞く講演会を開く\n";
    let sheet = extract_sheet(dump).unwrap();
    let rows = sheet.table("schedule");
    let periods: Vec<_> = rows.iter().map(|r| r["period"].period.as_ref().map(|p| p.edtf.as_str())).collect();
    assert_eq!(periods, [Some("2020-09/.."), None, Some("2020-04/2021-03")]);
    assert_eq!(rows[1]["period"].status, Some(Status::Ambiguous));
    let texts = (rows[1]["item"].text.as_str(), rows[1]["content"].text.as_str());
    assert_eq!(texts, ("関係職員研修", "病院と地域が合同で学ぶ"));
}

#[test]
fn the_digits_of_a_date_set_one_letter_a_line_are_no_numbers() {
    let label = "人\n口\n（\n令\n和\n2\n年\n4\n月\n末\n現\n在\n）\n";
    let sheet = basic_info("仙台市", &format!("{label}1,087,723\n人\n"));
    let population = sheet.measure("population").unwrap();
    assert_eq!(population.as_of.as_ref().map(|p| p.edtf.as_str()), Some("2020-04"));
    // The number on its own line is the only one there is.
    let candidates: Vec<&str> = population.candidates.iter().map(|c| c.raw.as_str()).collect();
    assert!(population.value.is_none() && candidates.contains(&"1,087,723"), "{candidates:?}");
    assert!(!candidates.contains(&"2") && !candidates.contains(&"4"), "{candidates:?}");
}

#[test]
fn numbers_out_of_step_with_their_rows_are_ambiguous() {
    let head = "仙台市\n\n４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果\n\n\
        課題解決の達成度を測る指標 目標値（R1年度当初） 実績値（R1年度末） 具体的な成果・効果\n\n";
    let whole =
        extract_sheet(format!("{head}①研修の回数 ２ ３ 増加した。\n\n②利用者数 １０ ８ 減少した。\n"))
            .unwrap();
    let numbers = |sheet: &Sheet| -> Vec<Option<String>> {
        let cells = sheet.table("outcomes").iter().flat_map(|r| [&r["target"], &r["actual"]]);
        cells.map(|c| c.value.map(|v| v.to_string())).collect()
    };
    let text = |s: &str| Some(s.to_owned());
    assert_eq!(numbers(&whole), [text("2"), text("3"), text("10"), text("8")]);
    assert_eq!(whole.table("outcomes")[0]["target"].as_of.as_ref().unwrap().edtf, "2019-04-01");
    // One number is missing, so none is sure.
    let broken =
        extract_sheet(format!("{head}①研修の回数 ２ 増加した。\n\n②利用者数 １０ ８ 減少した。\n")).unwrap();
    assert_eq!(numbers(&broken), [None, None, None, None]);
    assert!(codes(&broken).contains(&"ambiguous"));
}

#[test]
fn a_form_of_the_callers_is_read_like_the_compiled_one() {
    let form = r#"
        id = "office"
        title = "事務事業評価シート"
        [[section]]
        id = "budget"
        headings = ["事業費"]
        [[section.measure]]
        key = "total"
        labels = ["総事業費"]
        unit = "千円"
        [[section.measure]]
        key = "grant"
        labels = ["国庫支出金"]
        unit = "千円"
        [[section.order]]
        keys = ["grant", "total"]
    "#;
    let extractor = Extractor::new().form(Form::parse(form).unwrap());
    let sheet =
        extractor.extract("２ 事業費\n総事業費（R2年度） 12,500 千円\n国庫支出金 ４，０００ 千円\n").unwrap();
    assert_eq!(sheet.form.id, "office");
    assert_eq!(sheet.measures.len(), 2);
    assert_eq!(sheet.measure("grant").unwrap().raw, "４，０００");
    assert_eq!(sheet.sections[0].number, "２");
}

#[test]
fn a_row_that_does_not_fit_the_callers_type_names_itself() {
    #[derive(Debug, serde::Deserialize)]
    struct Outcome {
        indicator: String,
        target: Option<f64>,
        actual_text: String,
    }
    #[derive(Debug, serde::Deserialize)]
    struct Wrong {
        #[expect(dead_code, reason = "never read: it does not fit")]
        target: String,
    }
    let dump = "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果\n\n\
        課題解決の達成度を測る指標 目標値（R1年度当初） 実績値（R1年度末） 具体的な成果・効果\n\n\
        ①利用者数（人） ― 3,794 増加傾向にある。\n";
    let sheet = extract_sheet(dump).unwrap();
    let rows: Vec<Outcome> = sheet.rows("outcomes").unwrap();
    assert_eq!(rows[0].indicator, "①利用者数（人）");
    assert_eq!((rows[0].target, rows[0].actual_text.as_str()), (None, "3,794"));
    let error = sheet.rows::<Wrong>("outcomes").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Row);
    assert!(error.to_string().contains("outcomes, row 1"), "{error}");
}

#[test]
fn what_is_no_sheet_of_a_known_form_is_refused() {
    let error = extract_sheet("買い物\nりんご 3個\n").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoForm);
    let error = Extractor::new().extract_named("a.txt", "").unwrap_err();
    assert_eq!((error.kind().name(), error.to_string().as_str()), ("empty", "a.txt: the file is empty"));
}

/// Rows of text as `pdftotext -layout` writes them: each text at its column, counted in characters.
fn laid_out(rows: &[&[(usize, &str)]]) -> String {
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, text) in *row {
            line.extend(std::iter::repeat_n(' ', column.saturating_sub(line.chars().count())));
            line.push_str(text);
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[test]
fn cells_of_a_dump_that_keeps_places_go_by_columns_and_middles() {
    let sheet = extract_sheet(laid_out(&[
        &[(0, "仙台市")],
        &[],
        &[(0, "４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果")],
        &[],
        &[
            (1, "課題解決の達成度を測る指標"),
            (20, "目標値（R1年度当初）"),
            (34, "実績値（R1年度末）"),
            (52, "具体的な成果・効果"),
        ],
        &[],
        &[(46, "全ての圏域で会議を開き、課題の共有が進ん")],
        &[(0, "①協議の場を設置した圏域数"), (38, "7")],
        &[(46, "だ。")],
        &[(46, "参加者の職種が広がった。オンラインを併用")],
        &[(0, "②研修会の参加者数")],
        &[(23, "30人"), (37, "42人"), (46, "したことで、遠方の職員の参加が")],
        &[(0, "（人）")],
        &[(46, "可能となった。")],
        &[],
        &[(0, "４ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題")],
        &[],
        &[(5, "課題"), (15, "課題解決に向けた取組方針"), (34, "課題・方針に対する役割（取組）")],
        &[(32, "行政"), (40, "住宅部局との協議")],
        &[(12, "居住支援法人との連携会議を"), (40, "退院前の生活能力の評")],
        &[(0, "住まいの場の不足"), (32, "医療")],
        &[(12, "開く"), (40, "価")],
        &[(32, "福祉"), (40, "入居後の見守り")],
        &[(32, "行政"), (40, "養成研修の実施")],
        &[(0, "人材の不足"), (12, "研修を拡充する"), (32, "医療")],
        &[(32, "福祉"), (40, "職員の派遣")],
    ]))
    .unwrap();
    let outcomes: Vec<(&str, Option<String>, Option<String>)> = sheet.tables["outcomes"]
        .iter()
        .map(|r| {
            let number = |c: &str| r[c].value.map(|v| v.to_string());
            (r["indicator"].text.as_str(), number("target"), number("actual"))
        })
        .collect();
    let number = |n: &str| Some(n.to_owned());
    assert_eq!(outcomes[0], ("①協議の場を設置した圏域数", None, number("7")));
    assert_eq!(outcomes[1].0.replace('\n', ""), "②研修会の参加者数（人）");
    assert_eq!((&outcomes[1].1, &outcomes[1].2), (&number("30"), &number("42")));
    let narrative = sheet.tables["outcomes"][0]["narrative"].text.replace('\n', "");
    assert_eq!(narrative, "全ての圏域で会議を開き、課題の共有が進んだ。");

    let roles: Vec<[String; 4]> = sheet.tables["issues"]
        .iter()
        .map(|r| ["issue", "policy", "actor", "content"].map(|c| r[c].text.replace('\n', "")))
        .collect();
    let (housing, meeting) = ("住まいの場の不足", "居住支援法人との連携会議を開く");
    let (people, training) = ("人材の不足", "研修を拡充する");
    let expected = [
        [housing, meeting, "行政", "住宅部局との協議"],
        [housing, meeting, "医療", "退院前の生活能力の評価"],
        [housing, meeting, "福祉", "入居後の見守り"],
        [people, training, "行政", "養成研修の実施"],
        [people, training, "医療", ""],
        [people, training, "福祉", "職員の派遣"],
    ];
    assert_eq!(roles, expected.map(|row| row.map(str::to_owned)));
}

#[test]
fn lines_that_mix_the_cells_of_a_row_give_no_numbers() {
    let sheet = extract_sheet(
        "仙台市\n\n４ 精神障害にも対応した地域包括ケアシステム構築に資する取組の成果・効果\n\
         課題解決の達成度を測る指標 目標値（R1年度当初） 実績値（R1年度末） 具体的な成果・効果\n\
         感染症の影響により病院への訪問が難しい時期があり、\n②病棟内交流会の実施回数 71 75\n\
         目標には届かなかった。\n多職種での検討を通じて、互いの役割への理解が\n\
         ③事例検討会の開催回数 80 56\n深まった。\n",
    )
    .unwrap();
    let cells = sheet.tables.get("outcomes").into_iter().flatten().flat_map(|r| r.values());
    assert!(cells.filter(|c| c.value.is_some()).count() == 0, "{:?}", sheet.tables.get("outcomes"));
}
