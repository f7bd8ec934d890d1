use modelhost_guest::prelude::*;

#[derive(Model)]
struct Price {
    #[field(key)]
    id: Uuid,
    bare: Decimal,
    #[field(precision = 10)]
    half: Option<Decimal>,
    listed: Vec<Decimal>,
    #[field(precision = 2, scale = 3)]
    deep: Decimal,
    #[field(precision = 39, scale = -1)]
    wide: Decimal,
    #[field(precision = 10, scale = 2)]
    whole: i64,
    #[field(precision = 4, scale = 2, min = "0.001", max = "100", default = "123.4")]
    small: Decimal,
    #[field(precision = 4, scale = 2, min = 0, max = "1e3", default = 0.5)]
    inexact: Decimal,
    #[field(precision = 4, scale = 2, min = "2.50", max = "2.5", default = "2.500")]
    exact: Decimal,
    #[field(precision = 4, scale = 2, min = "2.51", max = "2.5")]
    none: Decimal,
}

fn main() {}
