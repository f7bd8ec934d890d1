//! Whether a component speaks our text of the contract.
//!
//! Compares the types of its functions with the contract's, by structure and by the names in it. wasmtime would notice too,
//! but only at instantiation and in words that name neither the interface nor the field. Types that no function uses are
//! not compared: they cannot do harm.

use wit_parser::{Function, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldItem};

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
        Self {
            resolve,
            interfaces,
        }
    }

    /// Whether the contract has the interface.
    pub(crate) fn has(&self, interface: &str) -> bool {
        self.interfaces.iter().any(|(name, _)| name == interface)
    }

    /// Checks an interface that the component exports: all functions of ours must be there.
    pub(crate) fn check_export(
        &self,
        name: &str,
        resolve: &Resolve,
        id: InterfaceId,
    ) -> Result<(), LoadError> {
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
            self.function(expected, resolve, found)
                .map_err(|difference| changed(name, difference))?;
        }
        Ok(())
    }

    /// Checks an interface that the component imports: what it calls must be ours.
    pub(crate) fn check_import(
        &self,
        name: &str,
        resolve: &Resolve,
        id: InterfaceId,
    ) -> Result<(), LoadError> {
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
            self.function(expected, resolve, found)
                .map_err(|difference| changed(name, difference))?;
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

    fn function(
        &self,
        expected: &Function,
        resolve: &Resolve,
        found: &Function,
    ) -> Result<(), Difference> {
        let pair = Pair {
            ours: &self.resolve,
            theirs: resolve,
        };
        let names = |function: &Function| {
            let names = function.params.iter().map(|param| param.name.clone());
            names.collect::<Vec<_>>()
        };
        pair.same_names(
            &expected.name,
            "parameters",
            &names(expected),
            &names(found),
        )?;
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
        match (ours, theirs) {
            (Type::Id(ours), Type::Id(theirs)) => self.same_definition(
                place,
                resolved(self.ours, *ours),
                resolved(self.theirs, *theirs),
            ),
            _ => {
                let (ours, theirs) = (plain(self.ours, ours), plain(self.theirs, theirs));
                if ours == theirs {
                    return Ok(());
                }
                Err(Difference {
                    item: place.to_owned(),
                    expected: spelled(self.ours, &ours),
                    found: spelled(self.theirs, &theirs),
                })
            }
        }
    }

    fn same_definition(
        &self,
        place: &str,
        ours: Result<TypeId, Type>,
        theirs: Result<TypeId, Type>,
    ) -> Result<(), Difference> {
        let (Ok(our_id), Ok(their_id)) = (ours, theirs) else {
            let as_type = |side: Result<TypeId, Type>| side.map_or_else(|plain| plain, Type::Id);
            return if ours.is_err() && ours == theirs {
                Ok(())
            } else {
                Err(Difference {
                    item: place.to_owned(),
                    expected: spelled(self.ours, &as_type(ours)),
                    found: spelled(self.theirs, &as_type(theirs)),
                })
            };
        };
        let place = self.ours.types[our_id].name.as_deref().unwrap_or(place);
        match (
            &self.ours.types[our_id].kind,
            &self.theirs.types[their_id].kind,
        ) {
            (TypeDefKind::Record(ours), TypeDefKind::Record(theirs)) => {
                let names = |record: &wit_parser::Record| {
                    let names = record.fields.iter().map(|field| field.name.clone());
                    names.collect::<Vec<_>>()
                };
                self.same_names(place, "fields", &names(ours), &names(theirs))?;
                for (ours, theirs) in ours.fields.iter().zip(&theirs.fields) {
                    self.same_type(&format!("{place}.{}", ours.name), &ours.ty, &theirs.ty)?;
                }
                Ok(())
            }
            (TypeDefKind::Variant(ours), TypeDefKind::Variant(theirs)) => {
                let names = |variant: &wit_parser::Variant| {
                    let names = variant.cases.iter().map(|case| case.name.clone());
                    names.collect::<Vec<_>>()
                };
                self.same_names(place, "cases", &names(ours), &names(theirs))?;
                for (ours, theirs) in ours.cases.iter().zip(&theirs.cases) {
                    let place = format!("{place}.{}", ours.name);
                    self.same_optional(&place, ours.ty.as_ref(), theirs.ty.as_ref())?;
                }
                Ok(())
            }
            (TypeDefKind::Enum(ours), TypeDefKind::Enum(theirs)) => {
                let names = |of: &wit_parser::Enum| {
                    let names = of.cases.iter().map(|case| case.name.clone());
                    names.collect::<Vec<_>>()
                };
                self.same_names(place, "cases", &names(ours), &names(theirs))
            }
            (TypeDefKind::List(ours), TypeDefKind::List(theirs))
            | (TypeDefKind::Option(ours), TypeDefKind::Option(theirs)) => {
                self.same_type(place, ours, theirs)
            }
            (TypeDefKind::Tuple(ours), TypeDefKind::Tuple(theirs))
                if ours.types.len() == theirs.types.len() =>
            {
                let mut pairs = ours.types.iter().zip(&theirs.types);
                pairs.try_for_each(|(ours, theirs)| self.same_type(place, ours, theirs))
            }
            (TypeDefKind::Result(ours), TypeDefKind::Result(theirs)) => {
                self.same_optional(place, ours.ok.as_ref(), theirs.ok.as_ref())?;
                self.same_optional(place, ours.err.as_ref(), theirs.err.as_ref())
            }
            _ => Err(Difference {
                item: place.to_owned(),
                expected: spelled(self.ours, &Type::Id(our_id)),
                found: spelled(self.theirs, &Type::Id(their_id)),
            }),
        }
    }

    fn same_optional(
        &self,
        place: &str,
        ours: Option<&Type>,
        theirs: Option<&Type>,
    ) -> Result<(), Difference> {
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

    fn same_names(
        &self,
        place: &str,
        what: &str,
        ours: &[String],
        theirs: &[String],
    ) -> Result<(), Difference> {
        if ours == theirs {
            return Ok(());
        }
        Err(Difference {
            item: place.to_owned(),
            expected: format!("the {what} {}", ours.join(", ")),
            found: theirs.join(", "),
        })
    }
}

/// What an alias stands for in the end: a definition, or a type that needs none.
fn resolved(resolve: &Resolve, mut id: TypeId) -> Result<TypeId, Type> {
    loop {
        match resolve.types[id].kind {
            TypeDefKind::Type(Type::Id(next)) => id = next,
            TypeDefKind::Type(plain) => return Err(plain),
            _ => return Ok(id),
        }
    }
}

fn plain(resolve: &Resolve, ty: &Type) -> Type {
    match ty {
        Type::Id(id) => resolved(resolve, *id).map_or_else(|plain| plain, Type::Id),
        plain => *plain,
    }
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
