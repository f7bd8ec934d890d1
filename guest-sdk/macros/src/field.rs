//! One field of a struct, read from its type and its `#[field(...)]`.
//!
//! Judges a field by itself; what concerns several fields (the whole key, which columns) is `model`'s. Invariant: each
//! argument is either understood or an error.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Expr, Type};

use crate::argument::{self, Argument, Given};
use crate::digits::{self, DIGITS_MAX};
use crate::field_type::{self, FieldType, Scalar, TypeSpec};
use crate::literal;
use crate::problems::Problems;
use crate::relation::{self, Reference};
use crate::rules::{self, Rules};
use crate::spelling;

const ARGUMENTS: &[&str] = &[
    "key",
    "unique",
    "created_at",
    "updated_at",
    "version",
    "default",
    "precision",
    "scale",
    "length_min",
    "length_max",
    "min",
    "max",
    "pattern",
    "one_of",
    "column",
    "was",
    "belongs_to",
];

/// What is known of a field.
pub(crate) struct FieldSpec {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    /// None when the type is not one of a field; the problem is then noted.
    pub(crate) ty: Option<TypeSpec>,
    pub(crate) description: String,
    /// The word `key`.
    pub(crate) key: Option<Ident>,
    /// The word `unique`.
    pub(crate) unique: Option<Ident>,
    /// The word of the role.
    pub(crate) role: Option<Ident>,
    pub(crate) default: Option<DefaultSpec>,
    pub(crate) rules: Rules,
    /// Column name where it differs, and where it was written.
    pub(crate) column: Option<(String, Expr)>,
    /// Earlier name of the column.
    pub(crate) was: Option<String>,
    pub(crate) belongs_to: Option<Reference>,
    precision: Option<(u8, Expr)>,
    scale: Option<(u8, Expr)>,
}

/// What a field gets when create does not send it.
pub(crate) struct DefaultSpec {
    /// A case of the SDK's `Default`.
    pub(crate) case: TokenStream,
    pub(crate) written: Expr,
}

/// Reads a field; what is wrong with it is added to `problems`.
pub(crate) fn read(ident: &Ident, field: &syn::Field, problems: &mut Problems) -> FieldSpec {
    let ty = field_type::read(&field.ty).map_err(|reason| problems.add(&field.ty, reason)).ok();
    let mut spec = FieldSpec {
        ident: ident.clone(),
        name: ident.unraw().to_string(),
        ty,
        description: description(&field.attrs),
        key: None,
        unique: None,
        role: None,
        default: None,
        rules: Rules::default(),
        column: None,
        was: None,
        belongs_to: None,
        precision: None,
        scale: None,
    };
    if let Some(flaw) = spelling::flaw(&spec.name) {
        problems.add(ident, flaw);
    }
    let mut seen: Vec<String> = Vec::new();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("field")) {
        match attribute.parse_args_with(argument::parse_list) {
            Ok(arguments) => arguments.into_iter().for_each(|argument| {
                let name = argument.name.to_string();
                if seen.contains(&name) {
                    problems.add(&argument.name, format!("`{name}` is given twice"));
                } else {
                    seen.push(name);
                    spec.take(argument).unwrap_or_else(|error| problems.push(error));
                }
            }),
            Err(error) => problems.push(error),
        }
    }
    spec.judge(&field.ty, problems);
    spec
}

/// The first paragraph of a doc comment, in one line.
pub(crate) fn description(attributes: &[syn::Attribute]) -> String {
    let lines =
        attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).filter_map(|attribute| match &attribute
            .meta
        {
            syn::Meta::NameValue(pair) => argument::text(&pair.value),
            _ => None,
        });
    let lines: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    let paragraph: Vec<&str> = lines.iter().map(String::as_str).take_while(|line| !line.is_empty()).collect();
    paragraph.join(" ")
}

impl FieldSpec {
    /// The column that the field is kept in.
    pub(crate) fn column_name(&self) -> &str {
        self.column.as_ref().map_or(&self.name, |(column, _)| column)
    }

    /// The type, without the way it was written.
    pub(crate) fn field_type(&self) -> Option<FieldType> {
        self.ty.as_ref().map(|ty| ty.field_type)
    }

    /// May hold null.
    pub(crate) fn is_nullable(&self) -> bool {
        self.ty.as_ref().is_some_and(|ty| ty.nullable)
    }

    /// The database gives the value.
    pub(crate) fn sequence(&self) -> Option<&Ident> {
        argument::word(&self.default.as_ref()?.written).filter(|word| *word == "sequence")
    }

    /// Precision and scale; zeros for what is not a decimal.
    pub(crate) fn digits(&self) -> [u8; 2] {
        [&self.precision, &self.scale].map(|digits| digits.as_ref().map_or(0, |(count, _)| *count))
    }

    fn take(&mut self, Argument { name, value }: Argument) -> syn::Result<()> {
        let word = name.to_string();
        match (word.as_str(), value) {
            ("key", Given::Nothing) => self.key = Some(name),
            ("unique", Given::Nothing) => self.unique = Some(name),
            ("created_at" | "updated_at" | "version", Given::Nothing) => self.take_role(name)?,
            ("column", Given::Value(expr)) => self.column = Some((column_name(&name, &expr)?, expr)),
            ("was", Given::Value(expr)) => self.was = Some(column_name(&name, &expr)?),
            ("belongs_to", Given::List(list)) => self.belongs_to = Some(relation::belongs_to(&name, list)?),
            (known, value) if ARGUMENTS.contains(&known) => {
                // What a type that is none may have is nobody's to say.
                if let Some(ty) = self.ty.clone() {
                    self.take_typed(&ty, &name, value)?;
                }
            }
            _ => {
                let hint = spelling::did_you_mean(&word, ARGUMENTS);
                return Err(syn::Error::new(name.span(), format!("`{word}` is not an argument of `#[field]`{hint}")));
            }
        }
        Ok(())
    }

    /// Takes an argument whose meaning depends on the field's type.
    fn take_typed(&mut self, ty: &TypeSpec, name: &Ident, value: Given) -> syn::Result<()> {
        let field_type = ty.field_type;
        match (name.to_string().as_str(), value) {
            ("default", Given::Value(written)) => {
                let case = literal::default(ty, &written);
                let case = case.map_err(|reason| syn::Error::new_spanned(&written, reason))?;
                self.default = Some(DefaultSpec { case, written });
                Ok(())
            }
            ("precision" | "scale", Given::Value(expr)) => self.take_digits(field_type, name, expr),
            ("length_min" | "length_max", Given::Value(expr)) => self.rules.take_length(field_type, name, &expr),
            ("min" | "max", Given::Value(expr)) => self.rules.take_bound(field_type, name, &expr),
            ("pattern", Given::Value(expr)) => self.rules.take_pattern(field_type, name, &expr),
            ("one_of", Given::List(list)) => self.rules.take_one_of(field_type, name, list),
            _ => Err(wrong_shape(name)),
        }
    }

    fn take_role(&mut self, name: Ident) -> syn::Result<()> {
        if let Some(first) = &self.role {
            return Err(syn::Error::new(name.span(), format!("the field is already `{first}`: it has one role")));
        }
        self.role = Some(name);
        Ok(())
    }

    fn take_digits(&mut self, field_type: FieldType, name: &Ident, expr: Expr) -> syn::Result<()> {
        if !field_type.has_digits() {
            return Err(rules::not_for(name, "`Decimal`", field_type));
        }
        let least = if name == "precision" { 1 } else { 0 };
        let count = argument::int(&expr).and_then(|count| u8::try_from(count).ok());
        let count = count.filter(|count| (least..=DIGITS_MAX).contains(count)).ok_or_else(|| {
            syn::Error::new_spanned(
                &expr,
                format!("`{name}` counts digits: a whole number from {least} to {DIGITS_MAX}"),
            )
        })?;
        let place = if name == "precision" { &mut self.precision } else { &mut self.scale };
        *place = Some((count, expr));
        Ok(())
    }

    /// What concerns several arguments of the field.
    fn judge(&self, ty: &Type, problems: &mut Problems) {
        let default = self.default.as_ref().and_then(|default| Some((argument::text(&default.written)?, default)));
        if let (Some((text, default)), false) = (default, self.rules.one_of.is_empty())
            && !self.rules.one_of.contains(&text)
        {
            problems.add(&default.written, format!("the default `{text}` is not in `one_of`"));
        }
        self.rules.judge(problems);
        if self.field_type().is_some_and(FieldType::has_digits) {
            self.judge_digits(ty, problems);
        }
        self.judge_key(problems);
        let is_comparable = self.field_type().is_none_or(FieldType::is_comparable);
        if let (Some(unique), false) = (&self.unique, is_comparable) {
            problems.add(unique, "databases do not compare lists, vectors and JSON: such a field cannot be unique");
        }
        self.judge_role(problems);
    }

    fn judge_digits(&self, ty: &Type, problems: &mut Problems) {
        let (Some((precision, _)), Some((scale, place))) = (&self.precision, &self.scale) else {
            let text = "a `Decimal` says how many digits it has, all of them and those behind the point: write \
                        `#[field(precision = 10, scale = 2)]`";
            problems.add(ty, text);
            return;
        };
        if scale > precision {
            problems.add(place, format!("`scale` is a part of `precision`: at most {precision}"));
            return;
        }
        self.rules.judge_digits([*precision, *scale], problems);
        let default = self.default.as_ref().map(|default| &default.written);
        let constants = match default {
            Some(Expr::Array(array)) => array.elems.iter().collect(),
            Some(constant) => vec![constant],
            None => Vec::new(),
        };
        for constant in constants {
            let decimal = argument::text(constant).as_deref().and_then(digits::parse);
            if decimal.is_some_and(|decimal| !digits::fits(decimal, *precision, *scale)) {
                problems.add(constant, rules::beyond(*precision, *scale));
            }
        }
    }

    fn judge_key(&self, problems: &mut Problems) {
        let Some(key) = &self.key else {
            if let Some(sequence) = self.sequence() {
                problems.add(sequence, "`sequence` counts keys: write `#[field(key, default = sequence)]`");
            }
            return;
        };
        if self.is_nullable() {
            problems.add(key, "a key is never null: remove the `Option`");
        } else if self.field_type().is_some_and(|field_type| !field_type.can_be_key()) {
            problems.add(key, "a key is a `String`, an `i64` or a `Uuid`");
        }
    }

    fn judge_role(&self, problems: &mut Problems) {
        let Some(role) = &self.role else { return };
        let needed = if role == "version" { Scalar::Int } else { Scalar::Timestamp };
        let fits = self.field_type().is_none_or(|field_type| field_type == FieldType::Scalar(needed));
        if !fits || self.is_nullable() {
            problems.add(role, format!("a field with the role `{role}` is `{}`", needed.rust_name()));
        }
        let others = self.key.is_some() || self.default.is_some() || !self.rules.constraints.is_empty();
        if others || self.belongs_to.is_some() {
            let text = format!(
                "the host writes a `{role}` field: it cannot be the key, have a default or a rule, or refer to a record"
            );
            problems.add(role, text);
        }
    }
}

fn column_name(argument: &Ident, expr: &Expr) -> syn::Result<String> {
    let column = argument::text(expr)
        .ok_or_else(|| syn::Error::new_spanned(expr, format!(r#"a column is a text: `{argument} = "e_mail"`"#)))?;
    match spelling::flaw(&column) {
        Some(flaw) => Err(syn::Error::new_spanned(expr, flaw)),
        None => Ok(column),
    }
}

fn wrong_shape(name: &Ident) -> syn::Error {
    let example = match name.to_string().as_str() {
        "default" => "default = ...".to_owned(),
        "precision" | "scale" | "length_min" | "length_max" | "min" | "max" => format!("{name} = 1"),
        "pattern" => r#"pattern = "...""#.to_owned(),
        "one_of" => r#"one_of("a", "b")"#.to_owned(),
        "column" | "was" => format!(r#"{name} = "...""#),
        "belongs_to" => "belongs_to(Album)".to_owned(),
        _ => {
            return syn::Error::new(name.span(), format!("`{name}` stands alone, without a value"));
        }
    };
    syn::Error::new(name.span(), format!("write `{example}`"))
}
