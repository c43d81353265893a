//! Pages for tests, in the coordinates of the records.

use chohyo_test_pages::{Content, HEIGHT};

use crate::sheet::{Cell, Sheet, Status};

/// A page of 600 by 400 points; y grows downwards, as in the records.
#[derive(Clone, Default)]
pub(crate) struct Page(Content);

impl Page {
    /// `text` with its baseline at (x, y), 10 points high.
    pub(crate) fn text(self, x: f32, y: f32, text: &str) -> Self {
        self.text_of(10.0, x, y, text)
    }

    /// The same in another size.
    pub(crate) fn text_of(self, size: f32, x: f32, y: f32, text: &str) -> Self {
        Self(self.0.text(x, HEIGHT as f32 - y, size, text))
    }

    /// A grid of strokes through these x and y.
    pub(crate) fn grid(self, xs: &[f32], ys: &[f32]) -> Self {
        let (Some(&left), Some(&right)) = (xs.first(), xs.last()) else { return self };
        let (Some(top), Some(bottom)) = (ys.first(), ys.last()) else { return self };
        let up = |y: &f32| HEIGHT as f32 - y;
        let upright = xs.iter().fold(self.0, |page, &x| page.stroke(x, up(top), x, up(bottom)));
        Self(ys.iter().fold(upright, |page, y| page.stroke(left, up(y), right, up(y))))
    }
}

/// The record of these pages, which keeps what is printed on them (law 1).
pub(crate) fn sheet(pages: &[Page]) -> Sheet {
    read(pages, &crate::Extractor::new())
}

/// The same by a form.
pub(crate) fn sheet_of(form: &str, pages: &[Page]) -> Sheet {
    read(pages, &crate::Extractor::new().form(crate::Form::parse(form).unwrap()))
}

fn read(pages: &[Page], extractor: &crate::Extractor) -> Sheet {
    let fixture = chohyo_tests::Fixture { name: "pages.pdf".to_owned(), bytes: pdf(pages) };
    let sheet = extractor.extract(&fixture.bytes).unwrap();
    let broken = chohyo_tests::law::conservation(&fixture, &serde_json::to_value(&sheet).unwrap());
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    sheet
}

/// The texts of these columns of a table, row by row.
pub(crate) fn texts<'s, const N: usize>(
    sheet: &'s Sheet,
    table: &str,
    columns: [&str; N],
) -> Vec<[&'s str; N]> {
    sheet.tables[table].iter().map(|row| columns.map(|c| row[c].text.as_str())).collect()
}

/// The same, with `?` behind what is ambiguous; a cell that is not there is empty.
pub(crate) fn doubted<const N: usize>(sheet: &Sheet, table: &str, columns: [&str; N]) -> Vec<[String; N]> {
    let cell = |c: &Cell| {
        let doubt = if c.status == Some(Status::Ambiguous) { "?" } else { "" };
        format!("{}{doubt}", c.text)
    };
    let rows = sheet.tables[table].iter();
    rows.map(|row| columns.map(|c| row.get(c).map(cell).unwrap_or_default())).collect()
}

pub(crate) fn pdf(pages: &[Page]) -> Vec<u8> {
    let contents: Vec<Content> = pages.iter().map(|page| page.0.clone()).collect();
    chohyo_test_pages::pdf(&contents)
}
