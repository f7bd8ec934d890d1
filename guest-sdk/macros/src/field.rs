//! One field of a struct, read from its type and its `#[field(...)]`.
//!
//! Judges a field by itself; what concerns several fields (how many keys, which columns) is `model`'s. Invariant: each
//! argument is either understood or an error.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Expr;
use syn::ext::IdentExt;

use crate::argument::{self, Argument, Given};
use crate::field_type::{self, FieldType};
use crate::problems::Problems;
use crate::spelling;

const ARGUMENTS: &[&str] = &[
    "key",
    "unique",
    "created_at",
    "updated_at",
    "version",
    "default",
    "length_min",
    "length_max",
    "min",
    "max",
    "pattern",
    "one_of",
    "column",
];

/// What is known of a field.
pub(crate) struct FieldSpec {
    pub(crate) ident: Ident,
    pub(crate) name: String,
    /// None when the type is not one of a field; the problem is then noted.
    pub(crate) field_type: Option<FieldType>,
    pub(crate) nullable: bool,
    pub(crate) description: String,
    /// The word `key`.
    pub(crate) key: Option<Ident>,
    /// The word `unique`.
    pub(crate) unique: Option<Ident>,
    /// The word of the role.
    pub(crate) role: Option<Ident>,
    /// A case of the SDK's `Default`.
    pub(crate) default: Option<TokenStream>,
    /// Cases of the SDK's `Constraint`.
    pub(crate) constraints: Vec<TokenStream>,
    /// Column name where it differs, and where it was written.
    pub(crate) column: Option<(String, Expr)>,
    one_of: Vec<String>,
    default_text: Option<(String, Expr)>,
    range: [Option<(f64, Ident)>; 2],
}

/// Reads a field; what is wrong with it is added to `problems`.
pub(crate) fn read(ident: &Ident, field: &syn::Field, problems: &mut Problems) -> FieldSpec {
    let (field_type, nullable) = match field_type::read(&field.ty) {
        Ok((field_type, nullable)) => (Some(field_type), nullable),
        Err(reason) => {
            problems.add(&field.ty, reason);
            (None, false)
        }
    };
    let mut spec = FieldSpec {
        ident: ident.clone(),
        name: ident.unraw().to_string(),
        field_type,
        nullable,
        description: description(&field.attrs),
        key: None,
        unique: None,
        role: None,
        default: None,
        constraints: Vec::new(),
        column: None,
        one_of: Vec::new(),
        default_text: None,
        range: [None, None],
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
                    spec.take(argument, problems);
                }
            }),
            Err(error) => problems.push(error),
        }
    }
    spec.judge(problems);
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

    fn take(&mut self, Argument { name, value }: Argument, problems: &mut Problems) {
        let word = name.to_string();
        let result = match (word.as_str(), value) {
            ("key", Given::Nothing) => {
                self.key = Some(name.clone());
                Ok(())
            }
            ("unique", Given::Nothing) => {
                self.unique = Some(name.clone());
                Ok(())
            }
            ("created_at" | "updated_at" | "version", Given::Nothing) => self.take_role(&name),
            ("default", Given::Value(expr)) => self.take_default(expr),
            ("length_min" | "length_max", Given::Value(expr)) => self.take_length(&name, &expr),
            ("min" | "max", Given::Value(expr)) => self.take_bound(&name, &expr),
            ("pattern", Given::Value(expr)) => self.take_pattern(&name, &expr),
            ("one_of", Given::List(list)) => self.take_one_of(&name, &list),
            ("column", Given::Value(expr)) => self.take_column(expr),
            (known, _) if ARGUMENTS.contains(&known) => Err(wrong_shape(&name)),
            _ => {
                let hint = spelling::did_you_mean(&word, ARGUMENTS);
                Err(syn::Error::new(name.span(), format!("`{word}` is not an argument of `#[field]`{hint}")))
            }
        };
        if let Err(error) = result {
            problems.push(error);
        }
    }

    fn take_role(&mut self, name: &Ident) -> syn::Result<()> {
        if let Some(first) = &self.role {
            return Err(syn::Error::new(name.span(), format!("the field is already `{first}`: it has one role")));
        }
        self.role = Some(name.clone());
        Ok(())
    }

    fn take_default(&mut self, expr: Expr) -> syn::Result<()> {
        let Some(field_type) = self.field_type else {
            return Ok(());
        };
        let default = field_type.default(&expr).map_err(|reason| syn::Error::new_spanned(&expr, reason))?;
        self.default = Some(default);
        self.default_text = argument::text(&expr).map(|text| (text, expr));
        Ok(())
    }

    fn take_length(&mut self, name: &Ident, expr: &Expr) -> syn::Result<()> {
        self.only_for(name, &[FieldType::Text])?;
        let length = argument::int(expr).and_then(|length| u32::try_from(length).ok());
        let length = length.ok_or_else(|| syn::Error::new_spanned(expr, "a length is a whole number from 0"))?;
        self.bound(name, f64::from(length));
        self.constraints.push(match name == "length_min" {
            true => quote!(LengthMin(#length)),
            false => quote!(LengthMax(#length)),
        });
        Ok(())
    }

    fn take_bound(&mut self, name: &Ident, expr: &Expr) -> syn::Result<()> {
        self.only_for(name, &[FieldType::Int, FieldType::Float])?;
        let is_min = name == "min";
        let case = if self.field_type == Some(FieldType::Float) {
            argument::float(expr).map(|float| match is_min {
                true => quote!(FloatMin(#float)),
                false => quote!(FloatMax(#float)),
            })
        } else {
            argument::int(expr).map(|int| match is_min {
                true => quote!(IntMin(#int)),
                false => quote!(IntMax(#int)),
            })
        };
        let case = case.ok_or_else(|| {
            let kind = self.field_type.map_or("", FieldType::rust_name);
            syn::Error::new_spanned(expr, format!("this is no bound for `{kind}`"))
        })?;
        self.constraints.push(case);
        self.bound(name, argument::float(expr).unwrap_or_default());
        Ok(())
    }

    fn take_pattern(&mut self, name: &Ident, expr: &Expr) -> syn::Result<()> {
        self.only_for(name, &[FieldType::Text])?;
        let pattern = argument::text(expr)
            .ok_or_else(|| syn::Error::new_spanned(expr, r#"a pattern is a text: `pattern = "^[a-z]+$"`"#))?;
        self.constraints.push(quote!(Pattern(#pattern)));
        Ok(())
    }

    fn take_one_of(&mut self, name: &Ident, list: &[Expr]) -> syn::Result<()> {
        self.only_for(name, &[FieldType::Text])?;
        for expr in list {
            let text = argument::text(expr)
                .ok_or_else(|| syn::Error::new_spanned(expr, r#"`one_of` lists texts: `one_of("a", "b")`"#))?;
            self.one_of.push(text);
        }
        if self.one_of.is_empty() {
            return Err(syn::Error::new(name.span(), "`one_of` lists at least one text"));
        }
        let texts = &self.one_of;
        self.constraints.push(quote!(OneOf(&[#(#texts),*])));
        Ok(())
    }

    fn take_column(&mut self, expr: Expr) -> syn::Result<()> {
        let column = argument::text(&expr)
            .ok_or_else(|| syn::Error::new_spanned(&expr, r#"a column is a text: `column = "e_mail"`"#))?;
        if let Some(flaw) = spelling::flaw(&column) {
            return Err(syn::Error::new_spanned(&expr, flaw));
        }
        self.column = Some((column, expr));
        Ok(())
    }

    /// An error unless the field has one of these types. An unknown type is already an error.
    fn only_for(&self, name: &Ident, types: &[FieldType]) -> syn::Result<()> {
        let Some(field_type) = self.field_type.filter(|field_type| !types.contains(field_type)) else {
            return Ok(());
        };
        let expected: Vec<&str> = types.iter().map(|field_type| field_type.rust_name()).collect();
        let text = format!("`{name}` is for `{}` fields, not `{}`", expected.join("` and `"), field_type.rust_name());
        Err(syn::Error::new(name.span(), text))
    }

    fn bound(&mut self, name: &Ident, bound: f64) {
        let side = usize::from(name.to_string().ends_with("max"));
        self.range[side] = Some((bound, name.clone()));
    }

    /// What concerns several arguments of the field.
    fn judge(&self, problems: &mut Problems) {
        if let (Some((text, place)), false) = (&self.default_text, self.one_of.is_empty())
            && !self.one_of.contains(text)
        {
            problems.add(place, format!("the default `{text}` is not in `one_of`"));
        }
        if let [Some((min, _)), Some((max, place))] = &self.range
            && min > max
        {
            problems.add(place, "no value can be: the smallest allowed is above the largest");
        }
        if let Some(key) = &self.key {
            if self.nullable {
                problems.add(key, "a key is never null: remove the `Option`");
            } else if self.field_type.is_some_and(|field_type| !field_type.can_be_key()) {
                problems.add(key, "a key is a `String`, an `i64` or a `Uuid`");
            }
            if self.unique.is_some() {
                problems.add(key, "a key occurs once anyway: remove `unique`");
            }
        }
        if let (Some(unique), Some(FieldType::Json)) = (&self.unique, self.field_type) {
            problems.add(unique, "databases do not compare JSON: a `Json` field cannot be unique");
        }
        self.judge_role(problems);
    }

    fn judge_role(&self, problems: &mut Problems) {
        let Some(role) = &self.role else { return };
        let needed = if role == "version" { FieldType::Int } else { FieldType::Timestamp };
        let fits = self.field_type.is_none_or(|field_type| field_type == needed);
        if !fits || self.nullable {
            problems.add(role, format!("a field with the role `{role}` is `{}`", needed.rust_name()));
        }
        let others = self.key.is_some() || self.default.is_some() || !self.constraints.is_empty();
        if others {
            let text = format!("the host writes a `{role}` field: it cannot be the key or have a default or a rule");
            problems.add(role, text);
        }
    }
}

fn wrong_shape(name: &Ident) -> syn::Error {
    let example = match name.to_string().as_str() {
        "default" => "default = ...",
        "length_min" | "length_max" | "min" | "max" => "min = 1",
        "pattern" => r#"pattern = "...""#,
        "one_of" => r#"one_of("a", "b")"#,
        "column" => r#"column = "...""#,
        _ => {
            return syn::Error::new(name.span(), format!("`{name}` stands alone, without a value"));
        }
    };
    let example = if example.starts_with("min") { format!("{name} = 1") } else { example.to_owned() };
    syn::Error::new(name.span(), format!("write `{example}`"))
}
