//! A record in the shape of the truth, so that the two can be compared.

use serde_json::{Value, json};

use crate::score::norm;

/// Levels of 協議の場, as printed and as the truth names them.
const LEVELS: [(&str, &str); 3] =
    [("都道府県", "prefecture"), ("障害保健福祉圏域", "area"), ("市町村", "municipality")];

/// The record in the shape of the truth.
pub fn adapt(record: &Value) -> Value {
    let rows = |table: &str| record["tables"][table].as_array().cloned().unwrap_or_default();
    let texts = |name: &str| -> Value {
        let all = record["texts"][name].as_array().cloned().unwrap_or_default();
        all.iter().flat_map(lines).collect()
    };
    json!({
        "municipality": record["municipality"]["name"],
        "prefecture": record["municipality"]["prefecture"],
        "municipality_kind": record["municipality"]["kind"],
        "fiscal_year": record["fiscal_year"],
        "title": joined(&record["title"]),
        "program": joined(&record["program"]),
        "measures": measures(record),
        "councils": rows("councils").iter().map(council).collect::<Value>(),
        "history": rows("history").iter().map(|row| json!({
            "label": text(&row["period"]), "period": period(&row["period"]), "items": lines(&row["content"]),
        })).collect::<Value>(),
        "outcomes": rows("outcomes").iter().map(|row| json!({
            "indicator": joined(&row["indicator"]), "target": valued(&row["target"]),
            "actual": valued(&row["actual"]), "narrative": joined(&row["narrative"]),
        })).collect::<Value>(),
        "issues": issues(&rows("issues")),
        "indicators": rows("indicators").iter().map(|row| json!({
            "indicator": joined(&row["indicator"]),
            "reason": joined(if row["reason"].is_null() { &row["effect"] } else { &row["reason"] }),
            "current": number(&row["current"]), "target": number(&row["target"]),
        })).collect::<Value>(),
        "schedule": rows("schedule").iter().map(|row| json!({
            "label": text(&row["period"]), "period": period(&row["period"]),
            "item": joined(&row["item"]), "content": joined(&row["content"]),
        })).collect::<Value>(),
        "summary": texts("summary"),
        "initiatives": texts("initiatives"),
        "overview": texts("overview"),
        "strengths": texts("strengths"),
        "template_residue": record["residue"].as_array().into_iter().flatten().map(text).collect::<Value>(),
    })
}

/// The measures that stand on the sheet: the truth has no row for what does not.
fn measures(record: &Value) -> Value {
    let all = record["measures"].as_array().into_iter().flatten().filter(|m| m["status"] != "missing");
    all.map(|m| {
        let value = if m["value"].is_null() { Value::Null } else { m["value"].to_string().into() };
        json!({
            "key": m["key"], "value": value, "unit": m["unit"], "as_of": as_of(&m["as_of"]), "why": m["status"],
        })
    })
    .collect()
}

fn council(row: &Value) -> Value {
    let printed = norm(text(&row["level"]));
    let level = LEVELS.iter().find(|(name, _)| printed.contains(name)).map(|(_, level)| *level);
    let date = if row["established"]["as_of"].is_null() {
        &row["level"]["as_of"]
    } else {
        &row["established"]["as_of"]
    };
    json!({
        "level": level, "established": number(&row["established"]), "total": number(&row["total"]),
        "as_of": as_of(date),
    })
}

/// Rows of one issue and policy, one an actor, to one entry with its roles.
fn issues(rows: &[Value]) -> Value {
    let mut issues: Vec<Value> = Vec::new();
    for row in rows {
        let (issue, policies) = (joined(&row["issue"]), lines(&row["policy"]));
        if issues.last().is_none_or(|l| l["issue"] != issue.as_str() || l["policies"] != json!(policies)) {
            issues.push(json!({"issue": issue, "policies": policies, "roles": []}));
        }
        let roles = issues.last_mut().and_then(|l| l["roles"].as_array_mut());
        if let (Some(roles), false) = (roles, row["actor"].is_null()) {
            roles.push(json!({"actor": joined(&row["actor"]), "content": joined(&row["content"])}));
        }
    }
    issues.into()
}

fn valued(cell: &Value) -> Value {
    json!({"value": number(cell), "as_of": as_of(&cell["as_of"])})
}

fn text(cell: &Value) -> &str {
    cell["text"].as_str().unwrap_or_default()
}

fn joined(cell: &Value) -> String {
    text(cell).replace('\n', "")
}

fn lines(cell: &Value) -> Vec<String> {
    text(cell).lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect()
}

fn number(cell: &Value) -> Option<String> {
    (!cell["value"].is_null() && cell["status"] != "ambiguous").then(|| cell["value"].to_string())
}

/// A period as the truth has it.
fn edtf(period: &Value) -> Option<String> {
    if period.is_null() {
        return None;
    }
    let printed = norm(period["text"].as_str().unwrap_or_default());
    if period["kind"] == "whole_year" || printed == "通年" || printed == "年間" {
        return Some("通年".to_owned());
    }
    if let (true, Some(year)) = (period["kind"] == "fiscal_point", period["fiscal_year"].as_i64()) {
        return Some(format!("{year}-04/{}-03", year + 1));
    }
    let edtf = period["edtf"].as_str().unwrap_or_default().trim_matches(['{', '}']);
    (!edtf.is_empty()).then(|| edtf.to_owned())
}

/// A date to the month, as the truth has it.
fn as_of(period: &Value) -> Option<String> {
    let edtf = edtf(period)?;
    let bytes = edtf.as_bytes();
    let day = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    Some(if day { edtf[..7].to_owned() } else { edtf })
}

fn period(cell: &Value) -> Option<String> {
    if cell.is_null() || cell["status"] == "ambiguous" {
        return None;
    }
    edtf(&cell["period"]).or_else(|| (norm(text(cell)) == "毎月").then(|| "毎月".to_owned()))
}
