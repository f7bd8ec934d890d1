//! Whether a component speaks our text of the contract.
//!
//! Compares the types of its functions with the contract's, by structure and by the names in it. wasmtime would notice too,
//! but only at instantiation and in words that name neither the interface nor the field. Types that no function uses are
//! not compared: they cannot do harm.

use wit_parser::{Function, InterfaceId, Resolve, Type, TypeDefKind, WorldItem};

use crate::{LoadError, abi};

/// The contract as this host was built with it.
pub(crate) struct Contract {
    resolve: Resolve,
    interfaces: Vec<(String, InterfaceId)>,
}

/// Two things of the same place that are not the same.
struct Difference {
    item: String,
    expected: String,
    found: String,
}

impl Contract {
    pub(crate) fn new() -> Self {
        let (resolve, world) = wit_parser::decoding::decode_world(abi::v0_1::COMPONENT_TYPE)
            .expect("the contract's own text was encoded by the compiler of this crate");
        let world = &resolve.worlds[world];
        let interfaces = world
            .imports
            .values()
            .chain(world.exports.values())
            .filter_map(|item| match item {
                WorldItem::Interface { id, .. } => Some((resolve.id_of(*id)?, *id)),
                WorldItem::Function(_) | WorldItem::Type { .. } => None,
            })
            .collect();
        Self { resolve, interfaces }
    }

    /// Whether the contract has the interface.
    pub(crate) fn has(&self, interface: &str) -> bool {
        self.interfaces.iter().any(|(name, _)| name == interface)
    }

    /// Checks an interface that the component exports: all functions of ours must be there.
    pub(crate) fn check_export(&self, name: &str, resolve: &Resolve, id: InterfaceId) -> Result<(), LoadError> {
        let found = &resolve.interfaces[id].functions;
        for (function, expected) in self.functions(name) {
            let Some(found) = found.get(function) else {
                return Err(changed(
                    name,
                    Difference {
                        item: function.clone(),
                        expected: "a function".to_owned(),
                        found: "nothing".to_owned(),
                    },
                ));
            };
            self.function(expected, resolve, found).map_err(|difference| changed(name, difference))?;
        }
        Ok(())
    }

    /// Checks an interface that the component imports: what it calls must be ours.
    pub(crate) fn check_import(&self, name: &str, resolve: &Resolve, id: InterfaceId) -> Result<(), LoadError> {
        for (function, found) in &resolve.interfaces[id].functions {
            let expected = self.functions(name).find(|(ours, _)| *ours == function);
            let Some((_, expected)) = expected else {
                return Err(changed(
                    name,
                    Difference {
                        item: function.clone(),
                        expected: "nothing".to_owned(),
                        found: "a function".to_owned(),
                    },
                ));
            };
            self.function(expected, resolve, found).map_err(|difference| changed(name, difference))?;
        }
        Ok(())
    }

    fn functions(&self, interface: &str) -> impl Iterator<Item = (&String, &Function)> {
        self.interfaces
            .iter()
            .find(|(name, _)| name == interface)
            .into_iter()
            .flat_map(|(_, id)| &self.resolve.interfaces[*id].functions)
    }

    fn function(&self, expected: &Function, resolve: &Resolve, found: &Function) -> Result<(), Difference> {
        let pair = Pair { ours: &self.resolve, theirs: resolve };
        let names = |function: &Function| {
            let names = function.params.iter().map(|param| param.name.clone());
            names.collect::<Vec<_>>()
        };
        same_names(&expected.name, "parameters", &names(expected), &names(found))?;
        if expected.kind != found.kind {
            return Err(Difference {
                item: expected.name.clone(),
                expected: "a plain function".to_owned(),
                found: "another kind of function".to_owned(),
            });
        }
        for (ours, theirs) in expected.params.iter().zip(&found.params) {
            let place = format!("{}({})", expected.name, ours.name);
            pair.same_type(&place, &ours.ty, &theirs.ty)?;
        }
        let place = format!("the result of {}", expected.name);
        pair.same_optional(&place, expected.result.as_ref(), found.result.as_ref())
    }
}

fn changed(interface: &str, difference: Difference) -> LoadError {
    LoadError::ChangedType {
        interface: interface.to_owned(),
        item: crate::text::printable(difference.item, 200),
        expected: crate::text::printable(difference.expected, 400),
        found: crate::text::printable(difference.found, 400),
    }
}

/// Our types and a component's. Recursion ends with our types, which are shallow; a component's may be as deep as it likes.
struct Pair<'a> {
    ours: &'a Resolve,
    theirs: &'a Resolve,
}

impl Pair<'_> {
    fn same_type(&self, place: &str, ours: &Type, theirs: &Type) -> Result<(), Difference> {
        let (ours, theirs) = (plain(self.ours, ours), plain(self.theirs, theirs));
        match (shape(self.ours, &ours), shape(self.theirs, &theirs)) {
            (None, None) if ours == theirs => Ok(()),
            (Some(expected), Some(found)) if expected.kind == found.kind => {
                let place = expected.name.unwrap_or(place);
                self.same_members(place, &expected, &found)
            }
            _ => Err(Difference {
                item: place.to_owned(),
                expected: spelled(self.ours, &ours),
                found: spelled(self.theirs, &theirs),
            }),
        }
    }

    fn same_members(&self, place: &str, ours: &Shape<'_>, theirs: &Shape<'_>) -> Result<(), Difference> {
        let names = |shape: &Shape<'_>| {
            let names = shape.members.iter().map(|(name, _)| name.clone());
            names.collect::<Vec<_>>()
        };
        let what = match ours.kind {
            "record" => "fields",
            _ => "cases",
        };
        same_names(place, what, &names(ours), &names(theirs))?;
        let mut pairs = ours.members.iter().zip(&theirs.members);
        pairs.try_for_each(|((name, ours), (_, theirs))| {
            let place = if name.is_empty() { place.to_owned() } else { format!("{place}.{name}") };
            self.same_optional(&place, ours.as_ref(), theirs.as_ref())
        })
    }

    fn same_optional(&self, place: &str, ours: Option<&Type>, theirs: Option<&Type>) -> Result<(), Difference> {
        let nothing = || "nothing".to_owned();
        match (ours, theirs) {
            (None, None) => Ok(()),
            (Some(ours), Some(theirs)) => self.same_type(place, ours, theirs),
            (ours, theirs) => Err(Difference {
                item: place.to_owned(),
                expected: ours.map_or_else(nothing, |ty| spelled(self.ours, ty)),
                found: theirs.map_or_else(nothing, |ty| spelled(self.theirs, ty)),
            }),
        }
    }
}

/// A definition as a list of members: fields, cases, or the types that a list, an option, a tuple or a result holds.
struct Shape<'a> {
    kind: &'static str,
    name: Option<&'a str>,
    members: Vec<(String, Option<Type>)>,
}

/// None for a type that needs no definition.
fn shape<'a>(resolve: &'a Resolve, ty: &Type) -> Option<Shape<'a>> {
    let Type::Id(id) = ty else {
        return None;
    };
    let def = &resolve.types[*id];
    let members = match &def.kind {
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            fields.map(|field| (field.name.clone(), Some(field.ty))).collect()
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter();
            cases.map(|case| (case.name.clone(), case.ty)).collect()
        }
        TypeDefKind::Enum(of) => {
            let cases = of.cases.iter();
            cases.map(|case| (case.name.clone(), None)).collect()
        }
        TypeDefKind::Tuple(tuple) => {
            let types = tuple.types.iter().enumerate();
            types.map(|(at, ty)| (at.to_string(), Some(*ty))).collect()
        }
        TypeDefKind::Result(result) => {
            vec![("ok".to_owned(), result.ok), ("err".to_owned(), result.err)]
        }
        TypeDefKind::List(ty) | TypeDefKind::Option(ty) => vec![(String::new(), Some(*ty))],
        // The contract has none of the others, so their kind alone tells them apart from ours.
        _ => Vec::new(),
    };
    Some(Shape { kind: def.kind.as_str(), name: def.name.as_deref(), members })
}

fn same_names(place: &str, what: &str, ours: &[String], theirs: &[String]) -> Result<(), Difference> {
    if ours == theirs {
        return Ok(());
    }
    let listed = |names: &[String]| match names {
        [] => format!("no {what}"),
        names => format!("the {what} {}", names.join(", ")),
    };
    Err(Difference { item: place.to_owned(), expected: listed(ours), found: listed(theirs) })
}

/// What an alias stands for in the end: a definition, or a type that needs none.
fn plain(resolve: &Resolve, ty: &Type) -> Type {
    let mut ty = *ty;
    while let Type::Id(id) = ty
        && let TypeDefKind::Type(next) = resolve.types[id].kind
    {
        ty = next;
    }
    ty
}

/// A type in a few words.
fn spelled(resolve: &Resolve, ty: &Type) -> String {
    let Type::Id(id) = plain(resolve, ty) else {
        return format!("{ty:?}").to_lowercase();
    };
    let def = &resolve.types[id];
    match &def.name {
        Some(name) => format!("{} {name}", def.kind.as_str()),
        None => format!("a {}", def.kind.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plugin's world whose `descriptor` gives this, checked against the contract.
    fn checked(descriptor: &str) -> Result<(), LoadError> {
        let mut resolve = Resolve::default();
        let text = format!("package modelhost:plugin@0.1.0; interface descriptor {{ {descriptor} }}");
        let package = resolve.push_str("test.wit", &text).unwrap();
        let id = resolve.packages[package].interfaces["descriptor"];
        Contract::new().check_export("modelhost:plugin/descriptor@0.1.0", &resolve, id)
    }

    #[test]
    fn the_contract_agrees_with_itself() {
        let contract = Contract::new();
        let resolve = &contract.resolve;
        for (name, id) in &contract.interfaces {
            contract.check_export(name, resolve, *id).unwrap();
            contract.check_import(name, resolve, *id).unwrap();
        }
        assert!(contract.has("modelhost:plugin/normalize@0.1.0"));
    }

    #[test]
    fn names_what_differs() {
        let said = |descriptor: &str| checked(descriptor).unwrap_err().to_string();
        insta::assert_snapshot!(said(""), @r"
    `describe` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected a function, found nothing
    ");
        insta::assert_snapshot!(said("describe: func(depth: u32) -> result<string, string>;"), @r"
    `describe` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected no parameters, found the parameters depth
    ");
        insta::assert_snapshot!(said("describe: func() -> string;"), @r"
    `the result of describe` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected a result, found string
    ");
        insta::assert_snapshot!(said("describe: func();"), @r"
    `the result of describe` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected a result, found nothing
    ");
        let manifest =
            "record manifest { name: string, version: string, sdk: string, wants: list<u8>, models: list<u8> }
            describe: func() -> result<manifest, string>;";
        insta::assert_snapshot!(said(manifest), @r"
    `manifest.wants` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected string, found u8
    ");
        insta::assert_snapshot!(said(&manifest.replace("sdk: string, ", "")), @r"
    `manifest` in `modelhost:plugin/descriptor@0.1.0` differs from this host's contract: expected the fields name, version, sdk, wants, models, found the fields name, version, wants, models
    ");
    }
}
