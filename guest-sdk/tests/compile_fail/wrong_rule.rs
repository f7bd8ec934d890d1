use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key, unique, length_max = 10)]
    id: i64,
    #[field(min = 1)]
    text: String,
    #[field(min = 1.5)]
    count: i64,
    #[field(length_min = 5, length_max = 4)]
    title: String,
    #[field(length_max = -1, pattern = 7, one_of())]
    body: String,
    #[field(column = "Body Text", pattern)]
    other: String,
    #[field(unique, unique)]
    last: String,
    #[field(unique)]
    json: Json,
}

fn main() {}
