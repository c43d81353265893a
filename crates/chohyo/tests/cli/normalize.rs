//! `chohyo normalize`.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::{code, command, run, run_with_stdin, stderr, stdout};

#[test]
fn plain_text_gives_one_readable_line_a_find() {
    let output =
        run_with_stdin(&["normalize"], "平成18年度に開始。\n　R2年6月末は3,794人（21.0％）\n".as_bytes());
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    let parts: Vec<Vec<&str>> = stdout(&output).lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(parts.len(), 4, "{parts:?}");
    assert_eq!(parts[0][..4], ["1:1", "fiscal_year", "平成18年度", "2006-04-01/2007-03-31"]);
    assert_eq!(parts[1][..4], ["2:2", "date", "R2年6月末", "2020-06-30"]);
    assert_eq!(parts[2][..4], ["2:9", "number", "3,794人", "3794 人"]);
    assert_eq!(parts[3][1], "percent");
    assert!(parts.iter().all(|p| p.len() == 5), "{parts:?}");
}

#[test]
fn the_fiscal_year_completes_a_month() {
    let output = run_with_stdin(&["normalize", "--fiscal-year", "2020"], "2月".as_bytes());
    assert!(stdout(&output).starts_with("1:1\tmonth\t2月\t2021-02"), "{}", stdout(&output));
}

#[test]
fn lines_of_json_give_lines_of_json() {
    let input =
        "{\"id\":\"a\",\"text\":\"人口は1,087,723人\"}\n\nno json\n{\"id\":\"b\",\"text\":\"Ｒ２\"}\n";
    let output = run_with_stdin(&["normalize", "--jsonl"], input.as_bytes());
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).starts_with("chohyo: standard input: line 3: "), "{}", stderr(&output));
    let first = stdout(&output).lines().next();
    let expected = concat!(
        r#"{"id":"a","found":[{"start":3,"end":13,"kind":"number","iso":null,"#,
        r#""value":"1087723","unit":"人","flags":[]}]}"#
    );
    assert_eq!(first, Some(expected));
    assert_eq!(stdout(&output).lines().count(), 2);

    let output = run_with_stdin(&["normalize", "--jsonl", "--fold"], input.as_bytes());
    assert_eq!(stdout(&output).lines().nth(1), Some(r#"{"id":"b","text":"R2"}"#));
}

#[test]
fn an_id_comes_back_as_it_was_given() {
    let ids = ["7", "1.50", "123456789012345678901234567890", "null", r#"["a", 1]"#, r#""\u3042""#];
    let lines = |rest: &str| ids.map(|id| format!("{{\"id\":{id},{rest}}}\n")).concat();
    let input = lines(r#""text" : "Ａ""#);
    let output = run_with_stdin(&["normalize", "--jsonl"], input.as_bytes());
    assert_eq!((code(&output), stdout(&output)), (0, lines(r#""found":[]"#).as_str()));
    let output = run_with_stdin(&["normalize", "--jsonl", "--fold"], input.as_bytes());
    assert_eq!((code(&output), stdout(&output)), (0, lines(r#""text":"A""#).as_str()));
}

#[test]
fn a_line_that_is_no_text_costs_one_line() {
    let output = run_with_stdin(&["normalize", "--fold"], b"\xEF\xBB\xBF\xEF\xBC\xA1\n\xFF\n\xEF\xBC\xA2");
    assert_eq!((code(&output), stdout(&output)), (1, "A\nB"));
    assert_eq!(stderr(&output), "chohyo: standard input: line 2: not UTF-8\n");
}

#[test]
fn each_line_is_answered_before_the_next_is_asked_for() {
    let mut child = command(&["normalize", "--jsonl", "--fold"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut asks, mut answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    for id in 0..3 {
        writeln!(asks, r#"{{"id":{id},"text":"⻑"}}"#).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, format!("{{\"id\":{id},\"text\":\"長\"}}\n"));
    }
    drop(asks);
    assert!(child.wait().unwrap().success());
}

#[test]
fn folding_plain_text_keeps_its_lines() {
    let output = run_with_stdin(&["normalize", "--fold"], "Ｈ２０〜２４\r\n⻑⼾\nＡ".as_bytes());
    assert_eq!((code(&output), stdout(&output)), (0, "H20～24\r\n長戸\nA"));
}

#[test]
fn what_is_no_text_is_told() {
    let output = run(&["normalize", "sendai.pdf"]);
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    assert!(stderr(&output).starts_with("chohyo: sendai.pdf: not UTF-8"), "{}", stderr(&output));
}
