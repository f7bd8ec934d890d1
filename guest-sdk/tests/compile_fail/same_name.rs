use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
    text: String,
    text: String,
}

fn main() {}
