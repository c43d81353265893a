//! `chohyo layout`: what the reader sees on the pages.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use chohyo_layout::{Options, Page, rows};
use serde::Serialize;

use crate::cli::{LayoutArguments, What};
use crate::input;
use crate::outcome::{Outcome, complain};

pub(crate) fn run(arguments: &LayoutArguments) -> anyhow::Result<Outcome> {
    let title = || input::title(&arguments.file);
    let bytes = input::read(&arguments.file).with_context(title)?;
    let mut options = Options::default();
    options.password.clone_from(&arguments.password);
    let document = chohyo_layout::read(&bytes, &options).with_context(title)?;
    for warning in &document.warnings {
        let page = warning.page.map(|p| format!("page {p}: ")).unwrap_or_default();
        complain(format_args!("{}: {page}{}", title(), warning.message));
    }
    if let Some(folder) = &arguments.svg {
        draw(folder, &document.pages)?;
    }
    let Some(what) = arguments.what else { return Ok(Outcome::Well) };
    let mut out = io::BufWriter::new(io::stdout().lock());
    #[cfg(feature = "witness")]
    if what == What::Witness {
        let check = chohyo_layout::witness::cross_check(&bytes, &document, &crate::witness::witness(None)?);
        let pages = check.pages.iter().filter_map(|p| Some((Some(p.page), p.failure.as_ref()?)));
        for (page, why) in check.failure.iter().map(|why| (None, why)).chain(pages) {
            let page = page.map(|p| format!("page {p}: ")).unwrap_or_default();
            complain(format_args!("{}: {page}the second reader did not read it: {why}", title()));
        }
        print_rows(&mut out, rows::differences(&check))
            .and_then(|()| out.flush())
            .context("standard output")?;
        return Ok(Outcome::Well);
    }
    let printed = document.pages.iter().try_for_each(|page| print_page(&mut out, page, what));
    printed.and_then(|()| out.flush()).context("standard output")?;
    Ok(Outcome::Well)
}

/// Writes a picture of each page; the pages of a dump that keeps no places have none.
fn draw(folder: &Path, pages: &[Page]) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let drawn: Vec<(&Page, String)> =
        pages.iter().map(|page| (page, page.to_svg())).filter(|(_, svg)| !svg.is_empty()).collect();
    anyhow::ensure!(!drawn.is_empty(), "no page has places to draw");
    for (page, svg) in drawn {
        let path = folder.join(format!("page-{:03}.svg", page.number));
        fs::write(&path, svg).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn print_page(out: &mut impl Write, page: &Page, what: What) -> io::Result<()> {
    match what {
        What::Glyphs => print_rows(out, rows::glyphs(page)),
        What::Rulings => print_rows(out, rows::rulings(page)),
        What::Lines => print_rows(out, rows::lines(page)),
        What::Tables => print_rows(out, rows::tables(page)),
        What::Blocks => print_rows(out, rows::blocks(page)),
        #[cfg(feature = "witness")]
        What::Witness => Ok(()),
    }
}

fn print_rows<T: Serialize>(out: &mut impl Write, rows: impl Iterator<Item = T>) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
