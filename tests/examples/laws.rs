//! The laws over files of your own: `cargo run -p chohyo-tests --example laws -- FILE...`
//!
//! Prints one line for each breach, and ends with 1 when there is one.
#![allow(clippy::print_stdout, reason = "what it finds is its output")]

use std::process::ExitCode;

use chohyo_tests::{Fixture, law};

fn main() -> std::io::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args().skip(1) {
        let fixture = Fixture { bytes: std::fs::read(&path)?, name: path };
        let broken = match fixture.sheet() {
            Ok(sheet) => {
                let record = serde_json::to_value(sheet)?;
                [law::conservation(&fixture, &record), law::nothing_invented(&fixture, &record)].concat()
            }
            Err(error) => vec![format!("no record: {error}")],
        };
        for message in broken {
            println!("{}: {message}", fixture.name);
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}
