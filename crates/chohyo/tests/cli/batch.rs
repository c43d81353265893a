//! `chohyo batch`.

use std::fs;
use std::path::Path;

use lopdf::{Document, Object, Stream, dictionary};

use crate::{code, lines, run, sheets, stderr, stdout};

/// A PDF of one page on which only a box is drawn.
fn pdf_without_text(path: &Path) {
    let mut pdf = Document::with_version("1.5");
    let pages = pdf.new_object_id();
    let content = pdf.add_object(Stream::new(dictionary! {}, b"10 10 100 100 re f".to_vec()));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 200.into(), 200.into()],
    });
    let tree = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    pdf.objects.insert(pages, Object::Dictionary(tree));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    pdf.save(path).unwrap();
}

fn batch(paths: &[&Path], out: &Path) -> std::process::Output {
    let mut arguments: Vec<_> = vec!["batch".as_ref()];
    arguments.extend(paths.iter().map(|p| p.as_os_str()));
    arguments.extend(["--out".as_ref(), out.as_os_str()]);
    run(&arguments)
}

#[test]
fn the_fixtures_give_four_records() {
    let out = tempfile::tempdir().unwrap();
    let output = batch(&[Path::new(".")], out.path());
    assert_eq!((code(&output), stdout(&output)), (0, ""));
    assert!(stderr(&output).starts_with("4 of 4 files read, 0 failed, in "), "{}", stderr(&output));
    let records = lines(&out.path().join("records.jsonl"));
    let names: Vec<_> = records.iter().map(|r| r["source"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sapporo.pdf", "sapporo.txt", "sendai.pdf", "sendai.txt"]);
    assert_eq!(fs::read(out.path().join("failures.jsonl")).unwrap(), b"");
    let mut files: Vec<_> = fs::read_dir(out.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["failures.jsonl", "journal.jsonl", "records.jsonl", "report.json"]);
}

#[test]
fn bad_files_cost_themselves_only() {
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&input).unwrap();
    for name in ["sendai.txt", "sapporo.txt", "sendai.pdf"] {
        fs::copy(sheets().join(name), input.join(name)).unwrap();
    }
    fs::write(input.join("a-garbage.pdf"), [0x89, 0, 0xff, 0x13].repeat(500)).unwrap();
    fs::write(input.join("b-empty.pdf"), b"").unwrap();
    let whole = fs::read(sheets().join("sendai.pdf")).unwrap();
    fs::write(input.join("sb-truncated.pdf"), &whole[..whole.len() / 2]).unwrap();
    pdf_without_text(&input.join("sc-no-text.pdf"));
    fs::write(input.join("z-other.txt"), "買い物\nりんご\n").unwrap();

    let output = batch(&[&input], &out);
    assert_eq!((code(&output), stdout(&output)), (1, ""));

    let failures = lines(&out.join("failures.jsonl"));
    let found: Vec<_> = failures
        .iter()
        .map(|f| {
            let path = Path::new(f["path"].as_str().unwrap());
            assert!(path.starts_with(&input), "{f}");
            assert!(!f["message"].as_str().unwrap().is_empty(), "{f}");
            assert!(f.as_object().unwrap().contains_key("page"), "{f}");
            (path.file_name().unwrap().to_str().unwrap(), f["kind"].as_str().unwrap())
        })
        .collect();
    let expected = [
        ("a-garbage.pdf", "not_pdf"),
        ("b-empty.pdf", "not_pdf"),
        ("sb-truncated.pdf", "damaged"),
        ("sc-no-text.pdf", "no_text"),
        ("z-other.txt", "no_form"),
    ];
    assert_eq!(found, expected);
    for (name, _) in expected {
        assert!(stderr(&output).lines().any(|l| l.starts_with("chohyo: ") && l.contains(name)), "{name}");
    }

    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!((&report["files"], &report["records"], &report["failed"]), (&8.into(), &3.into(), &5.into()));
    assert_eq!(report["failures"]["no_text"], 1);

    // The good files come out as they do alone.
    let alone = folder.path().join("alone");
    let good = ["sapporo.txt", "sendai.pdf", "sendai.txt"].map(|n| input.join(n));
    let output = batch(&good.each_ref().map(std::path::PathBuf::as_path), &alone);
    assert_eq!(code(&output), 0);
    assert_eq!(fs::read(out.join("records.jsonl")).unwrap(), fs::read(alone.join("records.jsonl")).unwrap());
}

#[test]
fn quiet_says_nothing_about_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.pdf"), b"").unwrap();
    let arguments = ["batch", "--quiet", "--out"].map(std::ffi::OsStr::new);
    let output =
        run(&[&arguments[..], &[folder.path().join("out").as_os_str(), folder.path().as_os_str()]].concat());
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (1, "", ""));
}

#[test]
fn what_cannot_be_begun_is_2_and_names_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("a.txt"), "x").unwrap();
    let empty = root.join("empty");
    fs::create_dir(&empty).unwrap();
    let cases = [
        (root.join("missing"), root.join("out"), "missing: cannot be found"),
        (root.join("a.txt"), root.join("a.txt/out"), "out: cannot be created"),
        (root.join("a.txt"), root.join("a.txt"), "a.txt: cannot be created: not a directory"),
        (
            root.join("*.pdf"),
            root.join("out"),
            "*.pdf: cannot be found or looked at: no file fits this pattern",
        ),
        (empty, root.join("out"), "no sheets"),
    ];
    for (input, out, message) in cases {
        let output = batch(&[&input], &out);
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{message}");
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    assert_eq!(fs::read_to_string(root.join("a.txt")).unwrap(), "x");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_1_and_leaves_the_earlier_run() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("failures.jsonl"), "of an earlier run").unwrap();
    fs::write(folder.path().join("a.pdf"), b"").unwrap();
    std::os::unix::fs::symlink("/dev/full", out.join("failures.jsonl.partial")).unwrap();
    let output = batch(&[&folder.path().join("a.pdf")], &out);
    assert_eq!((code(&output), stdout(&output)), (1, ""));
    assert!(
        stderr(&output).contains("failures.jsonl.partial: cannot be written: No space left"),
        "{}",
        stderr(&output)
    );
    assert_eq!(fs::read_to_string(out.join("failures.jsonl")).unwrap(), "of an earlier run");
    assert!(!out.join("report.json").exists());
}

#[test]
fn a_list_on_standard_input_may_have_gaps() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    let output = crate::run_with_stdin(&["batch", "-", "--out", out], b"sendai.txt\0gone.pdf\0sapporo.txt\0");
    assert_eq!((code(&output), stdout(&output)), (1, ""), "{}", stderr(&output));
    let records = lines(&Path::new(out).join("records.jsonl"));
    let names: Vec<_> = records.iter().map(|r| r["source"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sendai.txt", "sapporo.txt"]);
    let failures = lines(&Path::new(out).join("failures.jsonl"));
    assert_eq!((&failures[0]["path"], &failures[0]["kind"]), (&"gone.pdf".into(), &"io".into()));
}

#[test]
fn a_list_from_windows_has_the_same_files() {
    let out = tempfile::tempdir().unwrap();
    let out = out.path().to_str().unwrap();
    let output = crate::run_with_stdin(&["batch", "-", "--out", out], b"sendai.txt\r\n\r\nsapporo.txt\r\n");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(lines(&Path::new(out).join("records.jsonl")).len(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn odd_files_and_names_are_survived_and_told() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let (input, out) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&input).unwrap();
    let name = |bytes: &'static [u8]| input.join(std::ffi::OsStr::from_bytes(bytes));
    let sheet = fs::read(sheets().join("sendai.txt")).unwrap();
    // Shift JIS, as an archive from Windows has it.
    fs::write(name(b"1 \x90\xe5\x91\xe4.txt"), &sheet).unwrap();
    fs::write(name(b"2 same.txt"), &sheet).unwrap();
    fs::write(name(b"3 \x1b[2J\nnext.pdf"), "").unwrap();
    std::os::unix::fs::symlink("nowhere", name(b"4 dangling.pdf")).unwrap();
    std::os::unix::fs::symlink(&input, name(b"5 loop")).unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").args([&pipe, &name(b"6.pdf")]).status().unwrap().success());
    let output = batch(&[&input, &pipe], &out);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(!stderr(&output).contains('\x1b'), "{}", stderr(&output));

    let records = lines(&out.join("records.jsonl"));
    assert_eq!(records.len(), 1);
    let source = &records[0]["source"];
    assert_eq!(
        (&source["name"], &source["other_names"][0]),
        (&"1 %90%E5%91%E4.txt".into(), &"2 same.txt".into())
    );
    let failures = lines(&out.join("failures.jsonl"));
    let found: Vec<_> = failures
        .iter()
        .map(|f| {
            let path = Path::new(f["path"].as_str().unwrap());
            (path.file_name().unwrap().to_str().unwrap(), f["kind"].as_str().unwrap())
        })
        .collect();
    assert_eq!(found, [("3 \u{1b}[2J\nnext.pdf", "not_pdf"), ("4 dangling.pdf", "io"), ("pipe", "io")]);
    assert!(stderr(&output).contains("1 have the content of another"), "{}", stderr(&output));
}

#[test]
fn v_tells_of_each_file() {
    let out = tempfile::tempdir().unwrap();
    let output = run(&["batch", "-v", "sendai.txt", "--out", out.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("sendai.txt: record, "), "{}", stderr(&output));
}

#[test]
fn formats_are_written_side_by_side() {
    let out = tempfile::tempdir().unwrap();
    let arguments =
        ["batch", "sendai.txt", "--format", "csv,jsonl", "--bom", "--out", out.path().to_str().unwrap()];
    let output = run(&arguments);
    assert_eq!((code(&output), stdout(&output)), (0, ""), "{}", stderr(&output));
    assert_eq!(lines(&out.path().join("records.jsonl")).len(), 1);
    let measures = fs::read_to_string(out.path().join("measures.csv")).unwrap();
    assert!(measures.starts_with("\u{feff}file,path,sha256,form,municipality_code,"), "{measures}");
    assert_eq!(measures.lines().count(), 22, "a head, and 21 measures");
    let population = measures.lines().find(|l| l.contains(",population,")).unwrap();
    assert!(population.contains(",041009,仙台市,designated_city,宮城県,2020,"), "{population}");
    assert!(population.contains(r#","1,087,723",1087723,人,"#), "{population}");
    assert!(!out.path().join("records.sqlite").exists());
    assert!(!stderr(&output).contains("earlier batch"), "{}", stderr(&output));

    // Tables that are not written again are not taken for those of the next batch.
    let output = run(&["batch", "sapporo.txt", "--out", out.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("measures.csv: of an earlier batch"), "{}", stderr(&output));
}

#[test]
fn a_format_that_is_not_known_is_refused_with_those_that_are() {
    let output = run(&["batch", ".", "--format", "jsonl,xlsx", "--out", "never"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("jsonl, csv"), "{}", stderr(&output));
}

/// What the second reader says does not depend on who starts it: a batch, for its workers, or the one process of extract.
#[cfg(feature = "witness")]
#[test]
fn a_cross_check_says_the_same_in_a_batch() {
    let out = tempfile::tempdir().unwrap();
    let output = run(&["batch", "sendai.pdf", "--cross-check", "--out", out.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let alone = run(&["extract", "sendai.pdf", "--cross-check", "--jsonl"]);
    assert_eq!(fs::read_to_string(out.path().join("records.jsonl")).unwrap(), stdout(&alone));
    let record = &lines(&out.path().join("records.jsonl"))[0];
    let codes: Vec<_> = record["diagnostics"].as_array().unwrap().iter().map(|d| &d["code"]).collect();
    assert!(!codes.contains(&&"no_witness".into()), "{codes:?}");
}
