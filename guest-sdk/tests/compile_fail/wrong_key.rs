use modelhost_guest::prelude::*;

#[derive(Model)]
struct Maybe {
    #[field(key)]
    id: Option<Uuid>,
}

#[derive(Model)]
struct Ratio {
    #[field(key)]
    ratio: f64,
}

fn main() {}
