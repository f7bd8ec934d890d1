use modelhost_guest::prelude::*;

struct Plain;

#[derive(Model)]
struct Ruleless {
    #[field(key)]
    id: Uuid,
}

export_plugin!(Plain, Ruleless);

fn main() {}
