//! The macros of `modelhost-guest`: `#[derive(Model)]` and `#[hooks]`.
//!
//! They turn a struct into what the host must know of it, and an impl block into the list of hooks that it has. They
//! don't judge what only the host can judge (words that SQL reserves, whether a pattern compiles), and they generate no
//! logic: conversions and calls live in `modelhost-guest`.
//!
//! Invariant: whatever the author got wrong is an error at the token that is wrong, all errors of a struct at once, and
//! nothing that an author wrote is silently left out.

mod argument;
mod expand;
mod field;
mod field_type;
mod hooks;
mod model;
mod problems;
mod spelling;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a struct a model.
///
/// The model is called as the struct, in snake case; doc comments become descriptions. `#[model(...)]` above the struct:
///
/// | argument | meaning |
/// |---|---|
/// | `name = "note"` | another name of the model |
/// | `table = "notes"` | another name of the table |
/// | `unique(a, b)` | the values of `a` and `b` together occur once; may be repeated |
///
/// `#[field(...)]` above a field:
///
/// | argument | for | meaning |
/// |---|---|---|
/// | `key` | `String`, `i64`, `Uuid` | the key; exactly one field has it |
/// | `unique` | all | its value occurs once |
/// | `created_at`, `updated_at` | `Timestamp` | written by the host |
/// | `version` | `i64` | written by the host: 1, then one more at every update |
/// | `default = ...` | all | a literal, `now` (`Timestamp`) or `new_uuid` (`Uuid`) |
/// | `length_min = n`, `length_max = n` | `String` | unicode code points |
/// | `min = n`, `max = n` | `i64`, `f64` | range |
/// | `pattern = "..."` | `String` | a regular expression that must match somewhere |
/// | `one_of("a", "b")` | `String` | the only values |
/// | `column = "..."` | all | another name of the column |
///
/// Fields are `String`, `i64`, `f64`, `bool`, `Timestamp`, `Uuid`, `Json`, or an `Option` of one of these, which may hold
/// null. For each field there is a constant in capitals, for example `Note::TEXT`, by which checks name it.
#[proc_macro_derive(Model, attributes(model, field))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as syn::DeriveInput);
    let (spec, problems) = model::read(&input);
    expand::model(&input, &spec, problems).into()
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
