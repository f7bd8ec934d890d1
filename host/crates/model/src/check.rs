//! Judging a manifest: everything that is wrong with it, at once.
//!
//! Pure and total: any draft gives either a [`Manifest`] or a list of problems, each with the place, what was found and
//! what would be accepted. `bounds` go first, so that a hostile draft can't make the judgement itself expensive.

mod field;
mod keys;
mod relations;

use std::collections::HashMap;
use std::sync::Arc;

use crate::bounds::check_bounds;
use crate::definition_problem::{Scope, quoted};
use crate::ident::without_look_alikes;
use crate::{FieldDraft, Hook, HookKind, Manifest, ManifestDraft, ModelDef, ModelDraft, Problems, Role, View};
use field::check_field;
use keys::{check_indexes, check_key, check_unique};
use relations::check_relations;

/// Bytes of a plugin's name, at most: it stands beside others in lists and in file names.
const PLUGIN_NAME_BYTES_MAX: usize = 40;
/// Bytes of one description, at most: it is in memory as long as the generation, and in every inspection.
const DESCRIPTION_BYTES_MAX: usize = 1024;

pub(crate) fn check_manifest(draft: &ManifestDraft) -> Result<Manifest, Problems> {
    let mut problems = Problems::new();
    check_bounds(&mut Scope::new(&mut problems, "manifest"), draft);
    if !problems.is_empty() {
        problems.dedup();
        return Err(problems);
    }
    let mut scope = Scope::new(&mut problems, "manifest");
    check_header(&mut scope, draft);
    let mut models = Vec::new();
    for (position, model) in draft.models.iter().enumerate() {
        let place = format!("model {}", quoted(&model.name, position));
        models.extend(check_model(&mut scope.at(place), position, model));
    }
    check_twins(&mut scope, "model", draft.models.iter().map(|model| model.name.as_str()));
    let tables = draft.models.iter().map(|model| model.table.as_deref().unwrap_or(&model.name));
    check_twins(&mut scope, "table", tables);
    check_twins(&mut scope, "earlier table name", draft.models.iter().filter_map(|model| model.was.as_deref()));
    // References are judged between models that are sound themselves.
    if models.len() == draft.models.len() {
        check_relations(&mut scope, draft, &mut models);
    }
    if !problems.is_empty() {
        problems.dedup();
        return Err(problems);
    }
    Ok(Manifest {
        name: draft.name.clone(),
        version: draft.version.clone(),
        sdk: draft.sdk.clone(),
        wants: draft.wants.clone(),
        models: models.into_iter().map(Arc::new).collect(),
    })
}

fn check_header(scope: &mut Scope<'_>, draft: &ManifestDraft) {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let begins = draft.name.starts_with(|c: char| c.is_ascii_lowercase());
    if !begins || draft.name.len() > PLUGIN_NAME_BYTES_MAX || !draft.name.chars().all(is_name) {
        let found = quoted(&draft.name, 0);
        let hint = format!("write a-z, 0-9 and `-`, a letter first, at most {PLUGIN_NAME_BYTES_MAX} bytes");
        scope.problem(format!("plugin name {found}"), hint);
    }
    for (what, text) in [("version", &draft.version), ("sdk", &draft.sdk)] {
        if text.is_empty() || text.len() > 64 || text.chars().any(char::is_control) {
            scope.problem(format!("{what} {}", quoted(text, 0)), "write 1 to 64 printable characters");
        }
    }
    for (at, want) in draft.wants.iter().enumerate() {
        if want.is_empty() || want.len() > 64 || want.chars().any(char::is_control) {
            let message = format!("capability {} in wants", quoted(want, at));
            scope.problem(message, "write 1 to 64 printable characters");
        }
    }
    if draft.models.is_empty() {
        scope.problem("no models", "declare at least one model");
    }
}

fn check_model(scope: &mut Scope<'_>, position: usize, draft: &ModelDraft) -> Option<ModelDef> {
    let name = scope.ident("model name", &draft.name);
    let table = match &draft.table {
        Some(table) => scope.ident("table name", table),
        None => name.clone(),
    };
    if let Some(table) = table.as_ref().filter(|table| table.as_str().contains("__")) {
        scope.problem(
            format!("table name `{table}` has two underscores in a row, which part a namespace from its table"),
            "write one underscore",
        );
    }
    let was = draft.was.as_ref().and_then(|was| scope.ident("earlier table name", was));
    check_description(scope, &draft.description);
    let check = |(at, field): (usize, &FieldDraft)| {
        check_field(&mut scope.within(&format!("field {}", quoted(&field.name, at))), field)
    };
    let fields: Vec<_> = draft.fields.iter().enumerate().map(check).collect();
    check_twins(scope, "field", draft.fields.iter().map(|field| field.name.as_str()));
    let columns = draft.fields.iter().map(|field| field.column.as_deref().unwrap_or(&field.name));
    check_twins(scope, "column", columns);
    let earlier = draft.fields.iter().filter_map(|field| field.was.as_deref());
    check_twins(scope, "earlier column name", earlier);
    check_roles(scope, draft);
    let key = check_key(scope, draft);
    let unique = check_unique(scope, draft);
    let indexes = check_indexes(scope, draft);
    let hooks = check_hooks(scope, draft);
    let fields = fields.into_iter().collect::<Option<Vec<_>>>()?;
    Some(ModelDef {
        position,
        name: name?,
        table: table?,
        was,
        fields,
        key: key?,
        unique,
        indexes,
        belongs_to: Vec::new(),
        has_many: Vec::new(),
        hooks,
        description: draft.description.clone(),
    })
}

fn check_roles(scope: &mut Scope<'_>, draft: &ModelDraft) {
    for role in [Role::CreatedAt, Role::UpdatedAt, Role::Version] {
        let fields: Vec<_> = draft.fields.iter().filter(|field| field.role == role).collect();
        if fields.len() > 1 {
            let names: Vec<_> = fields.iter().map(|field| quoted(&field.name, 0)).collect();
            let message = format!("role {} on several fields: {}", role.name(), names.join(", "));
            scope.problem(message, "keep one");
        }
    }
}

fn check_hooks(scope: &mut Scope<'_>, draft: &ModelDraft) -> Vec<Hook> {
    let mut hooks: Vec<Hook> = Vec::new();
    for hook in &draft.hooks {
        if hooks.iter().any(|other| other.kind == hook.kind) {
            scope.problem(format!("hook {} twice", hook.kind.name()), "declare each hook once");
        }
        if hook.kind == HookKind::Normalize && (hook.on_delete || hook.view == View::Before) {
            let message = "hook normalize on delete or with the view before";
            scope.problem(message, "normalize sees the record as it will be: view sent or whole, create and update");
        }
        if !(hook.on_create || hook.on_update || hook.on_delete) {
            scope.problem(format!("hook {} on no operation", hook.kind.name()), "name an operation or remove the hook");
        }
        hooks.push(Hook {
            kind: hook.kind,
            on_create: hook.on_create,
            on_update: hook.on_update,
            on_delete: hook.on_delete,
            view: hook.view,
        });
    }
    hooks
}

fn check_description(scope: &mut Scope<'_>, text: &str) {
    if text.len() > DESCRIPTION_BYTES_MAX || text.chars().any(|c| c.is_control() && c != '\n') {
        let message = format!("description of {} bytes or with control characters", text.len());
        scope.problem(message, format!("write at most {DESCRIPTION_BYTES_MAX} printable bytes"));
    }
}

/// Names that are the same but for case or separators would be one name to a reader, and to some databases.
fn check_twins<'a>(scope: &mut Scope<'_>, what: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for name in names {
        let folded: String = without_look_alikes(name).take(64).flat_map(char::to_lowercase).collect();
        if let Some(other) = seen.insert(folded, name) {
            let message = format!("{what} names {} and {} are the same name", quoted(other, 0), quoted(name, 0));
            scope.problem(message, "rename one");
        }
    }
}

#[cfg(test)]
mod tests;
