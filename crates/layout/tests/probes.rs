//! Every probe gives what the manifest says, or the error it names; none panics or hangs.

#![allow(clippy::unwrap_used)]

mod common;

use chohyo_layout::{Document, Options, read};
use common::{assert_conserved, bytes, open};

fn text(document: &Document) -> String {
    document.pages.iter().map(|p| p.text.as_str()).collect()
}

#[test]
fn every_probe_gives_what_the_manifest_says() {
    let manifest = String::from_utf8(bytes("probes/MANIFEST.tsv")).unwrap();
    let mut count = 0;
    for row in manifest.lines().skip(1) {
        let [file, pages, expected, what] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("{row}") };
        count += 1;
        let result = read(&bytes(&format!("probes/{file}")), &Options::default());
        match result {
            Ok(document) => {
                assert!(text(&document).contains(expected), "{file} ({what}): {}", text(&document));
                assert_eq!(pages, document.pages.len().to_string(), "{file}");
                assert_conserved(&document);
            }
            Err(error) => {
                let kind = format!("error:{}", error.kind().name());
                assert_eq!(expected, kind, "{file} ({what}): {error}");
            }
        }
    }
    assert_eq!(count, 99);
}

/// Origins of the first glyphs, to a tenth of a point.
fn origins(name: &str, count: usize) -> Vec<(String, f32, f32)> {
    let document = open(name);
    let page = &document.pages[0];
    let glyph = |i: u32| {
        let (x, y) = page.glyphs[i as usize].origin;
        (page.glyph_text(i).to_owned(), (x * 10.0).round() / 10.0, (y * 10.0).round() / 10.0)
    };
    (0..count as u32).map(glyph).collect()
}

fn at(c: &str, x: f32, y: f32) -> (String, f32, f32) {
    (c.to_owned(), x, y)
}

#[test]
fn positions_follow_widths_forms_and_the_crop_box() {
    // /W [48 57 500]: three half-width digits stand before 年, at 60 + 3 * 6.
    assert_eq!(origins("probes/p_width_range.pdf", 4)[3], at("年", 78.0, 142.0));
    // Form matrix and cm: (130, 150) from the lower left of an A4 page, twice the size.
    let nested = origins("probes/p_form_ctm.pdf", 2);
    assert_eq!(nested, [at("内", 130.0, 692.0), at("側", 154.0, 692.0)]);
    // A free text annotation's appearance, at (62, 604) from the lower left.
    let document = open("probes/p_annot_freetext.pdf");
    let page = &document.pages[0];
    let note = (0..page.glyphs.len() as u32).find(|&i| page.glyph_text(i) == "注").unwrap();
    assert_eq!(page.glyphs[note as usize].origin, (62.0, page.height - 604.0));
    assert!(!text(&open("probes/p_mediabox_offset.pdf")).contains("範囲外"), "outside the CropBox");
    assert!(!text(&open("probes/p_ocg_hidden.pdf")).contains("非表示"), "on a layer that is off");
}

#[test]
fn vertical_text_advances_by_its_own_widths() {
    let glyphs = origins("probes/vert_W2_90ms-RKSJ-V.pdf", 3);
    // W2 says -1200: 14.4 points at size 12.
    assert_eq!(
        [glyphs[1].2 - glyphs[0].2, glyphs[2].2 - glyphs[1].2].map(|d| (d * 10.0).round()),
        [144.0, 144.0]
    );
    let document = open("probes/cmap_90ms-RKSJ-V.pdf");
    assert!(document.pages[0].glyphs.iter().all(|g| g.vertical));
    assert!(document.pages[0].lines.iter().all(|l| l.vertical));
}

#[test]
fn rotate_turns_the_page_and_text_without_ink_is_marked() {
    let turned = open("probes/rotate90_90ms-RKSJ-H.pdf");
    assert_eq!((turned.pages[0].width.round(), turned.pages[0].height.round()), (842.0, 595.0));
    let page = &open("probes/tr3_invisible_90ms-RKSJ-H.pdf").pages[0];
    let unseen: String = (0..page.glyphs.len() as u32)
        .filter(|&i| page.glyphs[i as usize].ink == chohyo_layout::Ink::Without)
        .map(|i| page.glyph_text(i))
        .collect();
    assert_eq!(unseen, "不可視テキスト");
}
