use modelhost_guest::prelude::*;

#[derive(Model)]
struct Pair(i64, String);

#[derive(Model)]
enum Either {
    Left,
    Right,
}

#[derive(Model)]
struct Typed<T> {
    #[field(key)]
    id: T,
}

#[derive(Model)]
struct Shouted {
    #[field(key)]
    ID: i64,
    _hidden: i64,
    a_name_that_is_longer_than_forty_bytes_is: i64,
}

fn main() {}
