use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: u64,
    ratio: f32,
    author: &'static str,
    cover: Vec<u8>,
    days: Vec<Option<Date>>,
    documents: Vec<Json>,
    grid: Vec<Vec<i64>>,
    born: chrono::NaiveDate,
    pair: (i64, i64),
    state: State<i64>,
    at: Option<std::time::SystemTime>,
    twice: Option<Option<i64>>,
    views: Vec<Vector<3>>,
}

struct State<T>(T);

fn main() {}
