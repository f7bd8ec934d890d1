//! Declares the hook `validate` but exports `descriptor` only.

#[allow(unsafe_code, missing_docs, unreachable_pub, clippy::all)]
mod bindings {
    wit_bindgen::generate!({
        inline: "
            package guest:missing;
            world descriptor-only { export modelhost:plugin/descriptor@0.1.0; }
        ",
        path: "../../../wit/draft",
        generate_all,
    });
    #[cfg(target_family = "wasm")]
    use super::Guest;
    #[cfg(target_family = "wasm")]
    export!(Guest with_types_in self);
}

use bindings::exports::modelhost::plugin::descriptor::{
    self, DefaultValue, Field, FieldType, Hook, HookKind, Manifest, Model, Role, View,
};

/// The component.
pub struct Guest;

impl descriptor::Guest for Guest {
    fn describe() -> Result<Manifest, String> {
        let [name, description] = ["number", ""].map(str::to_owned);
        let (field_type, role, default_value) = (FieldType::Int, Role::Plain, DefaultValue::None);
        let constraints = Vec::new();
        let field = Field {
            name,
            field_type,
            nullable: false,
            role,
            default_value,
            constraints,
            column: None,
            was: None,
            description,
        };
        let kind = HookKind::Validate;
        let hook = Hook { kind, on_create: true, on_update: true, on_delete: false, view: View::Whole };
        let [name, description] = ["thing", ""].map(str::to_owned);
        let (fields, key, hooks) = (vec![field], vec![0], vec![hook]);
        let (unique, indexes, belongs_to, has_many) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let model = Model {
            name,
            table: None,
            was: None,
            fields,
            key,
            unique,
            indexes,
            belongs_to,
            has_many,
            hooks,
            description,
        };
        let models = vec![model];
        let [name, version, sdk] = ["guest-missing-export", "0.1.0", "by hand"].map(str::to_owned);
        Ok(Manifest { name, version, sdk, wants: Vec::new(), models })
    }
}
