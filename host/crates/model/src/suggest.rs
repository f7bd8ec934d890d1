//! The name that was probably meant.

/// The nearest of `candidates` to what was written, if any is near enough to be a slip of the finger.
pub fn closest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > 100 {
        return None;
    }
    let fold = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let folded = fold(written);
    let score = |candidate: &str| strsim::normalized_damerau_levenshtein(&folded, &fold(candidate));
    candidates
        .into_iter()
        .map(|candidate| (score(candidate), candidate))
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_and_other_spellings_and_nothing_far() {
        let fields = ["email", "created_at", "name"];
        assert_eq!(closest("emial", fields), Some("email"));
        assert_eq!(closest("e_mail", fields), Some("email"));
        assert_eq!(closest("createdAt", fields), Some("created_at"));
        assert_eq!(closest("zip", fields), None);
    }
}
