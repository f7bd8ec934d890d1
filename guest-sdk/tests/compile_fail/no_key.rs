use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    text: String,
}

fn main() {}
