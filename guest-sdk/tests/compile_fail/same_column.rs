use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
    text: String,
    #[field(column = "text")]
    body: String,
    #[field(column = "title")]
    headline: String,
    title: String,
}

fn main() {}
