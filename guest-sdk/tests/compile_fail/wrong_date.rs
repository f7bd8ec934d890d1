use modelhost_guest::prelude::*;

#[derive(Model)]
struct Day {
    #[field(key)]
    id: Uuid,
    #[field(min = "2026-02-30", default = now)]
    day: Date,
    #[field(max = 20260201, default = "2026-2-1")]
    other: Date,
    #[field(min = "24:00:00", max = "9:30:00")]
    time: Time,
    #[field(min = "2026-01-01T00:00:00", default = "yesterday")]
    at: Timestamp,
    #[field(min = "2026-01-02", max = "2026-01-01")]
    never: Date,
}

fn main() {}
