//! What an author reads who got something wrong: every file of `compile_fail` must not compile, with exactly the text
//! beside it. `TRYBUILD=overwrite cargo test -p modelhost-guest --test compile_errors` writes the texts anew.

#[test]
fn every_mistake_is_explained_at_its_place() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
