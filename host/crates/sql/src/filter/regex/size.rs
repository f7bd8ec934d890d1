//! How large a regular expression becomes in a database, known from the tree without building anything.
//!
//! Counted as for an automaton whose states are the pattern's characters after repeats are written out: the ways from each of
//! them to those that may follow. A way to a class counts once for each piece that the other classes cut it into, as
//! PostgreSQL does. Saturating, so that no pattern overflows it.

use regex_syntax::hir::ClassUnicode;

use super::Node;

/// The size of a part.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    /// Characters and ranges.
    pub(super) weight: usize,
    /// Ways from one character to the next.
    pub(super) steps: usize,
    /// Pieces that a match may begin with.
    first: usize,
    /// Characters that a match may end with.
    last: usize,
    matches_empty: bool,
}

/// Where some class of the pattern begins, or has ended; in order.
struct Cuts(Vec<u32>);

impl Size {
    const EMPTY: Self = Self { weight: 0, steps: 0, first: 0, last: 0, matches_empty: true };

    pub(super) fn of(root: &Node) -> Self {
        let mut cuts = Vec::new();
        collect(root, &mut cuts);
        cuts.sort_unstable();
        cuts.dedup();
        Cuts(cuts).size(root)
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

impl Cuts {
    fn size(&self, node: &Node) -> Size {
        match node {
            Node::Empty => Size::EMPTY,
            Node::Start | Node::End => Size { weight: 1, ..Size::EMPTY },
            Node::Class(class) => {
                let ranges = class.ranges();
                let is_one = ranges.len() == 1 && ranges[0].len() == 1;
                let weight = if is_one { 1 } else { 1 + ranges.len() };
                Size { weight, steps: 0, first: self.pieces(class), last: 1, matches_empty: false }
            }
            Node::Concat(nodes) => nodes.iter().map(|node| self.size(node)).fold(Size::EMPTY, Size::then),
            Node::Alternate(nodes) => {
                let branches = Size { weight: nodes.len(), ..Size::default() };
                nodes.iter().map(|node| self.size(node)).fold(branches, Size::or)
            }
            Node::Repeat { node, min, max } => {
                let one = self.size(node);
                let optional = Size { matches_empty: true, ..one };
                let rest = match max {
                    None => optional.again(),
                    Some(max) => (*min..*max).fold(Size::EMPTY, |sum, _| sum.then(optional)),
                };
                (0..*min).fold(Size::EMPTY, |sum, _| sum.then(one)).then(rest)
            }
        }
    }

    fn pieces(&self, class: &ClassUnicode) -> usize {
        let before = |limit: u32| self.0.partition_point(|cut| *cut <= limit);
        class.ranges().iter().map(|range| 1 + before(range.end().into()) - before(range.start().into())).sum()
    }
}

fn collect(node: &Node, cuts: &mut Vec<u32>) {
    match node {
        Node::Empty | Node::Start | Node::End => {}
        Node::Class(class) => {
            cuts.extend(class.ranges().iter().flat_map(|range| [range.start().into(), u32::from(range.end()) + 1]));
        }
        Node::Concat(nodes) | Node::Alternate(nodes) => nodes.iter().for_each(|node| collect(node, cuts)),
        Node::Repeat { node, .. } => collect(node, cuts),
    }
}
