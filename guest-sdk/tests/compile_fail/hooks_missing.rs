use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
}

impl Hooks for Note {}

fn main() {}
