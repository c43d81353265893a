//! `chohyo layout`: what the reader sees on the pages.

use std::io::{self, Write};

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
    let mut out = io::BufWriter::new(io::stdout().lock());
    #[cfg(feature = "witness")]
    if arguments.what == What::Witness {
        let check = chohyo_layout::witness::cross_check(&bytes, &document, &crate::witness::witness()?);
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
    let printed = document.pages.iter().try_for_each(|page| print_page(&mut out, page, arguments.what));
    printed.and_then(|()| out.flush()).context("standard output")?;
    Ok(Outcome::Well)
}

fn print_page(out: &mut impl Write, page: &Page, what: What) -> io::Result<()> {
    match what {
        What::Glyphs => print_rows(out, rows::glyphs(page)),
        What::Rulings => print_rows(out, rows::rulings(page)),
        What::Lines => print_rows(out, rows::lines(page)),
        What::Tables => print_rows(out, rows::tables(page)),
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
