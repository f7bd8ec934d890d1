//! `modelhost key`

use clap::Subcommand;
use serde_json::{Value, json};

use super::client::{Client, Payload, segment};
use super::{Failed, Report};

/// Make, list and revoke keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a key; its text is printed once and kept nowhere
    Create {
        /// What it may do
        #[arg(long, value_parser = ["admin", "deploy", "write", "read"], required_unless_present = "admin")]
        role: Option<String>,
        /// The same as --role admin
        #[arg(long, conflicts_with = "role")]
        admin: bool,
        /// Only for this namespace; may be repeated
        #[arg(long = "namespace", short, value_name = "NAMESPACE")]
        namespaces: Vec<String>,
        /// What it is for
        #[arg(long, default_value = "")]
        label: String,
    },
    /// List keys, without their text
    List,
    /// End a key from now on
    Revoke {
        /// The key's id: the part after `mh_`
        id: String,
    },
}

impl Key {
    pub(crate) async fn run(self, client: &Client) -> Result<Report, Failed> {
        match self {
            Self::Create { role, namespaces, label, admin: _ } => {
                let role = role.unwrap_or_else(|| "admin".to_owned());
                let mut body = json!({"role": role, "label": label});
                if !namespaces.is_empty() {
                    body["namespaces"] = json!(namespaces);
                }
                let answer = client.post("/v1/admin/keys", Payload::Json(body)).await?;
                let key = answer["key"]["key"].as_str().unwrap_or_default();
                let text = format!(
                    "{key}\n\nkeep it: it is shown once. Use it as MODELHOST_KEY, or as `authorization: Bearer ...`"
                );
                Ok(Report::new(text, answer))
            }
            Self::List => {
                let answer = client.get("/v1/admin/keys").await?;
                Ok(Report::new(table(&answer["keys"]), answer))
            }
            Self::Revoke { id } => {
                let path = format!("/v1/admin/keys/{}/revoke", segment(&id));
                let answer = client.post(&path, Payload::Nothing).await?;
                Ok(Report::new(format!("key {id} is revoked"), answer))
            }
        }
    }
}

fn table(keys: &Value) -> String {
    let keys = keys.as_array().map_or(&[][..], Vec::as_slice);
    if keys.is_empty() {
        return "no keys: requests are accepted without one; make the first with `modelhost key create --admin`"
            .to_owned();
    }
    let line = |key: &Value| {
        let namespaces = match &key["namespaces"] {
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
            _ => "all".to_owned(),
        };
        let state = if key["revoked_at"].is_null() { "active" } else { "revoked" };
        let text = |name: &str| key[name].as_str().unwrap_or_default().to_owned();
        format!("{}  {:7} {:8} {:20} {}", text("id"), text("role"), state, namespaces, text("label"))
    };
    let mut lines = vec!["id            role    state    namespaces           label".to_owned()];
    lines.extend(keys.iter().map(line));
    lines.join("\n")
}
