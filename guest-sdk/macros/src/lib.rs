//! The macros of `modelhost-guest`: `#[derive(Model)]`, `#[derive(Choices)]` and `#[hooks]`.
//!
//! They turn a struct into what the host must know of it, an enum into texts, and an impl block into the list of hooks that
//! it has. They don't judge what only the host can judge (words that SQL reserves, whether a pattern compiles) or what takes
//! two types (`definition::judged` in the SDK), and they generate no logic: conversions and calls live in `modelhost-guest`.
//!
//! Invariant: whatever the author got wrong is an error at the token that is wrong, all errors of a struct at once, and
//! nothing that an author wrote is silently left out.

mod argument;
mod choices;
mod expand;
mod field;
mod field_type;
mod hooks;
mod index;
mod literal;
mod model;
mod problems;
mod relation;
mod rules;
mod spelling;

// How the SDK reads texts, compiled here too: a bound must mean the same in an attribute and at run time.
#[allow(dead_code, reason = "the macros read texts and never print them")]
#[path = "../../src/calendar.rs"]
mod calendar;
#[allow(dead_code, reason = "the macros compare decimals and compute nothing")]
#[path = "../../src/digits.rs"]
mod digits;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a struct a model.
///
/// The model is called as the struct, in snake case; doc comments become descriptions. Fields are `String`, `i64`, `f64`,
/// `bool`, `Decimal`, `Timestamp`, `Date`, `Time`, `Uuid`, `Bytes`, an enum with `#[derive(Choices)]`, a `Vec` of one of
/// these, `Json`, `Vector<3>` (or as many dimensions as there are), or an `Option` of any, which may hold null. `#[field(...)]` above a field:
///
/// | argument | for | meaning |
/// |---|---|---|
/// | `key` | `String`, `i64`, `Uuid` | the key; several fields with it are one key, in their order |
/// | `unique` | all but `Json`, `Vec`, `Vector` | its value occurs once |
/// | `created_at`, `updated_at` | `Timestamp` | written by the host |
/// | `version` | `i64` | written by the host: 1, then one more at every update |
/// | `default = ...` | all | a value (see below), `now`, `new_uuid` or `sequence` |
/// | `precision = n, scale = n` | `Decimal` | digits: all of them, and those behind the point |
/// | `length_min = n`, `length_max = n` | `String`, `Bytes`, `Vec` | unicode code points, bytes, items |
/// | `min = ...`, `max = ...` | numbers, dates, times | range |
/// | `pattern = "..."` | `String` | a regular expression that must match somewhere |
/// | `one_of("a", "b")` | `String` | the only values |
/// | `belongs_to(Album)` | `String`, `i64`, `Uuid` | the key of an `Album`; `on_delete = restrict`, `cascade` or `set_null`; `name = "..."` where the relation is not called as the field without `_id` |
/// | `column = "..."` | all | another name of the column |
/// | `was = "..."` | all | the column's earlier name, where it was renamed |
///
/// Values are literals; for a `Decimal`, a `Date`, a `Time` and a `Timestamp` texts: `"0.50"`, `"2026-01-01"`, `"09:30:00"`,
/// `"2026-01-01T00:00:00Z"`. A default of an enum is a variant or its text, of `Bytes` `b"abc"`, of a `Vec` or a `Vector`
/// `[1, 2]`.
/// `sequence` is the next number that the database gives, for a key that is one `i64`.
///
/// `#[model(...)]` above the struct; all but the first three may be repeated:
///
/// | argument | meaning |
/// |---|---|
/// | `name = "note"` | another name of the model |
/// | `table = "notes"` | another name of the table |
/// | `was = "remarks"` | the table's earlier name, where it was renamed |
/// | `unique(a, b)` | the values of `a` and `b` together occur once |
/// | `index(a, -b)` | an index, here with the largest `b` first; `name = "..."`, `when(...)` |
/// | `unique_index(a, when(b = true))` | `a` occurs once among the records that meet every condition: `= null`, `!= null`, `= true`, `= false` |
/// | `belongs_to(Entry, fields = [a, b], name = "entry")` | `a` and `b` are the key of an `Entry`; `on_delete = ...` |
/// | `has_many(tracks: Track)` | the other side of a `belongs_to` of `Track` that is called as this model; `relation = "..."` names another |
///
/// For each field there is a constant in capitals, for example `Note::TEXT`, by which checks name it.
#[proc_macro_derive(Model, attributes(model, field))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as syn::DeriveInput);
    let (spec, problems) = model::read(&input);
    expand::model(&input, &spec, problems).into()
}

/// Makes an enum the type of fields: each variant stands for a text.
///
/// The text is the variant's name as it is written, or what `#[choice("...")]` above it says: 1 to 100 characters. Variants
/// hold nothing and have no numbers.
#[proc_macro_derive(Choices, attributes(choice))]
pub fn derive_choices(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as syn::DeriveInput);
    choices::expand(&input).into()
}

/// Stands above `impl Hooks for ...` and tells the host which hooks the block has.
///
/// `#[hooks(before)]` lets `validate` see the record as it was, by `check.before()`; an update then costs one read more.
/// `#[hooks(delete)]` calls `validate` for a delete too.
#[proc_macro_attribute]
pub fn hooks(arguments: TokenStream, block: TokenStream) -> TokenStream {
    let arguments = parse_macro_input!(arguments with argument::parse_list);
    let block = parse_macro_input!(block as syn::ItemImpl);
    hooks::expand(&arguments, block).into()
}
