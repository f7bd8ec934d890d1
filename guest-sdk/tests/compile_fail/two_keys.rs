use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
    #[field(key)]
    number: i64,
}

fn main() {}
