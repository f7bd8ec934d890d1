use modelhost_guest::prelude::*;

enum State {
    Open,
}

#[derive(Model)]
struct Note {
    #[field(key)]
    id: Uuid,
    state: State,
    states: Option<Vec<State>>,
    other: Stat,
}

fn main() {}
