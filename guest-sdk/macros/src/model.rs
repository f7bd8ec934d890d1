//! A struct with `#[derive(Model)]`, read and judged as a whole.
//!
//! Fields judge themselves in `field`. Here is what concerns several of them: a key, one field for each role, no two columns
//! of one name, and that sets, indexes and references name fields that exist and fit.

use proc_macro2::{Ident, Span};
use syn::{Data, DeriveInput, Expr, Fields};

use crate::argument::{self, Argument, Given, List};
use crate::field::{self, FieldSpec};
use crate::field_type::FieldType;
use crate::index::{self, IndexSpec};
use crate::problems::Problems;
use crate::relation::{self, BelongsTo, HasMany, Reference};
use crate::spelling;

const ARGUMENTS: &[&str] = &["name", "table", "was", "unique", "index", "unique_index", "belongs_to", "has_many"];

/// Fields of a key, at most: the contract's.
const KEY_FIELDS_MAX: usize = 16;

/// What is known of a model.
pub(crate) struct ModelSpec {
    pub(crate) name: String,
    pub(crate) table: Option<String>,
    /// Earlier name of the table.
    pub(crate) was: Option<String>,
    pub(crate) fields: Vec<FieldSpec>,
    pub(crate) key: Vec<u32>,
    pub(crate) unique: Vec<Vec<u32>>,
    pub(crate) indexes: Vec<IndexSpec>,
    pub(crate) belongs_to: Vec<BelongsTo>,
    pub(crate) has_many: Vec<HasMany>,
    pub(crate) description: String,
}

/// Reads a struct; what is wrong with it comes beside.
pub(crate) fn read(input: &DeriveInput) -> (ModelSpec, Problems) {
    let mut problems = Problems::default();
    let mut spec = ModelSpec {
        name: spelling::snake_case(&input.ident.to_string()),
        table: None,
        was: None,
        fields: Vec::new(),
        key: Vec::new(),
        unique: Vec::new(),
        indexes: Vec::new(),
        belongs_to: Vec::new(),
        has_many: Vec::new(),
        description: field::description(&input.attrs),
    };
    if !input.generics.params.is_empty() {
        problems.add(&input.generics, "a model has no type parameters");
    }
    match &input.data {
        Data::Struct(data) if matches!(data.fields, Fields::Named(_)) => {
            for field in &data.fields {
                let Some(ident) = &field.ident else { continue };
                // A second field of one name is the compiler's own error.
                if spec.fields.iter().all(|earlier| earlier.ident != *ident) {
                    spec.fields.push(field::read(ident, field, &mut problems));
                }
            }
        }
        _ => {
            problems.add(&input.ident, "a model is a struct with named fields");
            return (spec, problems);
        }
    }
    spec.take_what_fields_say(&mut problems);
    let mut is_named = false;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("model")) {
        match attribute.parse_args_with(argument::parse_list) {
            Ok(arguments) => arguments.into_iter().for_each(|argument| {
                is_named |= argument.name == "name";
                spec.take(argument, &mut problems).unwrap_or_else(|error| problems.push(error));
            }),
            Err(error) => problems.push(error),
        }
    }
    if let (false, Some(flaw)) = (is_named, spelling::flaw(&spec.name)) {
        problems.add(&input.ident, flaw);
    }
    spec.judge(&input.ident, &mut problems);
    (spec, problems)
}

impl ModelSpec {
    /// Keys, unique fields and references of one field.
    fn take_what_fields_say(&mut self, problems: &mut Problems) {
        for (position, field) in (0..).zip(&mut self.fields) {
            if field.key.is_some() {
                self.key.push(position);
            }
            if field.unique.is_some() {
                self.unique.push(vec![position]);
            }
            let Some(reference) = field.belongs_to.take() else { continue };
            if let Some(fields) = &reference.fields {
                problems.add(fields, "this field is the one that refers; several are listed above the struct");
            }
            let of_field = || field.name.strip_suffix("_id").unwrap_or(&field.name).to_owned();
            let name = reference.name.clone().unwrap_or_else(of_field);
            self.belongs_to.push(BelongsTo { reference, name, fields: vec![position] });
        }
    }

    fn take(&mut self, Argument { name, value }: Argument, problems: &mut Problems) -> syn::Result<()> {
        match (name.to_string().as_str(), value) {
            ("name", Given::Value(expr)) => self.name = argument::name(&expr)?,
            ("table", Given::Value(expr)) => self.table = Some(argument::name(&expr)?),
            ("was", Given::Value(expr)) => self.was = Some(argument::name(&expr)?),
            ("unique", Given::List(list)) => self.take_unique(&name, list)?,
            ("index" | "unique_index", Given::List(list)) => {
                let index = index::read(&name, list)?.resolve(self, problems);
                self.indexes.push(index);
            }
            ("belongs_to", Given::List(list)) => self.take_reference(relation::belongs_to(&name, list)?)?,
            ("has_many", Given::List(list)) => self.has_many.push(relation::has_many(&name, list)?),
            (word, _) => return Err(wrong_argument(&name, word)),
        }
        Ok(())
    }

    fn take_unique(&mut self, name: &Ident, list: List) -> syn::Result<()> {
        let set = self.positions(&list.items::<Expr>()?)?;
        if set.is_empty() {
            return Err(syn::Error::new(name.span(), "`unique` lists at least one field"));
        }
        if let Some(field) = self.fields_at(&set).find(|field| !is_comparable(field)) {
            let text = format!("databases do not compare lists, vectors and JSON: `{}` cannot be unique", field.name);
            return Err(syn::Error::new(name.span(), text));
        }
        self.unique.push(set);
        Ok(())
    }

    fn take_reference(&mut self, reference: Reference) -> syn::Result<()> {
        let example = r#"write `belongs_to(Album, fields = [first, second], name = "...")`; for one field, above it: `#[field(belongs_to(Album))]`"#;
        let (Some(name), Some(Expr::Array(list))) = (&reference.name, &reference.fields) else {
            return Err(syn::Error::new(reference.word.span(), example));
        };
        let list: Vec<Expr> = list.elems.iter().cloned().collect();
        let (name, fields) = (name.clone(), self.positions(&list)?);
        if fields.is_empty() {
            return Err(syn::Error::new(reference.word.span(), example));
        }
        self.belongs_to.push(BelongsTo { reference, name, fields });
        Ok(())
    }

    fn positions(&self, list: &[Expr]) -> syn::Result<Vec<u32>> {
        let mut set = Vec::new();
        for expr in list {
            let text = "list fields of this struct by their names";
            let word = argument::word(expr).ok_or_else(|| syn::Error::new_spanned(expr, text))?;
            let position = self.position(word)?;
            if set.contains(&position) {
                return Err(syn::Error::new_spanned(expr, format!("`{word}` is listed twice")));
            }
            set.push(position);
        }
        Ok(set)
    }

    /// Position of the field with a name.
    pub(crate) fn position(&self, word: &Ident) -> syn::Result<u32> {
        let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
        let position = names.iter().position(|name| word == name).ok_or_else(|| {
            let hint = spelling::did_you_mean(&word.to_string(), &names);
            syn::Error::new(word.span(), format!("there is no field `{word}`{hint}"))
        })?;
        Ok(position as u32)
    }

    /// The field at a position that was found here.
    pub(crate) fn field_at(&self, position: u32) -> &FieldSpec {
        &self.fields[position as usize]
    }

    fn fields_at(&self, positions: &[u32]) -> impl Iterator<Item = &FieldSpec> {
        positions.iter().map(|position| self.field_at(*position))
    }

    fn judge(&self, ident: &Ident, problems: &mut Problems) {
        self.judge_key(ident, problems);
        self.judge_roles(problems);
        self.judge_columns(problems);
        self.judge_references(problems);
        self.judge_relation_names(problems);
    }

    fn judge_key(&self, ident: &Ident, problems: &mut Problems) {
        if self.key.is_empty() {
            problems.add(ident, "no key: write `#[field(key)]` above the field that identifies a record");
        }
        for (count, field) in (1..).zip(self.fields_at(&self.key)) {
            if let (Some(sequence), 2..) = (field.sequence(), self.key.len()) {
                problems.add(sequence, "`sequence` counts a key of one field: this key has several");
            }
            if let (Some(key), true) = (&field.key, count > KEY_FIELDS_MAX) {
                problems.add(key, format!("a key has at most {KEY_FIELDS_MAX} fields"));
            }
            if let (Some(unique), 1) = (&field.unique, self.key.len()) {
                problems.add(unique, "a key occurs once anyway: remove `unique`");
            }
        }
    }

    fn judge_roles(&self, problems: &mut Problems) {
        for (position, field) in self.fields.iter().enumerate() {
            let Some(role) = &field.role else { continue };
            let earlier = self.fields[..position].iter().find(|other| other.role.as_ref() == Some(role));
            if let Some(earlier) = earlier {
                problems.add(role, format!("a second `{role}`: `{}` is it already", earlier.name));
            }
        }
    }

    fn judge_columns(&self, problems: &mut Problems) {
        for (position, field) in self.fields.iter().enumerate() {
            let same = |other: &&FieldSpec| other.column_name() == field.column_name();
            let Some(earlier) = self.fields[..position].iter().find(same) else {
                continue;
            };
            let text = format!("the column `{}` already holds the field `{}`", field.column_name(), earlier.name);
            match &field.column {
                Some((_, place)) => problems.add(place, text),
                None => problems.add(&field.ident, text),
            }
        }
    }

    fn judge_references(&self, problems: &mut Problems) {
        for BelongsTo { reference, fields, .. } in &self.belongs_to {
            let known: Vec<&FieldSpec> = self.fields_at(fields).filter(|field| field.ty.is_some()).collect();
            let unfit = known.iter().find(|field| !field.field_type().is_some_and(FieldType::can_be_key));
            if let Some(field) = unfit {
                let text = format!("`{}` cannot refer: a key is a `String`, an `i64` or a `Uuid`", field.name);
                problems.add(&reference.word, text);
            }
            let required = known.iter().find(|field| !field.is_nullable());
            if let (Some(rule), Some(field)) = (reference.set_null(), required) {
                let text = format!(
                    "`{}` is never null: make it an `Option`, or write `on_delete = restrict` or `cascade`",
                    field.name
                );
                problems.add(rule, text);
            }
        }
    }

    /// A relation is read beside the fields, so it is not called as one of them, and not as another relation.
    fn judge_relation_names(&self, problems: &mut Problems) {
        let references = self.belongs_to.iter().map(|it| (it.name.clone(), &it.reference.word));
        let others = self.has_many.iter().map(|it| (it.name.to_string(), &it.name));
        let mut seen: Vec<String> = Vec::new();
        for (name, place) in references.chain(others) {
            let is_field = self.fields.iter().any(|field| field.name == name);
            if is_field || seen.contains(&name) {
                let what = if is_field { "field" } else { "relation" };
                let hint = if place == "belongs_to" { r#": write `name = "..."`"# } else { "" };
                problems.add(place, format!("`{name}` is a {what} already, a relation has a name of its own{hint}"));
            }
            seen.push(name);
        }
    }
}

/// Whether every database can tell two values of the field apart and order them.
pub(crate) fn is_comparable(field: &FieldSpec) -> bool {
    field.field_type().is_none_or(FieldType::is_comparable)
}

fn wrong_argument(name: &Ident, word: &str) -> syn::Error {
    let text = match word {
        "name" | "table" | "was" => format!(r#"write `{word} = "..."`"#),
        "unique" | "index" => format!("write `{word}(first_field, second_field)`"),
        "unique_index" => "write `unique_index(field, when(another_field = true))`".to_owned(),
        "belongs_to" => r#"write `belongs_to(Album, fields = [first, second], name = "...")`"#.to_owned(),
        "has_many" => "write `has_many(tracks: Track)`".to_owned(),
        _ => {
            let hint = spelling::did_you_mean(word, ARGUMENTS);
            format!("`{word}` is not an argument of `#[model]`{hint}")
        }
    };
    syn::Error::new(name.span(), text)
}

/// The constant that stands for a field: its name in capitals, at the place where the field is declared.
pub(crate) fn handle(field: &FieldSpec) -> Ident {
    let span: Span = field.ident.span();
    Ident::new(&field.name.to_uppercase(), span)
}
