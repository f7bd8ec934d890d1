//! Version 0.1.0 of the contract.
//!
//! Generated types in, model types out. What a guest answers is judged while it is converted, so that no unjudged answer
//! leaves this module; what the judgement is stands in `output.rs`.

mod batch;
mod bindings;
mod descriptor;
mod hooks;
mod host;
mod scalars;
mod value;

pub(crate) use bindings::COMPONENT_TYPE;
pub(crate) use hooks::{AnswerError, Exports, Functions};
pub(crate) use host::add_to_linker;
