//! Any text gives a form or a typed error, and a form that is one reads a sheet without a panic.

#![no_main]

use chohyo_extract::{Extractor, Form};
use libfuzzer_sys::fuzz_target;

/// Short, with a heading, a table and numbers.
const SHEET: &str = "\
1 県又は政令市の基礎情報
取組内容
・相談支援
基本情報
障害保健福祉圏域数 3 か所
人口（R2年4月時点） 1,087,723 人
合計 2,150 人
３か月未満（％：構成割合） 452 人 21.0 ％
2 精神障害にも対応した地域包括ケアシステム構築に資する取組の経緯
H20年度 研修会
R1年度～ 協議の場
課題 方針
病床が多い 退院を支える
";

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = std::str::from_utf8(bytes) else { return };
    match Form::parse(source) {
        Ok(form) => {
            assert_eq!(form.source(), source);
            let _ = Extractor::new().form(form).extract(SHEET);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
