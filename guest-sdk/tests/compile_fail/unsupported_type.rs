use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: u64,
    ratio: f32,
    author: &'static str,
    tags: Vec<String>,
    at: Option<std::time::SystemTime>,
    state: State,
    twice: Option<Option<i64>>,
}

struct State;

fn main() {}
