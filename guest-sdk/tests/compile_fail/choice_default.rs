use modelhost_guest::prelude::*;

#[derive(Choices)]
enum State {
    Open,
    Done,
}

#[derive(Choices)]
enum Genre {
    Rock,
}

#[derive(Model)]
struct Misspelt {
    #[field(key)]
    id: Uuid,
    #[field(default = State::Opn)]
    state: State,
}

#[derive(Model)]
struct OfAnother {
    #[field(key)]
    id: Uuid,
    #[field(default = Genre::Rock)]
    state: State,
}

#[derive(Model)]
struct NoText {
    #[field(key)]
    id: Uuid,
    #[field(default = "open")]
    state: State,
}

#[derive(Model)]
struct Number {
    #[field(key)]
    id: Uuid,
    #[field(default = 1, one_of("Open"))]
    state: State,
}

fn main() {}
