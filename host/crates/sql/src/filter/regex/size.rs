//! How large a regular expression becomes in a database, known from the tree without building anything.
//!
//! Counted as for a position automaton: its characters after repeats are written out, and the ways from each of them to
//! those that may follow. Saturating, so that no pattern overflows it.

use super::Node;

/// The size of a part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Characters and ranges.
    pub(super) weight: usize,
    /// Ways from one character to the next.
    pub(super) steps: usize,
    /// Characters that a match may begin with.
    first: usize,
    /// Characters that a match may end with.
    last: usize,
    matches_empty: bool,
}

impl Size {
    const EMPTY: Self = Self { weight: 0, steps: 0, first: 0, last: 0, matches_empty: true };

    pub(super) fn of(node: &Node) -> Self {
        match node {
            Node::Empty => Self::EMPTY,
            Node::Start | Node::End => Self { weight: 1, ..Self::EMPTY },
            Node::Class(class) => {
                let ranges = class.ranges();
                let is_one = ranges.len() == 1 && ranges[0].len() == 1;
                let weight = if is_one { 1 } else { 1 + ranges.len() };
                Self { weight, steps: 0, first: 1, last: 1, matches_empty: false }
            }
            Node::Concat(nodes) => nodes.iter().map(Self::of).fold(Self::EMPTY, Self::then),
            Node::Alternate(nodes) => {
                let branches = Self { weight: nodes.len(), ..Self::default() };
                nodes.iter().map(Self::of).fold(branches, Self::or)
            }
            Node::Repeat { node, min, max } => {
                let one = Self::of(node);
                let optional = Self { matches_empty: true, ..one };
                let rest = match max {
                    None => optional.again(),
                    Some(max) => (*min..*max).fold(Self::EMPTY, |sum, _| sum.then(optional)),
                };
                (0..*min).fold(Self::EMPTY, |sum, _| sum.then(one)).then(rest)
            }
        }
    }

    fn then(self, next: Self) -> Self {
        Self {
            weight: self.weight.saturating_add(next.weight),
            steps: self.steps.saturating_add(next.steps).saturating_add(self.last.saturating_mul(next.first)),
            first: if self.matches_empty { self.first.saturating_add(next.first) } else { self.first },
            last: if next.matches_empty { self.last.saturating_add(next.last) } else { next.last },
            matches_empty: self.matches_empty && next.matches_empty,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            weight: self.weight.saturating_add(other.weight),
            steps: self.steps.saturating_add(other.steps),
            first: self.first.saturating_add(other.first),
            last: self.last.saturating_add(other.last),
            matches_empty: self.matches_empty || other.matches_empty,
        }
    }

    /// As often as there is room.
    fn again(self) -> Self {
        let steps = self.steps.saturating_add(self.last.saturating_mul(self.first));
        Self { weight: self.weight.saturating_add(1), steps, ..self }
    }
}
