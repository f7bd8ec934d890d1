//! Judging a manifest: everything that is wrong with it, at once.
//!
//! Pure and total: any draft gives either a [`Manifest`] or a list of problems, each with the place, what was found and
//! what would be accepted. `bounds` go first, so that a hostile draft can't make the judgement itself expensive.

use std::collections::HashMap;
use std::sync::Arc;

use crate::bounds::check_bounds;
use crate::constraint::check_constraints;
use crate::definition_problem::{Scope, quoted};
use crate::ident::without_look_alikes;
use crate::{
    Default, DefaultDraft, FieldDef, FieldDraft, FieldType, Hook, HookKind, Manifest, ManifestDraft, ModelDef,
    ModelDraft, Problems, Role, View,
};

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
        models.extend(check_model(&mut scope.at(place), position, model).map(Arc::new));
    }
    check_twins(&mut scope, "model", draft.models.iter().map(|model| model.name.as_str()));
    let tables = draft.models.iter().map(|model| model.table.as_deref().unwrap_or(&model.name));
    check_twins(&mut scope, "table", tables);
    if !problems.is_empty() {
        problems.dedup();
        return Err(problems);
    }
    Ok(Manifest {
        name: draft.name.clone(),
        version: draft.version.clone(),
        sdk: draft.sdk.clone(),
        wants: draft.wants.clone(),
        models,
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
    check_description(scope, &draft.description);
    let check = |(at, field): (usize, &FieldDraft)| {
        check_field(&mut scope.within(&format!("field {}", quoted(&field.name, at))), field)
    };
    let fields: Vec<_> = draft.fields.iter().enumerate().map(check).collect();
    check_twins(scope, "field", draft.fields.iter().map(|field| field.name.as_str()));
    let columns = draft.fields.iter().map(|field| field.column.as_deref().unwrap_or(&field.name));
    check_twins(scope, "column", columns);
    check_roles(scope, draft);
    let key = check_key(scope, draft);
    let unique = check_unique(scope, draft);
    let hooks = check_hooks(scope, draft);
    let fields = fields.into_iter().collect::<Option<Vec<_>>>()?;
    Some(ModelDef {
        position,
        name: name?,
        table: table?,
        fields,
        key: key?,
        unique,
        hooks,
        description: draft.description.clone(),
    })
}

fn check_field(scope: &mut Scope<'_>, draft: &FieldDraft) -> Option<FieldDef> {
    let name = scope.ident("field name", &draft.name);
    let column = match &draft.column {
        Some(column) => scope.ident("column name", column),
        None => name.clone(),
    };
    check_description(scope, &draft.description);
    let wanted = match draft.role {
        Role::Plain => None,
        Role::CreatedAt | Role::UpdatedAt => Some(FieldType::Timestamp),
        Role::Version => Some(FieldType::Int),
    };
    if wanted.is_some_and(|wanted| wanted != draft.field_type || draft.nullable) {
        let wanted = wanted.map_or("", FieldType::name);
        let message = format!("role {} on a field of type {}", draft.role.name(), type_text(draft));
        scope.problem(message, format!("declare the field as {wanted}, not nullable"));
    }
    let default = check_default(scope, draft);
    let constraints = check_constraints(draft.field_type, &draft.constraints, &mut |message, hint| {
        scope.problem(message, hint);
    });
    Some(FieldDef {
        name: name?,
        column: column?,
        field_type: draft.field_type,
        nullable: draft.nullable,
        role: draft.role,
        default: default?,
        constraints,
        description: draft.description.clone(),
    })
}

fn check_default(scope: &mut Scope<'_>, draft: &FieldDraft) -> Option<Default> {
    if draft.role != Role::Plain && draft.default != DefaultDraft::None {
        scope.problem("a default on a field that the host writes", "remove the default");
        return None;
    }
    match (&draft.default, draft.field_type) {
        (DefaultDraft::None, _) => Some(Default::None),
        (DefaultDraft::Now, FieldType::Timestamp) => Some(Default::Now),
        (DefaultDraft::NewUuid, FieldType::Uuid) => Some(Default::NewUuid),
        (DefaultDraft::Constant(value), field_type) if value.field_type() == Some(field_type) => match value.check() {
            Ok(()) => Some(Default::Constant(value.clone())),
            Err(error) => {
                scope.problem(format!("default: {error}"), "give a value that the type can hold");
                None
            }
        },
        (default, field_type) => {
            let found = match default {
                DefaultDraft::Now => "now",
                DefaultDraft::NewUuid => "new-uuid",
                DefaultDraft::Constant(value) => value.field_type().map_or("null", FieldType::name),
                DefaultDraft::None => "none",
            };
            let message = format!("default of another type: {found} for a field of type {field_type}");
            scope.problem(message, format!("give a default of type {field_type}, or none"));
            None
        }
    }
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

fn check_key(scope: &mut Scope<'_>, draft: &ModelDraft) -> Option<usize> {
    let position = draft.key as usize;
    let Some(field) = draft.fields.get(position) else {
        let message = format!("key is field number {position} of {}", draft.fields.len());
        scope.problem(message, "name a field that exists; positions count from 0");
        return None;
    };
    let is_key_type = matches!(field.field_type, FieldType::Text | FieldType::Int | FieldType::Uuid);
    if !is_key_type || field.nullable || field.role != Role::Plain {
        let message = format!("key field {} is a {} field", quoted(&field.name, position), type_text(field));
        scope.problem(message, "a key is a plain text, int or uuid field, not nullable");
        return None;
    }
    Some(position)
}

fn check_unique(scope: &mut Scope<'_>, draft: &ModelDraft) -> Vec<Vec<usize>> {
    let mut sets = Vec::new();
    for set in &draft.unique {
        let positions: Vec<usize> = set.iter().map(|at| *at as usize).collect();
        let exists = positions.iter().all(|at| draft.fields.get(*at).is_some());
        let mut sorted = positions.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let holds_json = exists && positions.iter().any(|at| draft.fields[*at].field_type == FieldType::Json);
        if !exists || sorted.len() != positions.len() || positions.is_empty() || holds_json {
            let message = format!("unique set {positions:?}");
            scope.problem(message, "name 1 to 16 different fields that exist and are not json");
        } else if positions != [draft.key as usize] && !sets.contains(&positions) {
            sets.push(positions);
        }
    }
    sets
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

fn type_text(field: &FieldDraft) -> String {
    let nullable = if field.nullable { "nullable " } else { "" };
    format!("{nullable}{}", field.field_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConstraintDraft, HookDraft, Value};

    fn field(name: &str, field_type: FieldType) -> FieldDraft {
        FieldDraft {
            name: name.to_owned(),
            field_type,
            nullable: false,
            role: Role::Plain,
            default: DefaultDraft::None,
            constraints: Vec::new(),
            column: None,
            description: String::new(),
        }
    }

    fn manifest(fields: Vec<FieldDraft>) -> ManifestDraft {
        ManifestDraft {
            name: "crm".to_owned(),
            version: "0.1.0".to_owned(),
            sdk: "test".to_owned(),
            wants: Vec::new(),
            models: vec![ModelDraft {
                name: "customer".to_owned(),
                table: None,
                fields,
                key: 0,
                unique: Vec::new(),
                hooks: Vec::new(),
                description: String::new(),
            }],
        }
    }

    #[test]
    fn reports_every_problem_with_its_place() {
        let mut draft = manifest(vec![
            field("id", FieldType::Float),
            field("select", FieldType::Text),
            field("Email", FieldType::Text),
            field("email", FieldType::Text),
            FieldDraft { default: DefaultDraft::Constant(Value::Text("x".into())), ..field("age", FieldType::Int) },
            FieldDraft { role: Role::Version, ..field("revision", FieldType::Text) },
            FieldDraft {
                constraints: vec![ConstraintDraft::Pattern("(".into()), ConstraintDraft::IntMin(3)],
                ..field("code", FieldType::Text)
            },
        ]);
        draft.models[0].unique = vec![vec![9]];
        draft.models[0].hooks = vec![HookDraft {
            kind: HookKind::Normalize,
            on_create: false,
            on_update: false,
            on_delete: true,
            view: View::Whole,
        }];
        let problems = Manifest::check(&draft).expect_err("bad");
        let lines: Vec<_> = problems.iter().map(|problem| format!("{problem}\n    {}", problem.hint)).collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn a_plugin_name_is_what_the_contract_says() {
        let named =
            |name: &str| ManifestDraft { name: name.to_owned(), ..manifest(vec![field("id", FieldType::Uuid)]) };
        for name in ["a", "crm", "a-1-", &"a".repeat(40)] {
            assert!(Manifest::check(&named(name)).is_ok(), "{name}");
        }
        for name in ["", "1a", "-a", "a_b", "A", "\u{e4}", &"a".repeat(41)] {
            assert!(Manifest::check(&named(name)).is_err(), "{name}");
        }
        let problems = Manifest::check(&named("my_crm")).expect_err("an underscore");
        assert_eq!(problems[0].to_string(), "manifest: plugin name `my_crm`");
        assert_eq!(problems[0].hint, "write a-z, 0-9 and `-`, a letter first, at most 40 bytes");
    }

    #[test]
    fn a_good_draft_becomes_a_manifest() {
        let manifest = Manifest::check(&manifest(vec![field("id", FieldType::Uuid)])).expect("good");
        assert_eq!(manifest.model("customer").expect("there").key_field().name.as_str(), "id");
    }
}
