//! Writes the hostile files into a folder, to try a reader on them one by one.
//!
//! `cargo run -q -p chohyo-tests --example hostile -- FOLDER [PART OF A NAME]`

#![allow(clippy::print_stdout, reason = "what it wrote is its output")]

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let part = arguments.next().unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    for (name, make) in chohyo_tests::hostile::cases().filter(|(name, _)| name.contains(&part)) {
        let path = folder.join(name.replace('/', "-")).with_extension("pdf");
        std::fs::write(&path, make())?;
        println!("{}", path.display());
    }
    Ok(())
}
