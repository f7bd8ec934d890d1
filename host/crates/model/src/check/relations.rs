//! Judging references between the models of a manifest. Every model is sound by itself before this begins.

use crate::definition_problem::{Scope, quoted};
use crate::suggest::closest;
use crate::{BelongsTo, BelongsToDraft, DeleteRule, HasMany, HasManyDraft, Ident, ManifestDraft, ModelDef, ModelDraft};

pub(super) fn check_relations(scope: &mut Scope<'_>, draft: &ManifestDraft, models: &mut [ModelDef]) {
    let belongs_to: Vec<Vec<BelongsTo>> = per_model(scope, draft, |scope, position, model| {
        let check = |(at, relation): (usize, &BelongsToDraft)| {
            let place = format!("belongs-to {}", quoted(&relation.name, at));
            check_belongs_to(&mut scope.within(&place), relation, models, position)
        };
        model.belongs_to.iter().enumerate().filter_map(check).collect()
    });
    let has_many: Vec<Vec<HasMany>> = per_model(scope, draft, |scope, position, model| {
        let check = |(at, relation): (usize, &HasManyDraft)| {
            let place = format!("has-many {}", quoted(&relation.name, at));
            check_has_many(&mut scope.within(&place), relation, models, &belongs_to, position)
        };
        model.has_many.iter().enumerate().filter_map(check).collect()
    });
    for (model, (belongs_to, has_many)) in models.iter_mut().zip(belongs_to.into_iter().zip(has_many)) {
        let names: Vec<&Ident> =
            belongs_to.iter().map(|one| &one.name).chain(has_many.iter().map(|many| &many.name)).collect();
        for (at, name) in names.iter().enumerate() {
            if names[..at].contains(name) || model.position_of(name.as_str()).is_some() {
                let mut scope = scope.at(format!("model `{}`", model.name));
                scope.problem(format!("`{name}` names two things"), "give fields and relations names of their own");
            }
        }
        (model.belongs_to, model.has_many) = (belongs_to, has_many);
    }
}

fn per_model<T>(
    scope: &mut Scope<'_>,
    draft: &ManifestDraft,
    mut check: impl FnMut(&mut Scope<'_>, usize, &ModelDraft) -> Vec<T>,
) -> Vec<Vec<T>> {
    let models = draft.models.iter().enumerate();
    models.map(|(at, model)| check(&mut scope.at(format!("model {}", quoted(&model.name, at))), at, model)).collect()
}

fn check_belongs_to(
    scope: &mut Scope<'_>,
    draft: &BelongsToDraft,
    models: &[ModelDef],
    position: usize,
) -> Option<BelongsTo> {
    let name = scope.ident("name", &draft.name);
    let other = find(scope, models, &draft.model)?;
    let (def, target) = (&models[position], &models[other]);
    let fields: Vec<usize> = draft.fields.iter().map(|at| *at as usize).collect();
    let types = |of: &ModelDef, positions: &[usize]| -> Option<Vec<_>> {
        positions.iter().map(|at| of.fields.get(*at).map(|field| field.field_type)).collect()
    };
    let wanted = types(target, &target.key).expect("a key that was judged");
    if types(def, &fields).as_ref() != Some(&wanted) {
        let key: Vec<String> =
            target.key_fields().map(|field| format!("{} {}", field.name, field.field_type)).collect();
        let hint = format!("name one field for each of `{}`, in this order and of the same types", key.join(", "));
        scope.problem(format!("fields {fields:?} are not like the key of `{}`", target.name), hint);
        return None;
    }
    if draft.on_delete == DeleteRule::SetNull && fields.iter().any(|at| !def.fields[*at].nullable) {
        scope.problem("set-null with a field that is not nullable", "make the fields nullable, or choose another rule");
        return None;
    }
    Some(BelongsTo { name: name?, model: other, fields, on_delete: draft.on_delete })
}

fn check_has_many(
    scope: &mut Scope<'_>,
    draft: &HasManyDraft,
    models: &[ModelDef],
    belongs_to: &[Vec<BelongsTo>],
    position: usize,
) -> Option<HasMany> {
    let name = scope.ident("name", &draft.name);
    let model = find(scope, models, &draft.model)?;
    let is_meant = |one: &BelongsTo| one.name.as_str() == draft.relation && one.model == position;
    let Some(relation) = belongs_to[model].iter().position(is_meant) else {
        let message =
            format!("`{}` has no belongs-to {} to this model", models[model].name, quoted(&draft.relation, 0));
        let known = belongs_to[model].iter().filter(|one| one.model == position).map(|one| one.name.as_str());
        let hint =
            closest(&draft.relation, known).map_or("declare it there".to_owned(), |known| format!("write `{known}`"));
        scope.problem(message, hint);
        return None;
    };
    Some(HasMany { name: name?, model, relation })
}

fn find(scope: &mut Scope<'_>, models: &[ModelDef], name: &str) -> Option<usize> {
    let found = models.iter().position(|model| model.name.as_str() == name);
    if found.is_none() {
        let known = models.iter().map(|model| model.name.as_str());
        let hint =
            closest(name, known).map_or("name a model of this plugin".to_owned(), |known| format!("write `{known}`"));
        scope.problem(format!("there is no model {}", quoted(name, 0)), hint);
    }
    found
}
