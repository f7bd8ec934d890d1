//! One model with vectors, and rules that see them: what a host sends and takes of them.

use modelhost_guest::prelude::*;

/// A picture, and what a model made of it.
#[derive(Model)]
pub struct Picture {
    /// Given by the caller.
    #[field(key)]
    pub number: i64,
    /// What is seen on it.
    pub seen: Vector<3>,
    /// What it is compared with at first.
    #[field(default = [0.1, -2])]
    pub anchor: Vector<2>,
    /// As many dimensions as there can be.
    pub whole: Option<Vector<2000>>,
    /// The length of `seen` is made 1.
    #[field(default = false)]
    pub unit: bool,
    /// The answer of `normalize` is not finite.
    #[field(default = false)]
    pub broken: bool,
}

#[hooks]
impl Hooks for Picture {
    fn normalize(&mut self) {
        let length = self.seen.iter().map(|number| number * number).sum::<f32>().sqrt();
        if self.unit {
            self.seen.iter_mut().for_each(|number| *number /= length);
        }
        if self.broken {
            self.seen[1] = f32::NAN;
        }
    }

    fn validate(&self, check: &mut Check<Self>) {
        if self.seen.iter().all(|number| *number == 0.0) {
            check.refuse(Self::SEEN, "picture.blind", "nothing is seen");
        }
    }
}

export_plugin!(Picture);
