//! Random interleavings of deploys, writes, reloads and unloads in two namespaces at once.
//!
//! Each namespace has a thread that does its own steps and knows what has to come of them. Invariant: after each interleaving
//! the outside client finds exactly the records that were acknowledged, each in its own namespace.

use std::collections::BTreeSet;

use e2e::{Answer, TestHost};

use crate::neighbours::{Neighbours, Place};

const INTERLEAVINGS: u64 = 50;
const STEPS: usize = 6;

/// One namespace as its thread knows it.
struct Side {
    name: &'static str,
    components: [Vec<u8>; 2],
    /// Which of the components is deployed next.
    next: usize,
    is_loaded: bool,
    /// What was acknowledged.
    written: BTreeSet<String>,
}

/// The same plugin with another digest: a section that nobody reads stands behind it.
fn another(component: &[u8]) -> Vec<u8> {
    let section = b"\x00\x08\x07another";
    [component, section].concat()
}

impl Side {
    fn new(name: &'static str, component: &[u8]) -> Self {
        let components = [component.to_vec(), another(component)];
        Self { name, components, next: 1, is_loaded: true, written: BTreeSet::new() }
    }

    fn body(&self, mark: &str, number: u64) -> String {
        match self.name {
            "acme" => format!(r#"{{"data": {{"name": "{mark}"}}}}"#),
            _ => format!(r#"{{"data": {{"number": {number}, "full_name": "{mark}", "country": "US"}}}}"#),
        }
    }

    fn step(&mut self, host: &TestHost, place: &Place, choice: u64, number: u64) {
        let namespace = place.namespace(self.name);
        match choice % 6 {
            0 => {
                host.cli(&["namespace", "unload", &namespace]).success();
                self.is_loaded = false;
            }
            1 | 2 => {
                let deployed = host.deploy(&namespace, &self.components[self.next]);
                assert_eq!(deployed["state"], "done", "{namespace}: {deployed}");
                self.next = 1 - self.next;
                self.is_loaded = true;
            }
            _ => {
                let mark = format!("{}-{number}", self.name);
                let answer: Answer =
                    place.call(host, &format!("{} customer create", self.name), &self.body(&mark, number));
                match self.is_loaded {
                    true => {
                        assert_eq!(answer.status, 200, "{namespace}: {}", answer.text);
                        self.written.insert(mark);
                    }
                    false => assert_eq!(answer.code(), "namespace.nothing-deployed", "{namespace}"),
                }
            }
        }
    }
}

/// What begins as the marks of a side do, in everything that an outside client finds.
fn marks(text: &str, side: &str) -> BTreeSet<String> {
    let is_mark = |word: &&str| {
        let number = word.strip_prefix(side).and_then(|rest| rest.strip_prefix('-'));
        number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
    };
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(is_mark).map(str::to_owned).collect()
}

/// A number that differs for each seed and step (splitmix64).
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 27)
}

#[test]
fn whatever_is_done_to_one_the_other_never_holds_a_record_of_it() {
    let Neighbours { host, places } = Neighbours::move_in();
    for place in &places {
        let mut sides = [Side::new("acme", artifacts::CRM), Side::new("globex", artifacts::SHOP)];
        for interleaving in 0..INTERLEAVINGS {
            std::thread::scope(|scope| {
                for (at, side) in sides.iter_mut().enumerate() {
                    let host = &host;
                    scope.spawn(move || {
                        for step in 0..STEPS {
                            let number = 1_000 + interleaving * 10 + step as u64;
                            side.step(host, place, mixed(number * 2 + at as u64), number);
                        }
                    });
                }
            });
            let (acme, globex) = place.both();
            let told = format!("{}, interleaving {interleaving}", place.title);
            assert_eq!(marks(&acme, "acme"), sides[0].written, "{told}");
            assert_eq!(marks(&globex, "globex"), sides[1].written, "{told}");
            assert_eq!((marks(&acme, "globex"), marks(&globex, "acme")), Default::default(), "{told}");
        }
    }
}
