//! The process that the witness runs in, and what it says.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Character, Said, Testimony, Witness};

/// More than this is not read of what the witness says, in bytes.
const MOST: u64 = 256 << 20;

/// Asks; whatever goes wrong is in the testimony.
pub(super) fn ask(bytes: &[u8], witness: &Witness) -> Testimony {
    match run(bytes, witness) {
        Ok((output, failure)) => {
            let mut testimony = understand(&output);
            testimony.failure = testimony.failure.or(failure);
            testimony
        }
        Err(error) => Testimony { pages: Vec::new(), failure: Some(format!("it cannot be asked: {error}")) },
    }
}

fn run(bytes: &[u8], witness: &Witness) -> io::Result<(String, Option<String>)> {
    let mut child = Command::new(&witness.program)
        .args(&witness.arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("no pipes"));
    };
    let end = Instant::now() + witness.time;
    thread::scope(|scope| {
        // Whoever does not read to the end has said why, or is not there any more.
        scope.spawn(move || {
            let _ = input.write_all(bytes);
        });
        let (sender, receiver) = mpsc::channel();
        scope.spawn(move || {
            let mut said = Vec::new();
            let _ = output.take(MOST).read_to_end(&mut said);
            let _ = sender.send(said);
        });
        let in_time = receiver.recv_timeout(witness.time);
        let failure = match &in_time {
            Ok(_) => wait(&mut child, end),
            Err(_) => Some(format!("it took more than {} s", witness.time.as_secs())),
        };
        // Has no effect on a process that has ended; its pipes close, and the threads end.
        let _ = child.kill();
        let _ = child.wait();
        let said = in_time.or_else(|_| receiver.recv()).unwrap_or_default();
        Ok((String::from_utf8_lossy(&said).into_owned(), failure))
    })
}

/// Why the process ended, when it was not done.
fn wait(child: &mut Child, end: Instant) -> Option<String> {
    while Instant::now() < end {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return None,
            Ok(Some(status)) => return Some(format!("it ended with {status}")),
            Ok(None) => thread::sleep(Duration::from_millis(2)),
            Err(error) => return Some(error.to_string()),
        }
    }
    Some("it does not end".to_owned())
}

fn understand(output: &str) -> Testimony {
    let mut testimony = Testimony::default();
    let mut is_whole = false;
    for line in output.lines() {
        let mut fields = line.splitn(5, '\t');
        let kind = fields.next();
        let mut number = || fields.next().and_then(|f| f.parse::<f64>().ok());
        match kind {
            Some("P") => {
                let number = number().unwrap_or_default() as u32;
                testimony.pages.push(Said { number, ..Said::default() });
            }
            Some("C") => {
                let place = (number(), number(), number(), fields.next());
                if let (Some(page), (Some(x), Some(y), Some(size), Some(text))) =
                    (testimony.pages.last_mut(), place)
                {
                    page.characters.push(Character { text: text.to_owned(), x, y, size });
                }
            }
            Some("F") => {
                let why = Some(line.get(2..).unwrap_or_default().to_owned());
                match testimony.pages.last_mut() {
                    Some(page) => page.failure = why,
                    None => testimony.failure = why,
                }
            }
            Some("E") => is_whole = true,
            _ => {}
        }
    }
    if !is_whole && let Some(page) = testimony.pages.last_mut() {
        page.failure = Some("it ended on this page".to_owned());
    }
    testimony
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_before_the_end_counts() {
        let said = understand("P\t1\nC\t1.5\t2\t10\t人\nP\t2\nC\t1\t2\t10\t1\n");
        assert_eq!(said.pages.len(), 2);
        assert_eq!(said.pages[0].characters[0], Character { text: "人".into(), x: 1.5, y: 2.0, size: 10.0 });
        assert_eq!(said.pages[0].failure, None);
        assert!(said.pages[1].failure.is_some());
        assert_eq!(understand("F\tno trailer\nE\n").failure.as_deref(), Some("no trailer"));
    }
}
