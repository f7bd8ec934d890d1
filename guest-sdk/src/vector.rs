//! Vectors: as many 32-bit floats as their type says.
//!
//! A slice inside, which brings reading, comparing and writing; nothing is computed here. Whether each number is finite is
//! the host's to judge. Invariant: a `Vector<N>` has N numbers.

use std::fmt;
use std::ops::{Deref, DerefMut};

/// So many floats: what a model of language or of images makes of a text or a picture.
///
/// ```
/// use modelhost_guest::Vector;
///
/// let mut vector = Vector::from([3.0, 4.0]);
/// let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
/// vector.iter_mut().for_each(|number| *number /= length);
/// assert_eq!(*vector, [0.6, 0.8]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Vector<const N: usize>(Vec<f32>);

/// Numbers that are more or less than a vector has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorError {
    /// Numbers of the vector.
    pub expected: usize,
    /// Numbers that were given.
    pub found: usize,
}

impl<const N: usize> Vector<N> {
    /// How many numbers it has, as the host is told.
    pub const DIMENSIONS: u16 = {
        assert!(1 <= N && N <= 2_000, "a vector has 1 to 2,000 dimensions");
        N as u16
    };
}

impl<const N: usize> Deref for Vector<N> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.0
    }
}

impl<const N: usize> DerefMut for Vector<N> {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.0
    }
}

impl<const N: usize> From<[f32; N]> for Vector<N> {
    fn from(numbers: [f32; N]) -> Self {
        Self(numbers.to_vec())
    }
}

impl<const N: usize> TryFrom<Vec<f32>> for Vector<N> {
    type Error = VectorError;

    fn try_from(numbers: Vec<f32>) -> Result<Self, VectorError> {
        match numbers.len() {
            found if found != N => Err(VectorError { expected: N, found }),
            _ => Ok(Self(numbers)),
        }
    }
}

impl<const N: usize> From<Vector<N>> for Vec<f32> {
    fn from(vector: Vector<N>) -> Self {
        vector.0
    }
}

impl fmt::Display for VectorError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a vector of {} numbers from {}", self.expected, self.found)
    }
}

impl std::error::Error for VectorError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prelude::{Hooks, Model, hooks};
    use crate::testing;

    #[derive(Model, Debug, Clone, PartialEq)]
    struct Picture {
        #[field(key)]
        number: i64,
        #[field(default = [1, 0.1, -0.5])]
        seen: Vector<3>,
        said: Option<Vector<1>>,
    }

    #[hooks]
    impl Hooks for Picture {}

    #[test]
    fn a_vector_has_the_numbers_that_its_type_says() {
        assert_eq!(Vector::<2>::try_from(vec![0.5]), Err(VectorError { expected: 2, found: 1 }));
        assert_eq!(Vector::try_from(vec![0.5, 1.0]), Ok(Vector::from([0.5, 1.0])));
    }

    #[test]
    fn the_host_is_told_dimensions_and_default() {
        let lines = "picture: key number\n  number int\n  seen   vector(3), default [1.0, 0.1, -0.5]\n  said   vector(1) or null\n";
        assert_eq!(testing::describe::<Picture>(), lines);
    }

    #[test]
    fn the_test_kit_refuses_what_the_host_would() {
        let picture = |said: f32| Picture { number: 1, seen: Vector::from([0.0; 3]), said: Some(Vector::from([said])) };
        assert_eq!(testing::create(picture(f32::MAX)).assert_accepted().record, picture(f32::MAX));
        let caught = std::panic::catch_unwind(|| testing::create(picture(f32::NAN)));
        let text: Box<String> = caught.expect_err("it must panic").downcast().expect("a formatted message");
        assert_eq!(*text, "`said` of `picture` cannot hold this: NaN, which is not finite");
    }
}
