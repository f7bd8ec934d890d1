//! A struct with `#[derive(Model)]`, read and judged as a whole.
//!
//! Fields judge themselves in `field`. Here is what concerns several of them: one key, one field for each role, no two
//! columns of one name, unique sets of fields that exist.

use proc_macro2::{Ident, Span};
use syn::{Data, DeriveInput, Expr, Fields};

use crate::argument::{self, Argument, Given};
use crate::field::{self, FieldSpec};
use crate::problems::Problems;
use crate::spelling;

const ARGUMENTS: &[&str] = &["name", "table", "unique"];

/// What is known of a model.
pub(crate) struct ModelSpec {
    pub(crate) name: String,
    pub(crate) table: Option<String>,
    pub(crate) fields: Vec<FieldSpec>,
    pub(crate) key: u32,
    pub(crate) unique: Vec<Vec<u32>>,
    pub(crate) description: String,
}

/// Reads a struct; what is wrong with it comes beside.
pub(crate) fn read(input: &DeriveInput) -> (ModelSpec, Problems) {
    let mut problems = Problems::default();
    let mut spec = ModelSpec {
        name: spelling::snake_case(&input.ident.to_string()),
        table: None,
        fields: Vec::new(),
        key: 0,
        unique: Vec::new(),
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
    let mut is_named = false;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("model")) {
        match attribute.parse_args_with(argument::parse_list) {
            Ok(arguments) => arguments.into_iter().for_each(|argument| {
                is_named |= argument.name == "name";
                spec.take(argument).unwrap_or_else(|error| problems.push(error));
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
    fn take(&mut self, Argument { name, value }: Argument) -> syn::Result<()> {
        match (name.to_string().as_str(), value) {
            ("name", Given::Value(expr)) => self.name = named(&expr)?,
            ("table", Given::Value(expr)) => self.table = Some(named(&expr)?),
            ("unique", Given::List(list)) => {
                let set = self.positions(&name, &list)?;
                self.unique.push(set);
            }
            ("name" | "table", _) => {
                return Err(syn::Error::new(name.span(), format!(r#"write `{name} = "..."`"#)));
            }
            ("unique", _) => {
                return Err(syn::Error::new(name.span(), "write `unique(first_field, second_field)`"));
            }
            (word, _) => {
                let hint = spelling::did_you_mean(word, ARGUMENTS);
                return Err(syn::Error::new(name.span(), format!("`{word}` is not an argument of `#[model]`{hint}")));
            }
        }
        Ok(())
    }

    fn positions(&self, unique: &Ident, list: &[Expr]) -> syn::Result<Vec<u32>> {
        let names: Vec<&str> = self.fields.iter().map(|field| field.name.as_str()).collect();
        let mut set = Vec::new();
        for expr in list {
            let word = argument::word(expr).map(ToString::to_string).unwrap_or_default();
            let position = names.iter().position(|name| *name == word).ok_or_else(|| {
                let hint = spelling::did_you_mean(&word, &names);
                syn::Error::new_spanned(expr, format!("there is no field `{word}`{hint}"))
            })?;
            if set.contains(&(position as u32)) {
                return Err(syn::Error::new_spanned(expr, format!("`{word}` is listed twice")));
            }
            set.push(position as u32);
        }
        if set.is_empty() {
            return Err(syn::Error::new(unique.span(), "`unique` lists at least one field"));
        }
        Ok(set)
    }

    fn judge(&mut self, ident: &Ident, problems: &mut Problems) {
        let mut keys =
            self.fields.iter().enumerate().filter_map(|(position, field)| Some((position, field.key.as_ref()?)));
        match (keys.next(), keys.next()) {
            (Some((position, _)), None) => self.key = position as u32,
            (Some((first, _)), Some((_, second))) => {
                let text = format!("a second key: `{}` is the key already", self.fields[first].name);
                problems.add(second, text);
            }
            (None, _) => problems.add(ident, "no key: write `#[field(key)]` above the field that identifies a record"),
        }
        self.judge_roles(problems);
        self.judge_columns(problems);
        let single = self.fields.iter().enumerate().filter(|(_, field)| field.unique.is_some());
        let single: Vec<Vec<u32>> = single.map(|(position, _)| vec![position as u32]).collect();
        self.unique.splice(0..0, single);
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
}

fn named(expr: &Expr) -> syn::Result<String> {
    let name = argument::text(expr).ok_or_else(|| syn::Error::new_spanned(expr, "a name is a text in quotes"))?;
    match spelling::flaw(&name) {
        Some(flaw) => Err(syn::Error::new_spanned(expr, flaw)),
        None => Ok(name),
    }
}

/// The constant that stands for a field: its name in capitals, at the place where the field is declared.
pub(crate) fn handle(field: &FieldSpec) -> Ident {
    let span: Span = field.ident.span();
    Ident::new(&field.name.to_uppercase(), span)
}
