//! Two sheets of a ministry's form, typeset in `LibreOffice`: every table as it stands on the page.

#![allow(clippy::unwrap_used)]

mod common;

use chohyo_layout::{Options, read};
use common::{assert_conserved, bytes, open, rows};

#[test]
fn conservation_every_glyph_is_in_one_line_and_every_line_in_one_block() {
    for name in ["sheets/sendai.pdf", "sheets/sapporo.pdf"] {
        assert_conserved(&open(name));
    }
}

#[test]
fn the_same_bytes_give_the_same_document() {
    let once = format!("{:?}", open("sheets/sendai.pdf"));
    assert_eq!(once, format!("{:?}", open("sheets/sendai.pdf")));
}

#[test]
fn basic_figures_of_sendai() {
    let document = open("sheets/sendai.pdf");
    let page = &document.pages[1];
    let expected = [
        "障害保健福祉圏域数（R2年4月時点） / 1 / か所",
        "市町村数（R2年4月時点） / 1 / 市町村",
        "人口（R2年4月時点） / 1,087,723 / 人",
        "精神科病院の数（R2年4月時点） / 17 / 病院",
        "精神科病床数（R2年4月時点） / 2,674 / 床",
        "入院精神障害者数|（R2年3月時点） / 合計 / 2,150 人 / ",
        "３か月未満（％：構成割合） / 452 人 21.0 / ％",
        "３か月以上１年未満（％：構成割合） / 490 人 22.8 / ％",
        "１年以上（％：構成割合） / 1,208 人 56.2 / ％",
        "うち６５歳未満 /  / 人",
        "うち６５歳以上 /  / 人",
        "退院率|（R元年6月時点） / 入院後３か月時点 / 57.2 / ％",
        "入院後６か月時点 / 83.0 / ％",
        "入院後１年時点 / 90.4 / ％",
        "相談支援事業所数|（R2年4月時点） / 基幹相談支援センター数 / 0 / か所",
        "一般相談支援事業所数 / 35 / か所",
        "特定相談支援事業所数 / 59 / か所",
        "保健所数（R2年4月時点） / 1 / か所",
        "精神障害にも対応した地域包括ケアシステムの構築に向けた保健・医療・福|祉関係者による協議の場の設置状況（R●年●月時点） / ／",
        "／",
    ];
    assert_eq!(rows(page, &page.tables[0]), expected);
    let merged = page.tables[0].cell_at(7, 0).unwrap();
    assert_eq!((merged.rows.clone(), merged.columns.clone()), (5..11, 0..1));
}

#[test]
fn history_and_outcomes_of_sendai() {
    let document = open("sheets/sendai.pdf");
    let history = rows(&document.pages[3], &document.pages[3].tables[0]);
    assert_eq!(history.len(), 12);
    assert_eq!(history[0], "年度 / 内容");
    assert_eq!(history[2], "平成19年度 / 宿泊訓練事業開始|当事者向け、病院向けリーフレットの作成");
    assert_eq!(history[3], "平成20年度 / 病棟内普及啓発開始 市内関係機関対象の退院促進支援研修会開始");
    let outcomes = rows(&document.pages[4], &document.pages[4].tables[0]);
    assert_eq!(outcomes.len(), 3);
    assert!(outcomes[1].starts_with("①普及啓発活動の実施医療機関数 / ２ / ２ / 長期入院者の"));
    assert!(outcomes[2].starts_with("②ピアスタッフ個別支援対象者数 / １０ / ８ / ピアスタッフが"));
}

#[test]
fn outcomes_and_roles_of_sapporo() {
    let document = open("sheets/sapporo.pdf");
    let outcomes = rows(&document.pages[7], &document.pages[7].tables[0]);
    assert_eq!(
        outcomes[0],
        "課題解決の達成度を測る指標 / 目標値|（R1年度当初） / 実績値|（R2年度末） / 具体的な成果・効果"
    );
    assert!(
        outcomes[1]
            .starts_with("① １年以上の精神科病院在院患者数（人） / ― / 3,794|（R2年6月末） / R1年6月末")
    );
    assert!(outcomes[2].starts_with("② 地域移行支援利用者数（人） / ― / 31 / "));
    let roles = &document.pages[8].tables[0];
    let rows = rows(&document.pages[8], roles);
    assert_eq!(rows[2], "医療 / 協議の場への参加");
    assert_eq!(roles.cell_at(4, 0).unwrap().rows, 1..5);
    assert_eq!(roles.cell_at(0, 3).unwrap().columns, 2..4);
}

#[test]
fn a_picture_of_a_table_is_an_image_and_no_table() {
    let document = open("sheets/sapporo.pdf");
    assert!(document.pages[1].tables.is_empty());
    assert!(!document.pages[1].images.is_empty() || !document.pages[2].images.is_empty());
}

#[test]
fn a_truncated_file_is_read_or_refused_by_kind() {
    let whole = bytes("sheets/sendai.pdf");
    for part in [9, 50, 90] {
        let cut = &whole[..whole.len() * part / 100];
        match read(cut, &Options::default()) {
            Ok(document) => assert_conserved(&document),
            Err(error) => {
                assert!(matches!(error.kind().name(), "damaged" | "no_pages" | "no_text"), "{error}");
            }
        }
    }
}

#[test]
fn a_row_of_a_table_and_of_a_glyph_say_where_they_stand() {
    let document = open("sheets/sendai.pdf");
    let page = &document.pages[1];
    let table = chohyo_layout::rows::tables(page).next().unwrap();
    let population = &table.cells[7];
    assert_eq!(
        (population.text.as_str(), population.row, population.column, population.row_span),
        ("1,087,723", 2, 2, 1)
    );
    let glyph = chohyo_layout::rows::glyphs(page).find(|g| g.text == "県").unwrap();
    assert_eq!(glyph.page, 2);
    assert!(glyph.x0 <= glyph.origin[0] && glyph.top < glyph.origin[1] && glyph.origin[1] < glyph.bottom);
    let lines = chohyo_layout::rows::lines(page).count();
    assert_eq!(lines, page.lines.len());
}
