//! What blocks are, and where one ends and the next begins.

#![allow(clippy::unwrap_used)]

mod common;

use chohyo_layout::{Document, Options, Page, read};
use common::{Content, assert_conserved, pdf};

fn reads(bytes: &[u8]) -> Document {
    let document = read(bytes, &Options::default()).unwrap();
    assert_conserved(&document);
    document
}

fn blocks(page: &Page) -> Vec<(&'static str, String)> {
    let text = |lines: &[u32]| lines.iter().map(|&l| page.lines[l as usize].text.as_str()).collect();
    page.blocks.iter().map(|b| (b.kind.name(), text(&b.lines))).collect()
}

fn assert_blocks(page: &Page, expected: &[(&str, &str)]) {
    let expected: Vec<(&str, String)> =
        expected.iter().map(|&(kind, text)| (kind, text.to_owned())).collect();
    assert_eq!(blocks(page), expected);
}

/// Lines of ten points each, 14 points apart.
fn lines(page: Content, x: f32, y: f32, texts: &[&str]) -> Content {
    texts.iter().zip(0_u8..).fold(page, |page, (text, i)| page.text(x, y - 14.0 * f32::from(i), 10.0, text))
}

#[test]
fn a_page_of_text_is_told_apart() {
    let page = Content::default().text(50.0, 370.0, 16.0, "地域包括ケアの取組");
    let texts = [
        "本市では、平成18年度から関係機関が連携して退院支援に取り組み、地",
        "域での暮らしを支えてきた。",
        "今後は、住まいの確保が課題である。",
        "・精神科病院との定期的な意見交換を行い、その結果を協議の場に報告",
        "　する",
        "・住まいの確保",
        "※令和２年４月時点",
    ];
    let page = lines(page, 50.0, 340.0, &texts);
    let document = reads(&pdf(&[page]));
    assert_blocks(
        &document.pages[0],
        &[
            ("heading", "地域包括ケアの取組"),
            (
                "paragraph",
                "本市では、平成18年度から関係機関が連携して退院支援に取り組み、地域での暮らしを支えてきた。",
            ),
            ("paragraph", "今後は、住まいの確保が課題である。"),
            ("list_item", "・精神科病院との定期的な意見交換を行い、その結果を協議の場に報告する"),
            ("list_item", "・住まいの確保"),
            ("note", "※令和２年４月時点"),
        ],
    );
    let groups: Vec<u32> = document.pages[0].blocks.iter().map(|b| b.group).collect();
    assert_eq!(groups, [0, 1, 1, 1, 1, 1]);
}

#[test]
fn a_first_line_that_is_indented_begins_a_paragraph() {
    let texts = ["　会議では多くの意見が出され、次のとおり", "まとめられた。全員がこれに賛成している。"];
    let page = lines(Content::default(), 50.0, 340.0, &texts);
    let texts = ["支援の手順を見直し、関係者に周知した。", "様式も改めた。"];
    let page = page.text(60.0, 312.0, 10.0, texts[0]).text(50.0, 298.0, 10.0, texts[1]);
    let document = reads(&pdf(&[page]));
    assert_blocks(
        &document.pages[0],
        &[
            ("paragraph", "会議では多くの意見が出され、次のとおりまとめられた。全員がこれに賛成している。"),
            ("paragraph", "支援の手順を見直し、関係者に周知した。様式も改めた。"),
        ],
    );
}

#[test]
fn numbers_head_text_and_count_lists() {
    let texts = [
        "１．目的",
        "精神障害の有無や程度にかかわらず、誰もが安心して暮らせるようにする。",
        "２．対象",
        "(1) 市内に住所がある者",
        "(2) 市内の病院に入院している者",
        "３．実績は 12 人であり、前の年度より多い。",
    ];
    let page = lines(Content::default(), 50.0, 340.0, &texts);
    let document = reads(&pdf(&[page]));
    let kinds: Vec<&str> = document.pages[0].blocks.iter().map(|b| b.kind.name()).collect();
    assert_eq!(kinds, ["heading", "paragraph", "heading", "list_item", "list_item", "list_item"]);
}

#[test]
fn a_title_stands_in_the_middle_under_no_more_than_a_name() {
    let page = Content::default().text(50.0, 370.0, 10.0, "新潟市").text(
        215.0,
        340.0,
        10.0,
        "自治体の状況を共有するためのシート",
    );
    let page = lines(page, 50.0, 300.0, &["本市では、関係機関が連携して退院支援に取り組んでいる。"; 3]);
    let document = reads(&pdf(&[page]));
    let kinds: Vec<&str> = document.pages[0].blocks.iter().map(|b| b.kind.name()).collect();
    assert_eq!(kinds, ["paragraph", "heading", "paragraph"]);
}

#[test]
fn large_text_that_wraps_is_no_heading() {
    let page = Content::default()
        .text(50.0, 370.0, 14.0, "重要なお知らせ")
        .text(78.0, 330.0, 14.0, "この計画の内容が真実であること、また正確であり、記載の欠落")
        .text(50.0, 300.0, 14.0, "のないことを確認し、その責任を負う旨を会議において確認した");
    let page =
        lines(page, 50.0, 250.0, &["連絡先は次のとおりである。電話は平日の午前九時から受け付けている。"; 6]);
    let document = reads(&pdf(&[page]));
    let kinds: Vec<&str> = document.pages[0].blocks.iter().map(|b| b.kind.name()).take(3).collect();
    assert_eq!(kinds, ["heading", "paragraph", "paragraph"]);
}

#[test]
fn a_figure_has_a_caption_and_a_sentence_that_names_it_has_none() {
    let page = Content::default()
        .text(50.0, 340.0, 10.0, "図１　入院者数の推移")
        .text(50.0, 300.0, 10.0, "図１に示すとおり、入院者数は減っている。")
        .text(50.0, 260.0, 10.0, "出典：統計局");
    let document = reads(&pdf(&[page]));
    let kinds: Vec<&str> = document.pages[0].blocks.iter().map(|b| b.kind.name()).collect();
    assert_eq!(kinds, ["caption", "paragraph", "note"]);
}

#[test]
fn footnotes_are_the_small_print_at_the_foot() {
    let page =
        lines(Content::default(), 50.0, 340.0, &["自殺死亡率は前年より低い。", "これは全国でも同様である。"])
            .text(50.0, 60.0, 7.0, "1 人口10万人当たり")
            .text(50.0, 48.0, 7.0, "2 速報値");
    let document = reads(&pdf(&[page]));
    assert_blocks(
        &document.pages[0],
        &[
            ("paragraph", "自殺死亡率は前年より低い。これは全国でも同様である。"),
            ("note", "1 人口10万人当たり"),
            ("note", "2 速報値"),
        ],
    );
}

#[test]
fn what_pages_repeat_in_their_margins_is_furniture() {
    let page = |number: &str, text: &str| {
        Content::default()
            .text(450.0, 380.0, 10.0, "取扱注意")
            .text(50.0, 200.0, 10.0, text)
            .text(290.0, 12.0, 10.0, number)
            .text(50.0, 12.0, 10.0, "健康福祉局")
    };
    let document = reads(&pdf(&[page("- 1 -", "会議を開く。"), page("- 2 -", "研修を行う。")]));
    assert_blocks(
        &document.pages[1],
        &[
            ("running_head", "取扱注意"),
            ("paragraph", "研修を行う。"),
            ("running_foot", "健康福祉局"),
            ("page_number", "- 2 -"),
        ],
    );
}

#[test]
fn a_number_in_the_margin_is_that_of_the_page_or_none() {
    let page = |number: &str| {
        Content::default().text(50.0, 200.0, 10.0, "会議を開く。").text(290.0, 12.0, 10.0, number)
    };
    let document = reads(&pdf(&[page("1"), page("35,000")]));
    let last = |page: &Page| page.blocks.last().unwrap().kind.name();
    assert_eq!([last(&document.pages[0]), last(&document.pages[1])], ["page_number", "paragraph"]);
}

#[test]
fn the_head_of_the_lower_of_two_slides_is_a_head() {
    let slide = |page: Content, y: f32, text: &str| {
        page.text(450.0, y + 150.0, 10.0, "仙台市").text(50.0, y + 100.0, 10.0, text).text(
            450.0,
            y + 20.0,
            10.0,
            "障害者支援課",
        )
    };
    let page = |a: &str, b: &str| slide(slide(Content::default(), 200.0, a), 0.0, b);
    let document = reads(&pdf(&[
        page("会議", "研修"),
        page("訪問", "相談"),
        page("調査", "広報"),
        page("計画", "評価"),
    ]));
    let kinds: Vec<&str> = document.pages[2].blocks.iter().map(|b| b.kind.name()).collect();
    let slide = ["running_head", "paragraph", "running_foot"];
    assert_eq!(kinds, [slide, slide].concat());
}

#[test]
fn the_blocks_of_a_dump_have_kinds() {
    let page = |number: u32, text: &str| format!("仙台市\n{text}\n\n- {number} -\n");
    let texts = ["１．目的\n安心して暮らせるようにする。", "・会議\n・研修", "※令和２年４月時点"];
    let dump: Vec<String> = (1..).zip(texts).map(|(number, text)| page(number, text)).collect();
    let document = reads(dump.join("\x0c").as_bytes());
    assert_blocks(
        &document.pages[0],
        &[
            ("running_head", "仙台市"),
            ("heading", "１．目的"),
            ("paragraph", "安心して暮らせるようにする。"),
            ("page_number", "- 1 -"),
        ],
    );
    assert_blocks(
        &document.pages[1],
        &[
            ("running_head", "仙台市"),
            ("list_item", "・会議"),
            ("list_item", "・研修"),
            ("page_number", "- 2 -"),
        ],
    );
}

/// Lines of ten points each, 25 points apart: more than stands between paragraphs elsewhere.
fn wide_lines(page: Content, x: f32, y: f32, texts: &[&str]) -> Content {
    texts.iter().zip(0_u8..).fold(page, |page, (text, i)| page.text(x, y - 25.0 * f32::from(i), 10.0, text))
}

#[test]
fn text_that_is_set_wide_is_told_apart() {
    let texts = [
        "　会議では多くの意見が出され、次のとおり",
        "まとめられた。全員がこれに賛成したので、",
        "来年度から実施する。",
        "　支援の手順を見直し、関係者に周知した。",
        "様式も改めた。",
    ];
    let document = reads(&pdf(&[wide_lines(Content::default(), 50.0, 340.0, &texts)]));
    let first =
        "会議では多くの意見が出され、次のとおりまとめられた。全員がこれに賛成したので、来年度から実施する。";
    assert_blocks(
        &document.pages[0],
        &[("paragraph", first), ("paragraph", "支援の手順を見直し、関係者に周知した。様式も改めた。")],
    );
}

#[test]
fn columns_of_wide_text_are_read_one_after_the_other() {
    let left = [
        "会議では多くの意見が出され、次のとおりに",
        "まとめられた。全員がこれに賛成したので、",
        "来年度から実施することとし、計画を改めて",
        "関係者に周知する。住まいの確保について、",
        "不動産の事業者と協議する場を設けるものと",
        "し、その結果を公表する。費用については、",
        "次の会議で示す。",
    ];
    let right = left.map(|text| text.replace("会議", "部会"));
    let right: Vec<&str> = right.iter().map(String::as_str).collect();
    let page = wide_lines(Content::default(), 50.0, 340.0, &left);
    let document = reads(&pdf(&[wide_lines(page, 270.0, 340.0, &right)]));
    let page = &document.pages[0];
    assert!(page.tables.is_empty());
    assert_blocks(page, &[("paragraph", &left.concat()), ("paragraph", &right.concat())]);
}

#[test]
fn labels_set_wide_are_no_paragraph() {
    let texts = ["氏名", "住所", "電話番号"];
    let document = reads(&pdf(&[wide_lines(Content::default(), 50.0, 340.0, &texts)]));
    assert_eq!(document.pages[0].blocks.len(), 3);
}

#[test]
fn a_footnote_begins_with_its_number() {
    let texts = ["本市では、関係機関が連携して退院支援に取り組んでいる。"; 12];
    let page = lines(Content::default(), 50.0, 370.0, &texts);
    let page = page.text(50.0, 53.0, 5.0, "1").text(52.5, 50.0, 8.0, "前の年度の四月に改めた計画による。");
    let document = reads(&pdf(&[page]));
    let last = document.pages[0].blocks.last().unwrap();
    assert_eq!(last.kind.name(), "note");
    let line = &document.pages[0].lines[last.lines[0] as usize];
    assert_eq!(line.text, "1 前の年度の四月に改めた計画による。");
}

#[test]
fn the_name_of_a_figure_does_not_run_into_the_text_below_it() {
    let page = lines(
        Content::default().text(120.0, 354.0, 10.0, "図２　退院の手順"),
        50.0,
        340.0,
        &["会議では多くの意見が出され、次のとおりに", "まとめられた。"],
    );
    let document = reads(&pdf(&[page]));
    let kinds: Vec<&str> = document.pages[0].blocks.iter().map(|b| b.kind.name()).collect();
    assert_eq!(kinds, ["caption", "paragraph"]);
}
