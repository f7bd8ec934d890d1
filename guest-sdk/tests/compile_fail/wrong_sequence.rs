use modelhost_guest::prelude::*;

#[derive(Model)]
struct Text {
    #[field(key, default = sequence)]
    id: String,
}

#[derive(Model)]
struct NoKey {
    #[field(key)]
    id: Uuid,
    #[field(default = sequence)]
    number: i64,
}

#[derive(Model)]
struct Several {
    #[field(key)]
    order_id: Uuid,
    #[field(key, default = sequence)]
    line: i64,
}

fn main() {}
