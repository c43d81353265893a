//! Law 4: any bytes give a document or an error that says why not.

use chohyo_layout::{ErrorKind, Options, read};
use chohyo_tests::hostile;

/// What a reader that did not look would pay for with its memory or its time.
const TOO_LARGE: [&str; 24] = [
    "bomb/cid_to_gid",
    "bomb/content_flate",
    "bomb/content_flate_three_times",
    "bomb/content_flate_twice",
    "bomb/content_lzw",
    "bomb/content_run_length",
    "bomb/contents_of_64",
    "bomb/filter_named_by_reference",
    "bomb/font",
    "bomb/form",
    "bomb/profile",
    "bomb/to_unicode",
    "graph/form_draws_itself",
    "graph/forms_double",
    "graph/forms_double_with_text",
    "graph/functions_double",
    "graph/groups_double",
    "graph/one_appearance_100000_times",
    "graph/one_form_100000_times",
    "graph/one_stream_100000_times",
    "objects/stream_bomb",
    "predictor/wide",
    "widths/of_every_character",
    "xref/bomb",
];

/// What looks worse than it is: the text of the page is read.
const READ: [&str; 12] = [
    "bomb/attached_file",
    "bomb/image",
    "bomb/metadata",
    "damage/junk_of_1000_before_the_header",
    "encrypt/itself",
    "graph/colour_indexes_itself",
    "graph/page_tree_20000_deep",
    "graph/page_tree_fans_out",
    "graph/parents_in_a_ring",
    "length/too_short",
    "nesting/content_q",
    "xref/startxref_in_the_middle",
];

#[test]
fn law_4_any_bytes_give_a_document_or_an_error() {
    let mut count = 0;
    for (name, bytes) in hostile() {
        count += 1;
        match read(&bytes, &Options::default()) {
            Ok(document) => {
                assert!(!TOO_LARGE.contains(&name.as_str()), "{name} is read");
                if READ.contains(&name.as_str()) {
                    let text: String = document.pages.iter().map(|p| p.text.as_str()).collect();
                    assert!(text.contains("人口1234"), "{name}: {text}");
                }
            }
            Err(error) => {
                assert!(!READ.contains(&name.as_str()), "{name}: {error}");
                let expected = TOO_LARGE.contains(&name.as_str());
                assert!(!expected || error.kind() == ErrorKind::TooLarge, "{name}: {error}");
            }
        }
    }
    assert!(count > 250);
}
