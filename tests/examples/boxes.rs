//! Whether boxes lie on printed digits, over sheets of your own: `cargo run -p chohyo-tests --example boxes -- FILE...`
//!
//! Beside each FILE.pdf or FILE.txt there is FILE.json, the truth. Prints one line for each box that does not, and the
//! count of what was compared.
#![allow(clippy::print_stdout, reason = "what it finds is its output")]

use std::path::Path;
use std::process::ExitCode;

use chohyo_tests::{Fixture, boxes};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let (mut all, mut broken) = (0, 0);
    for path in std::env::args().skip(1) {
        let truth = std::fs::read_to_string(Path::new(&path).with_extension("json"))?;
        let fixture = Fixture { bytes: std::fs::read(&path)?, name: path };
        let Ok(sheet) = fixture.sheet() else { continue };
        let (compared, wrong) =
            boxes::measures(&fixture, &serde_json::to_value(sheet)?, &serde_json::from_str(&truth)?);
        all += compared;
        broken += wrong.len();
        for message in wrong {
            println!("{}: {message}", fixture.name);
        }
    }
    println!("{all} boxes compared, {broken} wrong");
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
