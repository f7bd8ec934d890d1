use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key, default = now)]
    id: Uuid,
    #[field(default = 3)]
    text: String,
    #[field(default = "20")]
    count: i64,
    #[field(default = 99999999999999999999)]
    large: i64,
    #[field(default = 1)]
    done: bool,
    #[field(default = "2026-01-01")]
    at: Timestamp,
    #[field(default = new_uuid)]
    ratio: Option<f64>,
    #[field(one_of("a", "b"), default = "c")]
    state: String,
}

fn main() {}
