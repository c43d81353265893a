//! Prints what the reader sees on each page: blocks in reading order, tables cell by cell.
//!
//! `cargo run -p chohyo-layout --example inspect -- FILE`

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use chohyo_layout::{BlockKind, Options, read};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: inspect FILE");
        return ExitCode::from(2);
    };
    let document = std::fs::read(&path)
        .map_err(|e| e.to_string())
        .and_then(|bytes| read(&bytes, &Options::default()).map_err(|e| e.to_string()));
    let document = match document {
        Ok(document) => document,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    for warning in &document.warnings {
        eprintln!("{warning:?}");
    }
    for page in &document.pages {
        println!("== page {} ({} x {} pt)", page.number, page.width, page.height);
        for block in &page.blocks {
            if let BlockKind::Table(index) = block.kind {
                let table = &page.tables[index as usize];
                println!(
                    "-- table {} rows, {} columns, ruled {}, continues {}",
                    table.rows, table.columns, table.ruled, table.continues
                );
                for cell in &table.cells {
                    let text: Vec<&str> =
                        cell.lines.iter().map(|&l| page.lines[l as usize].text.as_str()).collect();
                    println!("   r{:?} c{:?} {}", cell.rows, cell.columns, text.join(" | "));
                }
            } else {
                println!("-- {:?}", block.kind);
                for &line in &block.lines {
                    println!("   {}", page.lines[line as usize].text);
                }
            }
        }
    }
    ExitCode::SUCCESS
}
