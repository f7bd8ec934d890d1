//! Names: which are allowed, how a struct's becomes a model's, which is closest to one that does not exist.
//!
//! Knows nothing of attributes or types. The shape of a name is the contract's; words that SQL reserves are the host's
//! business.

/// Longest name of a model, field, table or column, in bytes.
const NAME_BYTES_MAX: usize = 40;

/// Why `name` cannot be the name of a model, field, table or column.
pub(crate) fn flaw(name: &str) -> Option<String> {
    let shaped = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !shaped {
        return Some(format!(
            "`{name}` is not a name: lower-case ASCII letters, digits and `_`, beginning with a letter"
        ));
    }
    (name.len() > NAME_BYTES_MAX)
        .then(|| format!("`{name}` has {} bytes: a name has at most {NAME_BYTES_MAX}", name.len()))
}

/// `OrderLine` becomes `order_line`, `HTTPLog` becomes `http_log`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (position, letter) in letters.iter().enumerate() {
        let after_lower = position > 0 && !letters[position - 1].is_uppercase();
        let before_lower = letters.get(position + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && position > 0 && letters[position - 1] != '_' && (after_lower || before_lower) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `; did you mean ...?` with the closest of `known`, or a list of them all when none is close.
pub(crate) fn did_you_mean(name: &str, known: &[&str]) -> String {
    let close = known
        .iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1.max(candidate.len() / 3))
        .min();
    match close {
        Some((_, candidate)) => format!("; did you mean `{candidate}`?"),
        None => format!("; known: `{}`", known.join("`, `")),
    }
}

/// Edits from one word to the other: insert, delete, replace, swap neighbours.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for above in 1..=one.len() {
        let mut row = vec![above];
        for left in 1..=other.len() {
            let differs = usize::from(one[above - 1] != other[left - 1]);
            let mut edits = (rows[above - 1][left - 1] + differs).min(rows[above - 1][left] + 1).min(row[left - 1] + 1);
            let is_swap =
                above > 1 && left > 1 && one[above - 1] == other[left - 2] && one[above - 2] == other[left - 1];
            if is_swap {
                edits = edits.min(rows[above - 2][left - 2] + 1);
            }
            row.push(edits);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn struct_names_become_model_names() {
        let names = ["Note", "OrderLine", "HTTPLog", "A", "Point2D", "Already_Snake"];
        let models: Vec<String> = names.iter().map(|name| snake_case(name)).collect();
        assert_eq!(models, ["note", "order_line", "http_log", "a", "point2_d", "already_snake"]);
    }

    #[test]
    fn finds_the_closest_word() {
        let known = ["length_max", "length_min", "key"];
        assert_eq!(did_you_mean("lenght_max", &known), "; did you mean `length_max`?");
        assert_eq!(did_you_mean("kye", &known), "; did you mean `key`?");
        assert_eq!(did_you_mean("color", &known), "; known: `length_max`, `length_min`, `key`");
    }

    #[test]
    fn refuses_names_that_the_contract_refuses() {
        assert!(flaw("a1_b").is_none());
        assert!(["", "_a", "1a", "aB", "a-b", "naïve"].iter().all(|name| flaw(name).is_some()));
        assert!(flaw(&"a".repeat(40)).is_none());
        assert!(flaw(&"a".repeat(41)).is_some());
    }
}
