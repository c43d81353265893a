//! The process that the witness runs in, and what it says.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Character, Said, Testimony, Understood, Witness};

/// More than this is not read of what the witness says, in bytes: half a million characters. Whoever compares has it in
/// memory several times.
const MOST: u64 = 32 << 20;

/// Asks; whatever goes wrong is in the testimony.
pub(super) fn ask(bytes: &[u8], witness: &Witness) -> Testimony {
    Testimony(match run(bytes, witness) {
        Ok((mut said, why)) => {
            if let Some(why) = why {
                // It may have been cut off within a line.
                said.push('\n');
                said += &failed(&why);
            }
            said
        }
        Err(error) => failed(&format!("it cannot be asked: {error}")),
    })
}

/// What is said for a witness that failed, behind what it said itself.
pub(super) fn failed(why: &str) -> String {
    format!("X\t{}\n", why.replace(['\n', '\r'], " "))
}

fn run(bytes: &[u8], witness: &Witness) -> io::Result<(String, Option<String>)> {
    let mut command = Command::new(&witness.program);
    command.args(&witness.arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // In a group of its own: Ctrl-C is for whoever asks.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
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
            // Without the time, which may be what was left of another: the same bytes are to give the same.
            Err(_) => Some("it did not answer in time".to_owned()),
        };
        // Has no effect on a process that has ended; its pipes close, and the threads end.
        let _ = child.kill();
        let _ = child.wait();
        let said = in_time.or_else(|_| receiver.recv()).unwrap_or_default();
        let said =
            String::from_utf8(said).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
        Ok((said, failure))
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
    Some("it did not end in time".to_owned())
}

pub(super) fn understand(output: &str) -> Understood {
    let mut testimony = Understood::default();
    let (mut is_whole, mut ended) = (false, None);
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
            Some("X") => ended = line.get(2..).map(str::to_owned),
            Some("E") => is_whole = true,
            _ => {}
        }
    }
    if !is_whole && let Some(page) = testimony.pages.last_mut() {
        page.failure = Some("it ended on this page".to_owned());
    }
    testimony.failure = testimony.failure.or(ended);
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
        let ended =
            understand(&("P\t1\nC\t1\t2\t10\t人\nC\t1\t2".to_owned() + "\n" + &failed("it was\nkilled")));
        assert_eq!((ended.pages[0].characters.len(), ended.failure.as_deref()), (1, Some("it was killed")));
    }
}
