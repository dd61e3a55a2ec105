//! Rendered manifests: YAML or JSON documents in, Deployments out as raw JSON.
use serde_json::Value;

use crate::policy::Problem;
use crate::policy::yaml;

/// The Deployments among the documents of a file; a `List` is looked into.
///
/// Linear in the text; size, depth and aliases are bounded as those of a policy are.
///
/// # Errors
/// The first document that is no YAML, with its place in the file.
pub fn deployments(text: &str) -> Result<Vec<Value>, Problem> {
    let mut found = Vec::new();
    for (line, document) in documents(text) {
        let node = yaml::parse(document).map_err(|mut problem| {
            problem.at.line += line;
            problem
        })?;
        collect(node.to_json(), &mut found);
    }
    Ok(found)
}

fn collect(value: Value, found: &mut Vec<Value>) {
    match value.get("kind").and_then(Value::as_str) {
        Some("Deployment") => found.push(value),
        Some("List") => {
            let items = value.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
            // A list of lists is nobody's; one level is what kubectl and kustomize write.
            found.extend(
                items.into_iter().filter(|item| item.get("kind").and_then(Value::as_str) == Some("Deployment")),
            );
        }
        _ => {}
    }
}

/// The documents with the number of lines before each; a separator inside of a block is indented, and so is none.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let (mut documents, mut start, mut first, mut at) = (Vec::new(), 0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        if line.trim_end() == "---" || line.starts_with("--- ") {
            documents.push((first, &text[start..at]));
            (start, first) = (end, number + 1);
        }
        at = end;
    }
    documents.push((first, &text[start..]));
    documents.retain(|(_, document)| {
        document.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    });
    documents
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_lists_and_numbers() {
        let text = "# a comment\n---\nkind: Service\n---\nkind: Deployment\nspec: {replicas: 3, x: 0x1F, f: 1.5, o: 0o17, t: '3'}\n--- \nkind: List\nitems:\n- {kind: Deployment, metadata: {name: b}}\n- {kind: ConfigMap}\n";
        let expected = vec![
            json!({ "kind": "Deployment", "spec": { "replicas": 3, "x": 31, "f": 1.5, "o": 15, "t": "3" } }),
            json!({ "kind": "Deployment", "metadata": { "name": "b" } }),
        ];
        assert_eq!(deployments(text), Ok(expected));
        assert_eq!(deployments("{\"kind\": \"Deployment\"}"), Ok(vec![json!({ "kind": "Deployment" })]));
        assert_eq!(deployments(""), Ok(vec![]));
    }

    #[test]
    fn a_problem_has_its_line_in_the_file() {
        let problem = deployments("kind: A\n---\nkind: [\n").err().map(|problem| problem.at.line);
        assert!(problem.is_some_and(|line| line >= 3), "{problem:?}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[-a-z:{}\\[\\] \n0-9'\"#&*!|>]{0,200}") {
            drop(deployments(&text));
        }

        #[test]
        fn json_reads_back(name in "[a-z]{1,8}", replicas in 0_u32..1000) {
            let object = json!({ "kind": "Deployment", "metadata": { "name": name }, "spec": { "replicas": replicas } });
            proptest::prop_assert_eq!(deployments(&object.to_string()), Ok(vec![object]));
        }
    }
}
