use modelhost_guest::prelude::*;

#[derive(Choices)]
enum Genre {
    Rock,
    #[choice("Rock")]
    Metal,
    Other(String),
    #[choice("")]
    None,
    #[choice]
    Soul,
    #[choice("R&B")]
    #[choice("RnB")]
    Rnb,
}

#[derive(Choices)]
enum Numbered {
    One = 1,
}

#[derive(Choices)]
enum Empty {}

#[derive(Choices)]
struct Word(String);

#[derive(Choices)]
enum Typed<T> {
    Only(T),
}

fn main() {}
