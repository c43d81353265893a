//! The review page of one sheet.

use std::collections::BTreeMap;
use std::fmt::Write;

use chohyo_extract::{Form, FormMeasure, Relation, Sheet, SourceKind};
use chohyo_layout::{Document, Options, PictureLimits, Pictures};
use serde::Serialize;

use crate::html;
use crate::text_layer;

const STYLE: &str = concat!(include_str!("assets/common.css"), include_str!("assets/page.css"));
const SCRIPTS: &[&str] = &[
    include_str!("assets/words.js"),
    include_str!("assets/common.js"),
    include_str!("assets/items.js"),
    include_str!("assets/corrections.js"),
    include_str!("assets/page.js"),
];
const BODY: &str = include_str!("assets/page.html");

/// How a review page is made.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PageOptions {
    /// How the file is read; as it was for the record.
    pub reading: Options,
    /// Bounds on the pictures of the pages.
    pub pictures: PictureLimits,
    /// Address of the index that the page belongs to, relative to the page.
    pub index: Option<String>,
}

/// What the page's script knows.
#[derive(Serialize)]
struct Data<'a> {
    sheet: &'a Sheet,
    measures: Vec<FormMeasure>,
    relations: Vec<Relation>,
    /// Keys and `table.column`s of what is a number beside the measures.
    numbers: Vec<String>,
    /// Titles of the form's tables.
    tables: BTreeMap<String, String>,
    /// Of a dump: its text.
    dump: Option<&'a str>,
    /// Of a dump: where its pages begin, in bytes.
    page_starts: Vec<usize>,
    version: &'static str,
    index: Option<&'a str>,
}

/// The review page of a sheet: `bytes` are those that `sheet` was read from, `form` is the form it was read with.
///
/// # Errors
/// The errors of [`chohyo_layout::read`]: none for a file that gave a record, unless the options are others.
pub fn sheet_page(
    sheet: &Sheet,
    form: Option<&Form>,
    bytes: &[u8],
    options: &PageOptions,
) -> Result<String, chohyo_layout::Error> {
    Ok(document_page(sheet, form, &chohyo_layout::read(bytes, &options.reading)?, bytes, options))
}

/// The same, of pages that have been read already; [`Extractor::extract_read`](chohyo_extract::Extractor::extract_read)
/// gives them with the record.
pub fn document_page(
    sheet: &Sheet,
    form: Option<&Form>,
    document: &Document,
    bytes: &[u8],
    options: &PageOptions,
) -> String {
    let mut out = String::new();
    html::head(&mut out, &title(sheet), STYLE, SCRIPTS);
    let (before, after) = BODY.split_once("<!--pages-->").unwrap_or((BODY, ""));
    out.push_str(before);
    let mut dump = None;
    match sheet.source.kind {
        SourceKind::Text => dump = std::str::from_utf8(bytes).ok(),
        SourceKind::Pdf => pages(&mut out, document, bytes, options),
    }
    out.push_str(after);
    let data = Data {
        sheet,
        measures: form.map(Form::measures).unwrap_or_default(),
        relations: form.map(Form::relations).unwrap_or_default(),
        numbers: form.map(Form::numbers).unwrap_or_default(),
        tables: form.map(Form::table_titles).unwrap_or_default(),
        dump,
        page_starts: document.pages.iter().map(|p| p.offset).collect(),
        version: env!("CARGO_PKG_VERSION"),
        index: options.index.as_deref(),
    };
    // The types of a record have string keys throughout, so this is always written.
    let _ = html::data_block(&mut out, "data", &data);
    html::foot(&mut out, SCRIPTS);
    out
}

fn title(sheet: &Sheet) -> String {
    let name = sheet.municipality.as_ref().map_or(sheet.source.name.as_str(), |m| m.name.as_str());
    match sheet.fiscal_year {
        Some(year) => format!("{name} {year}"),
        None => name.to_owned(),
    }
}

fn pages(out: &mut String, document: &Document, bytes: &[u8], options: &PageOptions) {
    // A page without its picture is still a page: its text is there, and so are the boxes.
    let pictures = chohyo_layout::pictures(bytes, &options.reading, &options.pictures).unwrap_or_default();
    let Pictures { definitions, pages, .. } = pictures;
    let _ = writeln!(
        out,
        "<svg class=\"definitions\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>{definitions}</defs></svg>"
    );
    for (page, picture) in document.pages.iter().zip(pages.iter().map(Some).chain(std::iter::repeat(None))) {
        let cut = picture.is_none_or(|p| p.cut);
        let _ = write!(
            out,
            "<figure class=\"page\" id=\"page-{0}\" data-page=\"{0}\"{1}><svg viewBox=\"0 0 {2:.2} {3:.2}\">\
             <rect class=\"sheet\" width=\"100%\" height=\"100%\"/><g class=\"picture\" aria-hidden=\"true\">",
            page.number,
            if cut { " data-cut=\"1\"" } else { "" },
            page.width,
            page.height
        );
        if let Some(picture) = picture {
            out.push_str(&picture.body);
        }
        out.push_str("</g>");
        text_layer::write(out, page);
        out.push_str("<g class=\"marks\"></g></svg></figure>\n");
    }
}
