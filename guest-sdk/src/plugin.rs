//! A plugin: its name, its models, and the way from an exported function to a model's hook.
//!
//! Knows no model by type after [`Entry::of`].
//!
//! Invariant: the position of a model in the list is the position in the manifest and in every call.

use crate::Hooks;
use crate::definition::ModelDef;
use crate::definition::judged::is_same_text;
use crate::hooks::{self, Declared};
use crate::wire::{Batch, Call, FieldChange, Manifest, Operation, Violation};

/// What made the component, for the manifest.
const SDK: &str = concat!("modelhost-guest ", env!("CARGO_PKG_VERSION"));
/// Longest name of a plugin, in bytes.
const NAME_BYTES_MAX: usize = 40;

/// A plugin as a value. [`plugin!`](crate::plugin) makes one.
#[derive(Debug, Clone, Copy)]
pub struct Plugin {
    /// Name of the plugin: `[a-z][a-z0-9-]*`, at most 40 bytes.
    pub name: &'static str,
    /// Semantic version.
    pub version: &'static str,
    /// Grants to ask for.
    pub wants: &'static [&'static str],
    /// The models.
    pub models: &'static [Entry],
}

/// A model in a plugin's list, without its type.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    definition: ModelDef,
    declared: Declared,
    normalize: fn(&Batch) -> Vec<FieldChange>,
    validate: fn(Operation, &Batch, Option<&Batch>) -> Vec<Violation>,
}

impl Entry {
    /// The entry of a model.
    pub const fn of<M: Hooks>() -> Self {
        Self {
            definition: M::DEFINITION,
            declared: M::DECLARED,
            normalize: hooks::normalize_batch::<M>,
            validate: hooks::validate_batch::<M>,
        }
    }
}

impl Plugin {
    /// Fails the build when the name is not one of a plugin, or a model refers to one that is not in the list.
    #[doc(hidden)]
    pub const fn judged(self) -> Self {
        assert!(
            is_plugin_name(self.name.as_bytes()),
            "the package's name is the plugin's: lower-case letters, digits and `-`, beginning with a letter, at most 40 bytes"
        );
        let mut at = 0;
        while at < self.models.len() {
            assert!(
                self.has_all(&self.models[at].definition),
                "a model of the list has a relation to one that is not in it: list that one too"
            );
            at += 1;
        }
        self
    }

    /// Whether the models that a model names are in the list.
    const fn has_all(&self, definition: &ModelDef) -> bool {
        let mut at = 0;
        while at < definition.belongs_to.len() {
            if !self.has(definition.belongs_to[at].model) {
                return false;
            }
            at += 1;
        }
        at = 0;
        while at < definition.has_many.len() {
            if !self.has(definition.has_many[at].model) {
                return false;
            }
            at += 1;
        }
        true
    }

    const fn has(&self, name: &str) -> bool {
        let mut at = 0;
        while at < self.models.len() {
            if is_same_text(self.models[at].definition.name, name) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// The answer to `describe`.
    pub fn describe(&self) -> Manifest {
        Manifest {
            name: self.name.to_owned(),
            version: self.version.to_owned(),
            sdk: SDK.to_owned(),
            wants: self.wants.iter().map(|grant| (*grant).to_owned()).collect(),
            models: self.models.iter().map(|entry| entry.definition.to_wire(entry.declared)).collect(),
        }
    }

    /// The answer to `normalize`.
    pub fn normalize(&self, call: Call, batch: &Batch) -> Vec<FieldChange> {
        (self.entry(call).normalize)(batch)
    }

    /// The answer to `validate`.
    pub fn validate(&self, call: Call, after: &Batch, before: Option<&Batch>) -> Vec<Violation> {
        (self.entry(call).validate)(call.operation, after, before)
    }

    fn entry(&self, call: Call) -> &Entry {
        self.models.get(call.model as usize).expect("the host calls models of the manifest")
    }
}

const fn is_plugin_name(name: &[u8]) -> bool {
    if name.is_empty() || name.len() > NAME_BYTES_MAX || !name[0].is_ascii_lowercase() {
        return false;
    }
    let mut position = 0;
    while position < name.len() {
        let byte = name[position];
        if !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            return false;
        }
        position += 1;
    }
    true
}

/// A plugin of models as a value, called as the package and with its version.
///
/// For those who export by hand with [`export_component!`](crate::export_component); others write
/// [`export_plugin!`](crate::export_plugin).
#[macro_export]
macro_rules! plugin {
    (wants: [$($want:expr),* $(,)?], $($model:ty),+ $(,)?) => {
        $crate::Plugin {
            name: ::core::env!("CARGO_PKG_NAME"),
            version: ::core::env!("CARGO_PKG_VERSION"),
            wants: &[$($want),*],
            models: &[$($crate::Entry::of::<$model>()),+],
        }
        .judged()
    };
    ($($model:ty),+ $(,)?) => {
        $crate::plugin!(wants: [], $($model),+)
    };
}

/// Makes the component: `export_plugin!(Note);`, or `export_plugin!(wants: ["data"], Note, Task);` to ask for grants.
///
/// Name and version are the package's. Every model needs `#[derive(Model)]` and `#[hooks] impl Hooks`. Outside of wasm
/// nothing is exported, so that the crate's tests link.
#[macro_export]
macro_rules! export_plugin {
    ($($list:tt)+) => {
        const _: () = {
            const PLUGIN: $crate::Plugin = $crate::plugin!($($list)+);

            #[allow(dead_code)]
            struct Exported;

            impl $crate::wire::descriptor::Guest for Exported {
                fn describe() -> ::core::result::Result<$crate::wire::Manifest, ::std::string::String> {
                    ::core::result::Result::Ok(PLUGIN.describe())
                }
            }

            impl $crate::wire::validate::Guest for Exported {
                fn validate(
                    call: $crate::wire::Call,
                    after: $crate::wire::Batch,
                    before: ::core::option::Option<$crate::wire::Batch>,
                ) -> ::std::vec::Vec<$crate::wire::Violation> {
                    PLUGIN.validate(call, &after, before.as_ref())
                }
            }

            impl $crate::wire::normalize::Guest for Exported {
                fn normalize(
                    call: $crate::wire::Call,
                    batch: $crate::wire::Batch,
                ) -> ::std::vec::Vec<$crate::wire::FieldChange> {
                    PLUGIN.normalize(call, &batch)
                }
            }

            $crate::export_component!(Exported);
        };
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::{Check, Model, hooks};
    use crate::wire::{self, Column, Scalars, Texts, Value};

    #[derive(Model)]
    struct First {
        #[field(key)]
        number: i64,
    }

    #[hooks]
    impl Hooks for First {}

    #[derive(Model)]
    #[model(name = "other", table = "others", unique(number, text))]
    struct Second {
        #[field(key)]
        number: i64,
        #[field(unique, default = "x", one_of("x", "y"))]
        text: String,
    }

    #[hooks]
    impl Hooks for Second {
        fn normalize(&mut self) {
            self.text = self.text.trim().to_owned();
        }

        fn validate(&self, check: &mut Check<Self>) {
            if self.number < 0 {
                check.refuse(Self::NUMBER, "negative", "below zero").with("number", self.number);
            }
        }
    }

    const PLUGIN: Plugin = crate::plugin!(wants: ["data"], First, Second);

    fn batch(numbers: &[i64], texts: &[&str]) -> Batch {
        let ends = (1..=texts.len()).map(|len| texts[..len].concat().len() as u32).collect();
        let texts = Scalars::Texts(Texts { ends, joined: texts.concat() });
        let columns = vec![Column::Scalars(Scalars::Ints(numbers.to_vec())), Column::Scalars(texts)];
        Batch { len: numbers.len() as u32, columns, gaps: Vec::new() }
    }

    #[test]
    fn describes_every_model_with_the_hooks_it_has() {
        let manifest = PLUGIN.describe();
        assert_eq!((manifest.name.as_str(), manifest.wants), ("modelhost-guest", vec!["data".to_owned()]));
        assert_eq!(manifest.models[0].hooks, []);
        let second = &manifest.models[1];
        assert_eq!(second.table.as_deref(), Some("others"));
        assert_eq!(second.unique, [vec![1], vec![0, 1]]);
        let kinds: Vec<_> = second.hooks.iter().map(|hook| hook.kind).collect();
        assert_eq!(kinds, [wire::HookKind::Validate, wire::HookKind::Normalize]);
        assert_eq!(second.fields[1].default_value, wire::DefaultValue::Constant(Value::Text("x".to_owned())));
    }

    #[test]
    fn batches_answer_with_the_position_of_the_record() {
        let call = Call { model: 1, operation: Operation::Create };
        let changes = PLUGIN.normalize(call, &batch(&[0, 1], &["x", " y"]));
        let expected = FieldChange { index: 1, field: 1, value: Value::Text("y".to_owned()) };
        assert_eq!(changes, [expected]);
        let after = batch(&[1, -1, -2], &["x"; 3]);
        let indexes: Vec<_> = PLUGIN.validate(call, &after, None).iter().map(|violation| violation.index).collect();
        assert_eq!(indexes, [1, 2]);
    }

    #[test]
    fn a_model_without_hooks_answers_nothing() {
        let call = Call { model: 0, operation: Operation::Create };
        assert_eq!(PLUGIN.normalize(call, &batch(&[1], &[""])), []);
    }

    #[test]
    fn plugin_names_have_the_shape_of_the_contract() {
        assert!(is_plugin_name(b"acme-crm2"));
        let wrong: [&[u8]; 5] = [b"", b"2crm", b"acme_crm", b"Acme", &[b'a'; 41]];
        assert!(wrong.iter().all(|name| !is_plugin_name(name)));
    }
}
