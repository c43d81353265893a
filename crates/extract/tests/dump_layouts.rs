//! Dumps that keep the layout of their pages, and pages of dumps that do not.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use chohyo_extract::{Sheet, extract_sheet};

const ISSUES: &str = r"仙台市

５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題

    課題        課題解決に向けた取組方針        課題・方針に対する役割（取組）

                                              行政側            研修の企画
(1)人材の不足   研修を行う                    医療側            実習の受入れ
                                              関係機関・住民
                                                                人材の確保への協力
                                              等

                                              行政側            連絡会の事務局
(2)連携が個人   ・手順を文書にする            医療側            担当者の配置
に頼っている ・連絡会を定例化する             事業者側          経過の共有
                                              関係機関・住民
                                                                連絡会への参加
                                              等
";

#[test]
fn names_of_actors_that_wrap_and_bullets_behind_one_blank() {
    let sheet = extract_sheet(ISSUES).unwrap();
    let rows = sheet.tables["issues"].iter();
    let roles: Vec<(&str, &str)> =
        rows.map(|r| (r["actor"].text.as_str(), r["content"].text.as_str())).collect();
    assert_eq!(roles.len(), 7);
    assert_eq!(roles[2], ("関係機関・住民等", "人材の確保への協力"));
    assert_eq!(roles[6], ("関係機関・住民等", "連絡会への参加"));
    let last = &sheet.tables["issues"][6];
    assert_eq!(last["issue"].text, "(2)連携が個人に頼っている");
    assert_eq!(last["policy"].text, "・手順を文書にする\n・連絡会を定例化する");
}

const COUNCILS: &str = r"仙台市

   １   県又は政令市の基礎情報

保健所数（令和２年４月時点）                                       7    か所
精神科病院の数（令和２年４月時点）                                29    病院

精神障害にも対応した地域包括ケア
                       都道府県               1／1                 か所
システムの構築に向けた保健・医
療・福祉関係者による協議の場の設   障害保健福祉圏域           3／6                 か所
置状況（令和２年４月時点）
                       市町村               6／26                 か所
";

/// Level, date and total of each row.
fn councils(sheet: &Sheet) -> Vec<(&str, Option<&str>, Option<String>)> {
    let rows = sheet.tables["councils"].iter();
    rows.map(|r| {
        let total = &r["total"];
        let as_of = total.as_of.as_ref().map(|p| p.edtf.as_str());
        (r["level"].text.as_str(), as_of, total.value.map(|v| v.to_string()))
    })
    .collect()
}

#[test]
fn a_label_that_wraps_beside_its_rows() {
    let sheet = extract_sheet(COUNCILS).unwrap();
    let mut rows = councils(&sheet);
    rows.sort_unstable();
    let row = |level, total: &str| (level, Some("2020-04"), Some(total.to_owned()));
    assert_eq!(rows, [row("市町村", "26"), row("都道府県", "1"), row("障害保健福祉圏域", "6")]);
}

#[test]
fn a_date_nobody_filled_in_takes_no_row() {
    let sheet = extract_sheet(
        r"仙台市

   １   県又は政令市の基礎情報

保健所数（令和２年４月時点）                                       7    か所
精神科病院の数（令和２年４月時点）                                29    病院

精神障害にも対応した地域包括ケアシス    都道府県                    ／ か所
テムの構築に向けた保健・医療・福祉関
係者による協議の場の設置状況（R●年●
                      障害保健福祉圏域                ／ か所
月時点）
                      市町村                     ／ か所
",
    )
    .unwrap();
    let levels: Vec<&str> = councils(&sheet).into_iter().map(|r| r.0).collect();
    assert_eq!(levels, ["都道府県", "障害保健福祉圏域", "市町村"]);
}

#[test]
fn a_section_begins_with_its_page_where_heads_of_its_tables_stand_over_its_heading() {
    let strengths = "５ 精神障害にも対応した地域包括ケアシステムの構築に向けた強みと課題";
    let schedule = "６ 精神障害にも対応した地域包括ケアシステムの構築に向けた今年度の取組スケジュール";
    let sheet = extract_sheet(format!(
        "仙台市\n\n{strengths}\n課題\n課題解決に向けた取組方針\n{strengths}\n\x0c６\n時期（月）\n{schedule}\n\
         実施する項目\n実施する内容\n7月\n連絡会\n課題を話し合う\n8月\n講演会\n体験を聞く\n9月\n研修\n事例を学ぶ\n"
    ))
    .unwrap();
    let rows = &sheet.tables["schedule"];
    let periods: Vec<&str> = rows.iter().map(|r| r["period"].text.as_str()).collect();
    assert_eq!(periods, ["7月", "8月", "9月"]);
    assert_eq!(rows[2]["content"].text, "事例を学ぶ");
}

#[test]
fn numbers_of_pages_in_feet_are_no_text() {
    let page = |n: u32, foot: &str, text: &str| format!("仙台市\n{text}\n{foot}{n} / 4\n\x0c");
    let heading = "２ 精神障害にも対応した地域包括ケアシステムの構築に向けた取組概要（全体）\n住まいの確保の";
    let sheet = extract_sheet(
        page(1, "©障害福祉課 ", "研修を行う")
            + &page(2, "", heading)
            + &page(3, "©障害福祉課 ", "助言")
            + &page(4, "", "派遣"),
    )
    .unwrap();
    let texts: Vec<&str> = sheet.texts.values().flatten().map(|t| t.text.as_str()).collect();
    assert!(texts.iter().all(|t| !t.contains("/ 4")), "{texts:?}");
    assert!(texts.contains(&"助言"), "{texts:?}");
}

fn initiatives(dump: &str) -> Vec<String> {
    let sheet = extract_sheet(dump).unwrap();
    sheet.texts["initiatives"].iter().map(|t| t.text.clone()).collect()
}

#[test]
fn under_a_caption_alone_in_its_row_is_its_text_however_wide() {
    let found = initiatives(
        r"仙台市

                 １   県又は政令市の基礎情報

障害保健福祉圏域数（令和２年４月時点）                                 7    か所
精神科病院の数（令和２年４月時点）                                29    病院
保健所数（令和２年４月時点）                                       7    か所

                               取組内容

・住まいの確保に関する検討会の設置

・精神科救急医療体制の整備
",
    );
    assert_eq!(found, ["・住まいの確保に関する検討会の設置", "・精神科救急医療体制の整備"]);
}

#[test]
fn rows_of_a_table_may_hold_the_lines_of_a_text_apart() {
    let found = initiatives(
        r"仙台市

                 １ 県又は政令市の基礎情報

基本情報                                          仙台市          取組内容
障害保健福祉圏域数（令和２年４月時点）          7か所
精神科病院の数（令和２年４月時点）              29病院      ・精神科救急医療体制の整備
保健所数（令和２年４月時点）                    7か所
精神科病床数（令和２年４月時点）                1,204床
市町村数（令和２年４月時点）                    1市町村     ・住まいの確保に関する検討会
",
    );
    assert_eq!(found, ["・精神科救急医療体制の整備", "・住まいの確保に関する検討会"]);
}
