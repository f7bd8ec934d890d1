//! The generations that a namespace had: what differs between two of them, and back to an earlier one.

use model::Manifest;
use serde::Serialize;
use sql::Schema;

use crate::deploy_options::{DeployOptions, Unused};
use crate::inspect::{ModelView, model_views};
use crate::plan_view::PlanView;
use crate::{Deployed, DeploymentRecord, EngineError, Host, Stage};

/// What differs between two generations.
#[derive(Debug, Clone, Serialize)]
pub struct GenerationDiff {
    /// The number of one.
    pub from: i64,
    /// The number of the other.
    pub to: i64,
    /// Name, version and digest of both plugins.
    pub plugins: [String; 2],
    /// What is otherwise in the models: fields, rules, hooks, relations. A line that begins with `-` is only in `from`, with
    /// `+` only in `to`.
    pub models: Vec<String>,
    /// What would have to change in the tables.
    pub schema: PlanView,
}

impl Host {
    /// Makes what an earlier generation was the next one. Columns and tables that came later stay, unused; where they are in
    /// its way it is refused.
    pub async fn roll_back(
        &self,
        namespace: &str,
        number: i64,
        options: &DeployOptions,
        tell: impl Fn(Stage),
    ) -> Result<Deployed, EngineError> {
        let record = self.generation_record(namespace, number).await?;
        let options = DeployOptions { unused: Unused::Keep, ..options.clone() };
        self.deploy_with(namespace, self.plugin_bytes(&record.digest)?, &options, tell).await
    }

    /// What differs between two generations of a namespace.
    pub async fn compare(&self, namespace: &str, from: i64, to: i64) -> Result<GenerationDiff, EngineError> {
        let records = [self.generation_record(namespace, from).await?, self.generation_record(namespace, to).await?];
        let namespace = self.namespace(namespace)?;
        let mut plugins = Vec::new();
        for record in &records {
            plugins.push(self.sandbox.load(self.plugin_bytes(&record.digest)?, &[]).await?);
        }
        let [before, after] = [&plugins[0], &plugins[1]].map(|plugin| plugin.manifest());
        let schema = |manifest: &Manifest| Schema::of(manifest, &namespace.record.name);
        let (place, dialect) = (namespace.store.place(), namespace.store.dialect());
        let plan = migrate::diff(&schema(before), &schema(after)).on(dialect);
        Ok(GenerationDiff {
            from,
            to,
            plugins: records.map(|record| format!("{} {} ({})", record.plugin, record.version, record.digest)),
            models: differences(&lines(before), &lines(after)),
            schema: PlanView::new(&plan, place, dialect),
        })
    }

    /// What is known of a generation that a namespace had.
    pub async fn generation_record(&self, namespace: &str, number: i64) -> Result<DeploymentRecord, EngineError> {
        let found = self.namespace(namespace)?;
        let mut records = self.control.deployments(&found.record.name).await?;
        records.retain(|record| !record.prepared);
        let known = records.iter().map(|record| record.generation).collect();
        let record = records.into_iter().find(|record| record.generation == number);
        record.ok_or_else(|| EngineError::GenerationUnknown { namespace: namespace.to_owned(), number, known })
    }
}

/// Everything that a manifest says of its models, one fact a line.
fn lines(manifest: &Manifest) -> Vec<String> {
    let of_model = |view: ModelView| {
        let name = view.name;
        let fields = view.fields.into_iter().map(|field| {
            let mut notes = field.notes;
            notes.insert(0, field.field_type);
            format!("field {}: {}", field.name, notes.join(", "))
        });
        let unique = view.unique.into_iter().map(|set| format!("unique {}", set.join(", ")));
        let indexes = view.indexes.into_iter().map(|index| format!("index {index}"));
        let hooks = view.hooks.into_iter().map(|hook| format!("hook {hook}"));
        let facts: Vec<String> = [format!("table {}", view.table)]
            .into_iter()
            .chain(fields)
            .chain(unique)
            .chain(indexes)
            .chain(view.relations)
            .chain(hooks)
            .collect();
        facts.into_iter().map(move |fact| format!("{name}: {fact}"))
    };
    model_views(manifest).into_iter().flat_map(of_model).collect()
}

fn differences(from: &[String], to: &[String]) -> Vec<String> {
    let only = |lines: &[String], others: &[String], sign: char| -> Vec<String> {
        lines.iter().filter(|line| !others.contains(line)).map(|line| format!("{sign} {line}")).collect()
    };
    let mut lines = only(from, to, '-');
    lines.extend(only(to, from, '+'));
    // Both sides of a changed field stand together.
    lines.sort_by(|a, b| a[2..].cmp(&b[2..]));
    lines
}
