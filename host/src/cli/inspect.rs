//! `modelhost inspect`

use clap::Args;
use serde_json::Value;

use super::client::{Client, segment};
use super::{Failed, Report};

/// Show what a host is doing: its data sources and namespaces, or one namespace with its models.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// One namespace, with its models, operations and history
    namespace: Option<String>,
}

impl Inspect {
    pub(crate) async fn run(self, client: &Client) -> Result<Report, Failed> {
        match self.namespace {
            Some(namespace) => {
                let answer = client.get(&format!("/v1/admin/namespaces/{}", segment(&namespace))).await?;
                Ok(Report::new(namespace_text(&answer["namespace"]), answer))
            }
            None => {
                let answer = client.get("/v1/admin/inspect").await?;
                Ok(Report::new(host_text(&answer["host"]), answer))
            }
        }
    }
}

/// The tree of a host.
pub(crate) fn host_text(host: &Value) -> String {
    let mut tree = Tree::default();
    tree.line(0, &format!("host modelhost {}, control {}", text(&host["version"]), text(&host["control_id"])));
    tree.line(0, "data sources");
    for source in items(&host["data_sources"]) {
        let pool = format!(
            "{} of {} connections open, {} in use, {} waiting",
            source["connections_open"], source["connections_max"], source["connections_in_use"], source["waiting"]
        );
        tree.line(1, &format!("{} {} ({pool})", text(&source["name"]), text(&source["url"])));
        if let [namespace, ms] = items(&source["longest_holder"]) {
            tree.line(2, &format!("{} has had a connection for {ms} ms", text(namespace)));
        }
    }
    tree.line(0, "namespaces");
    if items(&host["namespaces"]).is_empty() {
        tree.line(1, "none; make one with `modelhost namespace create NAME --data-source SOURCE`");
    }
    for namespace in items(&host["namespaces"]) {
        write_namespace(&mut tree, 1, namespace);
    }
    let limits = host["limits"].as_object().into_iter().flatten();
    let limits: Vec<String> = limits.map(|(name, value)| format!("{name} {value}")).collect();
    tree.line(0, &format!("limits of one operation's guest code: {}", limits.join(", ")));
    write_plugins(&mut tree, host);
    let keys = match host["keys_active"].as_u64() {
        Some(0) => {
            "none: requests are accepted without one; make the first with `modelhost key create --admin`".to_owned()
        }
        count => format!("{} active", count.unwrap_or_default()),
    };
    tree.line(0, &format!("keys: {keys}"));
    tree.0
}

/// Compiled plugins, and where new ones come from.
fn write_plugins(tree: &mut Tree, host: &Value) {
    let plugins = &host["plugins"];
    tree.line(
        0,
        &format!(
            "plugins: {} in use; since the start {} compiled, {} from the cache, {} shared",
            plugins["in_use"], plugins["compiled"], plugins["from_cache"], plugins["shared"]
        ),
    );
    tree.line(0, &format!("requests in a replaced generation end after {} ms", host["drain_ms_max"]));
    if let Some(folder) = host["watch"]["folder"].as_str() {
        tree.line(0, &format!("watching {folder}"));
        if items(&host["watch"]["files"]).is_empty() {
            tree.line(1, "no files; NAMESPACE.wasm in it is deployed");
        }
        for file in items(&host["watch"]["files"]) {
            tree.line(1, &format!("{} {}: {}", text(&file["file"]), text(&file["state"]), text(&file["detail"])));
        }
    }
}

/// The tree of a namespace.
pub(crate) fn namespace_text(namespace: &Value) -> String {
    let mut tree = Tree::default();
    write_namespace(&mut tree, 0, namespace);
    for model in items(&namespace["models"]) {
        let description = model["description"].as_str().map_or(String::new(), |text| format!(": {text}"));
        tree.line(1, &format!("model {}{description}", text(&model["name"])));
        for field in items(&model["fields"]) {
            let notes: Vec<&str> = items(&field["notes"]).iter().map(text).collect();
            tree.line(2, &format!("{:16} {:10} {}", text(&field["name"]), text(&field["type"]), notes.join(", ")));
        }
        for set in items(&model["unique"]) {
            let names: Vec<&str> = items(set).iter().map(text).collect();
            tree.line(2, &format!("unique {}", names.join(", ")));
        }
        for index in items(&model["indexes"]) {
            tree.line(2, &format!("index {}", text(index)));
        }
        for relation in items(&model["relations"]) {
            tree.line(2, text(relation));
        }
        for hook in items(&model["hooks"]) {
            tree.line(2, &format!("hook {}", text(hook)));
        }
        for operation in items(&model["operations"]) {
            tree.line(2, &format!("{:11} {}", text(&operation["name"]), text(&operation["example"])));
        }
    }
    if !items(&namespace["history"]).is_empty() {
        tree.line(1, "history");
    }
    for generation in items(&namespace["history"]) {
        tree.line(2, &generation_text(generation));
    }
    tree.0
}

fn write_namespace(tree: &mut Tree, depth: usize, namespace: &Value) {
    let head = format!("{} ({})", text(&namespace["name"]), text(&namespace["state"]));
    tree.line(depth, &head);
    let place = format!(
        "on {} ({}), placement {}, schema policy {}",
        text(&namespace["data_source"]),
        text(&namespace["location"]),
        text(&namespace["placement"]),
        text(&namespace["schema_policy"])
    );
    tree.line(depth + 1, &place);
    if namespace["generation"].is_object() {
        tree.line(depth + 1, &format!("generation {}", generation_text(&namespace["generation"])));
    }
    if !items(&namespace["draining"]).is_empty() {
        tree.line(depth + 1, &format!("still with requests: generations {}", namespace["draining"]));
    }
    if let Some(failure) = namespace["failure"].as_str() {
        tree.line(depth + 1, &format!("failed: {failure}"));
    }
    let counts = format!(
        "{} calls, {} refused, {} faults, {} statements",
        namespace["calls"], namespace["refusals"], namespace["faults"], namespace["statements"]
    );
    tree.line(depth + 1, &counts);
    if let [at, code, message] = items(&namespace["last_fault"]) {
        tree.line(depth + 1, &format!("last fault {}: {} [{}]", text(at), text(message), text(code)));
    }
}

fn generation_text(generation: &Value) -> String {
    let digest: String = text(&generation["digest"]).chars().take(12).collect();
    format!(
        "{}: {} ({digest}) since {}",
        generation["number"],
        text(&generation["plugin"]),
        text(&generation["activated_at"])
    )
}

#[derive(Default)]
struct Tree(String);

impl Tree {
    fn line(&mut self, depth: usize, text: &str) {
        self.0.push_str(&"  ".repeat(depth));
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
