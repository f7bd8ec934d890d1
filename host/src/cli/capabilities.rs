//! `modelhost capabilities`

use clap::Args;
use engine::{Dialect, Feature};
use serde_json::{Map, Value, json};

use super::Report;

/// Show what each database does by itself, what the host emulates, and what works nowhere.
#[derive(Debug, Args)]
pub(crate) struct Capabilities {
    /// As a table of Markdown: docs/capabilities.md
    #[arg(long)]
    markdown: bool,
}

impl Capabilities {
    pub(crate) fn run(&self) -> Report {
        let features: Vec<Value> = Feature::ALL.into_iter().map(feature_json).collect();
        let text = if self.markdown { Feature::markdown() } else { text() };
        Report::new(text, json!({"features": features}))
    }
}

fn feature_json(feature: Feature) -> Value {
    let on = |dialect: Dialect| {
        let support = feature.on(dialect);
        (dialect.name().to_owned(), json!({"support": support.name(), "note": support.note()}))
    };
    let databases: Map<String, Value> = Dialect::ALL.into_iter().map(on).collect();
    json!({"feature": feature.title(), "databases": databases})
}

/// A line for each feature; what is not native stands below it.
fn text() -> String {
    let mut text = String::new();
    for feature in Feature::ALL {
        text.push_str(&format!("{}\n", feature.title()));
        for dialect in Dialect::ALL {
            let support = feature.on(dialect);
            let note = support.note().map_or(String::new(), |note| format!(": {note}"));
            text.push_str(&format!("  {:9} {}{note}\n", dialect.name(), support.name()));
        }
    }
    text
}
