use modelhost_guest::prelude::*;

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
    #[field(created_at)]
    made: i64,
    #[field(updated_at)]
    changed: Option<Timestamp>,
    #[field(version, default = 1)]
    version: i64,
    #[field(version)]
    another: i64,
    #[field(created_at, updated_at)]
    both: Timestamp,
}

fn main() {}
