//! Vectors: as many 32-bit floats as a field declares, and their JSON.
//!
//! Each number is judged by its own digits and becomes the nearest float; the shortest digits that lead back to it go out.
//! Does not compare vectors. Invariant: what was read has the declared dimensions, and each of them is finite.

use crate::json::{found, items, shortened};
use crate::{FieldType, ValueError};

/// Dimensions of a vector, at most: pgvector, which keeps them on PostgreSQL, indexes no more.
pub const VECTOR_DIMENSIONS_MAX: u16 = 2_000;

pub(crate) fn has_dimensions(dimensions: u16) -> bool {
    (1..=VECTOR_DIMENSIONS_MAX).contains(&dimensions)
}

/// The numbers as every database but SQLite is sent them: the JSON array that a caller reads.
pub fn write_vector(numbers: &[f32]) -> String {
    serde_json::to_string(numbers).expect("numbers serialise")
}

/// The numbers that a database answered.
pub fn read_vector(dimensions: u16, text: &str) -> Option<Vec<f32>> {
    parse_vector(dimensions, text).ok()
}

/// A vector that fits, as JSON.
pub(crate) fn example(dimensions: u16) -> String {
    format!("[{}]", vec!["0.5"; usize::from(dimensions)].join(", "))
}

pub(crate) fn parse_vector(dimensions: u16, raw: &str) -> Result<Vec<f32>, ValueError> {
    let wrong = |found: String| ValueError {
        expected: FieldType::Vector(dimensions).to_string(),
        found,
        hint: Some(format!("write a list of {dimensions} {}", plural("number", dimensions.into()))),
    };
    let numbers = items(raw).map_err(|_| wrong(found(raw)))?;
    if numbers.len() != usize::from(dimensions) {
        return Err(wrong(format!("a list of {} {}", numbers.len(), plural("item", numbers.len()))));
    }
    let parse = |(at, number): (usize, &&serde_json::value::RawValue)| {
        parse_number(number.get())
            .map_err(|error| ValueError { found: format!("{} as item {at}", error.found), ..error })
    };
    numbers.iter().enumerate().map(parse).collect()
}

/// What holds of the numbers, whoever made them.
pub(crate) fn check_vector(numbers: &[f32]) -> Result<(), ValueError> {
    match numbers.iter().position(|number| !number.is_finite()) {
        Some(at) => Err(ValueError {
            expected: "a vector of finite floats".to_owned(),
            found: format!("{} as item {at}", numbers[at]),
            hint: None,
        }),
        None => Ok(()),
    }
}

fn parse_number(raw: &str) -> Result<f32, ValueError> {
    let is_number = raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    let (found, hint) = match raw.parse::<f32>() {
        Ok(number) if is_number && number.is_finite() => return Ok(number),
        _ if is_number => {
            (format!("{}, which is out of range", shortened(raw)), "send a number between -3.4e38 and 3.4e38")
        }
        _ => (found(raw), "write a number, such as 0.5: values are not converted"),
    };
    Err(ValueError { expected: "float (finite, 32 bits)".to_owned(), found, hint: Some(hint.to_owned()) })
}

fn plural(noun: &str, count: usize) -> String {
    format!("{noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Value, WireOptions, write_json};

    fn refusal(raw: &str) -> String {
        let error = FieldType::Vector(3).parse_json(raw, WireOptions { big_int: false }).expect_err(raw);
        format!("{raw:16} {error}; {}\n", error.hint.as_deref().unwrap_or_default())
    }

    #[test]
    fn says_what_is_no_vector_of_the_field() {
        let wrong = ["[1, 2]", "[]", "[1, 2, 3, 4]", "\"[1, 2, 3]\"", "1", "{}", "[1, \"2\", 3]", "[1, \"NaN\", 3]"];
        let items = ["[null, 2, 3]", "[1, 2, [3]]", "[1, 2, 1e39]", "[-3.5e38, 2, 3]"];
        let texts: String = wrong.iter().chain(&items).map(|raw| refusal(raw)).collect();
        insta::assert_snapshot!(texts, @r#"
        [1, 2]           expected vector(3), found a list of 2 items; write a list of 3 numbers
        []               expected vector(3), found a list of 0 items; write a list of 3 numbers
        [1, 2, 3, 4]     expected vector(3), found a list of 4 items; write a list of 3 numbers
        "[1, 2, 3]"      expected vector(3), found string "[1, 2, 3]"; write a list of 3 numbers
        1                expected vector(3), found number 1; write a list of 3 numbers
        {}               expected vector(3), found an object; write a list of 3 numbers
        [1, "2", 3]      expected float (finite, 32 bits), found string "2" as item 1; write a number, such as 0.5: values are not converted
        [1, "NaN", 3]    expected float (finite, 32 bits), found string "NaN" as item 1; write a number, such as 0.5: values are not converted
        [null, 2, 3]     expected float (finite, 32 bits), found null as item 0; write a number, such as 0.5: values are not converted
        [1, 2, [3]]      expected float (finite, 32 bits), found a list as item 2; write a number, such as 0.5: values are not converted
        [1, 2, 1e39]     expected float (finite, 32 bits), found 1e39, which is out of range as item 2; send a number between -3.4e38 and 3.4e38
        [-3.5e38, 2, 3]  expected float (finite, 32 bits), found -3.5e38, which is out of range as item 0; send a number between -3.4e38 and 3.4e38
        "#);
    }

    #[test]
    fn a_number_is_the_nearest_float_and_goes_out_in_its_shortest_digits() {
        // Read through 64 bits this would round down, to 1.
        let above_a_tie = "1.00000005960464477540";
        for (raw, out) in [
            ("[0.1, -0.0, 16777217]", "[0.1,-0.0,16777216.0]"),
            ("[1e-45, 3.4028235e38, 1e-60]", "[1e-45,3.4028235e+38,0.0]"),
            (&format!("[1, 2, {above_a_tie}]"), "[1.0,2.0,1.0000001]"),
        ] {
            let vector = FieldType::Vector(3).parse_json(raw, WireOptions { big_int: false }).expect(raw);
            let mut text = String::new();
            write_json(&vector, WireOptions { big_int: true }, &mut text);
            assert_eq!(text, out);
        }
    }

    #[test]
    fn a_type_is_the_one_that_its_text_says() {
        let vector = FieldType::Vector(2_000);
        assert_eq!(FieldType::from_text(&vector.to_string()), Some(vector));
        let wrong = ["vector", "vector(0)", "vector(2001)", "vector(65536)", "list<vector(3)>"];
        assert!(wrong.iter().all(|text| FieldType::from_text(text).is_none()));
    }

    #[test]
    fn holds_as_many_numbers_as_declared_and_only_finite_ones() {
        let holds = |numbers: &[f32]| FieldType::Vector(2).holds(&Value::Vector(numbers.to_vec()));
        assert!(holds(&[1.0, 2.0]) && !holds(&[1.0]) && !holds(&[1.0; 3]));
        let checked = |number: f32| Value::Vector(vec![0.0, number]).check().map_err(|error| error.to_string());
        assert_eq!(checked(f32::MAX), Ok(()));
        assert_eq!(checked(f32::NAN), Err("expected a vector of finite floats, found NaN as item 1".to_owned()));
        assert!(
            FieldType::Vector(3).parse_json(&FieldType::Vector(3).example(), WireOptions { big_int: false }).is_ok()
        );
    }
}
