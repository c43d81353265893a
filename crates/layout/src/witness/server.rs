//! The witness's side of the pipe.
//!
//! It writes lines: `P 2` begins page 2, `C x y size text` is a character, `F why` a page that failed, `E` the
//! end. Fields are separated by tabs.

use std::io::{self, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform};

/// Stack of the thread that reads.
const STACK: usize = 64 << 20;
/// CPU time in seconds, and address space in bytes.
#[cfg(unix)]
const LIMITS: (u64, u64) = (30, 2 << 30);

/// Reads a PDF from standard input and says on standard output what is on its pages; for the process that
/// [`cross_check`](super::cross_check) starts.
///
/// # Errors
/// When a pipe breaks, or the process cannot be bounded.
pub fn serve() -> io::Result<()> {
    #[cfg(unix)]
    confine()?;
    // What a panic says goes to whoever asked, not to standard error.
    std::panic::set_hook(Box::new(|_| {}));
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let reader = std::thread::Builder::new().stack_size(STACK).spawn(move || testify(&bytes))?;
    reader.join().unwrap_or_else(|_| Err(io::Error::other("the witness gave up")))
}

#[cfg(unix)]
fn confine() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let (seconds, memory) = LIMITS;
    for (resource, most) in
        [(Resource::Cpu, seconds), (Resource::As, memory), (Resource::Core, 0), (Resource::Fsize, 0)]
    {
        let most = getrlimit(resource).maximum.map_or(most, |m| m.min(most));
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn testify(bytes: &[u8]) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let document = catch_unwind(|| {
        let mut document = Document::load_mem(bytes).map_err(|e| e.to_string())?;
        if document.is_encrypted() {
            document.decrypt("").map_err(|e| e.to_string())?;
        }
        Ok::<_, String>(document)
    });
    let document = match document.unwrap_or_else(|_| Err("it gave up on the file".to_owned())) {
        Ok(document) => document,
        Err(why) => {
            writeln!(out, "F\t{}\nE", one_line(&why))?;
            return out.flush();
        }
    };
    for &number in document.get_pages().keys() {
        writeln!(out, "P\t{number}")?;
        let mut page = Page { out: &mut out, bounds: None };
        let result =
            catch_unwind(AssertUnwindSafe(|| pdf_extract::output_doc_page(&document, &mut page, number)));
        match result {
            Ok(Ok(())) => {}
            Ok(Err(error)) => writeln!(out, "F\t{}", one_line(&error.to_string()))?,
            Err(_) => writeln!(out, "F\tit gave up on the page")?,
        }
        // What comes after may end the process.
        out.flush()?;
    }
    writeln!(out, "E")?;
    out.flush()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

struct Page<'w, W> {
    out: &'w mut W,
    /// Left, lower, right, upper.
    bounds: Option<[f64; 4]>,
}

impl<W: Write> OutputDev for Page<'_, W> {
    fn begin_page(
        &mut self,
        _: u32,
        page: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.bounds = Some([page.llx, page.lly, page.urx, page.ury]);
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        _: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        let (x, y) = (trm.m31, trm.m32);
        let is_off = self.bounds.is_some_and(|[left, lower, right, upper]| {
            x < left.min(right) || x > left.max(right) || y < lower.min(upper) || y > lower.max(upper)
        });
        if !is_off {
            let size = font_size * trm.m21.hypot(trm.m22);
            writeln!(self.out, "C\t{x}\t{y}\t{size}\t{}", one_line(text))?;
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
