//! An object with one long list, cut into the list's items without reading them.
//!
//! Invariant: where every item is a JSON object, the items and the members are those that a parser finds. Where one is not,
//! whoever reads the items notices.

use super::brackets::Brackets;
use super::{Members, members};

/// What stands around a list: the text with an empty one in its place.
#[derive(Debug)]
pub struct WithoutList<'a> {
    text: String,
    /// Where the empty list stands.
    place: usize,
    name: &'a str,
}

/// The items of a list, each in curly brackets.
#[derive(Debug)]
pub struct ListItems<'a> {
    /// The first of them.
    pub first: Vec<&'a str>,
    /// How many there are.
    pub len: usize,
}

/// Cuts a text at the list of this name, and the first `max` items out of it. None where the text is not an object, has no
/// such list, or something else than objects in it: a parser tells what it is.
pub fn cut_list<'a>(text: &'a str, name: &'a str, max: usize) -> Option<(WithoutList<'a>, ListItems<'a>)> {
    let mut brackets = Brackets::of(text.as_bytes());
    let open = find_list(&mut brackets, text, name)?;
    let (items, close) = cut_items(&mut brackets, text, open, max)?;
    let around = WithoutList { text: [&text[..open], "[]", &text[close + 1..]].concat(), place: open, name };
    Some((around, items))
}

impl WithoutList<'_> {
    /// The object's members but the list. None where they are no members, or the list is another one's.
    pub fn members(&self) -> Option<Members<'_>> {
        let mut members = members(&self.text).ok()?;
        let at = members.iter().position(|(name, _)| name == self.name)?;
        let (_, list) = members.remove(at);
        (list.get().as_ptr() == self.text[self.place..].as_ptr()).then_some(members)
    }
}

/// What JSON calls space.
fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// The first list in the outermost object that may have this name.
fn find_list(brackets: &mut Brackets<'_>, text: &str, name: &str) -> Option<usize> {
    let is_named = |open: usize| {
        let before = text[..open].trim_end_matches(is_space).strip_suffix(':');
        let before = before.and_then(|before| before.trim_end_matches(is_space).strip_suffix('"'));
        before.is_some_and(|before| before.ends_with(name))
    };
    let mut depth = 0_usize;
    brackets.find_map(|(at, bracket)| {
        match bracket {
            b'[' if depth == 1 && is_named(at) => return Some(at),
            b'{' | b'[' => depth += 1,
            _ => depth = depth.saturating_sub(1),
        }
        None
    })
}

/// The objects of the list that opens here, the first `max` of them, and where it closes.
fn cut_items<'a>(
    brackets: &mut Brackets<'_>,
    text: &'a str,
    open: usize,
    max: usize,
) -> Option<(ListItems<'a>, usize)> {
    let (mut items, mut depth) = (ListItems { first: Vec::new(), len: 0 }, 0_usize);
    let (mut start, mut end) = (0, open + 1);
    for (at, bracket) in brackets {
        match (bracket, depth) {
            (b'{', 0) => {
                let comma = if items.len == 0 { "" } else { "," };
                if text[end..at].trim_matches(is_space) != comma {
                    return None;
                }
                (start, depth) = (at, 1);
            }
            (b'[', 0) => return None,
            (b'{' | b'[', _) => depth += 1,
            (b']', 0) => return text[end..at].trim_matches(is_space).is_empty().then_some((items, at)),
            (_, 0) => return None,
            (_, 1) => {
                (end, depth) = (at + 1, 0);
                items.len += 1;
                if items.len <= max {
                    items.first.push(&text[start..end]);
                }
            }
            _ => depth -= 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;
    use crate::json::items;

    /// The members but the list, and the items.
    type Parts<'a> = (Vec<(String, String)>, Vec<&'a str>);

    /// As a parser finds them.
    fn parsed<'a>(text: &'a str, name: &str) -> Option<Parts<'a>> {
        let mut members = members(text).ok()?;
        let at = members.iter().position(|(found, _)| found == name)?;
        let found = items(members.remove(at).1.get()).ok()?;
        let members = members.into_iter().map(|(name, raw)| (name.into_owned(), raw.get().to_owned()));
        Some((members.collect(), found.into_iter().map(RawValue::get).collect()))
    }

    fn is_object(text: &&str) -> bool {
        members(text).is_ok()
    }

    /// JSON, or nearly.
    fn text() -> impl Strategy<Value = String> {
        let item = prop_oneof![
            8 => "\\{\"[a\\\\]{0,2}\": ?[\\[{\"]{0,2}[a1]?[\\]}\"]{0,2}\\}",
            1 => "[1\\[\\]{}, ]{0,3}",
        ];
        let comma = "[ \\n]{0,2},[\\r\\t]?|\\x0C,|,\\x0B|, ";
        let list = prop::collection::vec((item, comma), 0..4).prop_map(|items| {
            let joined: String = items.iter().map(|(item, comma)| format!("{item}{comma}")).collect();
            items.last().map_or(String::new(), |(_, comma)| joined[..joined.len() - comma.len()].to_owned())
        });
        let other = "(, ?\"(data|o)\": ?(\\[\\]|\\{\"data\": \\[\\]\\}|1))?";
        ("(\"(data|o)\": ?1, )?", "\"(\\\\\")?(data|d\\\\u0061ta)\" ?: ?", list, other, "[} ]{0,2}")
            .prop_map(|(before, name, list, behind, end)| format!("{{{before}{name}[{list}]{behind}}}{end}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn is_what_a_parser_finds_where_all_items_are_objects(text in text()) {
            let cut = cut_list(&text, "data", 9);
            let members = cut.as_ref().and_then(|(around, _)| around.members());
            let parsed = parsed(&text, "data");
            if let (Some((_, items)), Some(members)) = (&cut, members) && items.first.iter().all(is_object) {
                let members = members.iter().map(|(name, raw)| (name.clone().into_owned(), raw.get().to_owned()));
                prop_assert_eq!(Some((members.collect(), items.first.clone())), parsed);
            } else if let Some((_, items)) = parsed && !text.contains("\\u0061") {
                // Only a list with something else in it, or a misleading name before it, is left to the parser.
                prop_assert!(!items.iter().all(is_object) || text.contains("\\\"data\""), "{}", text);
            }
        }
    }

    #[test]
    fn cuts_the_list_of_the_outermost_object() {
        let text = r#" {"options": {"data": [{}]}, "data" : [{"a": "}]"} , {"b": [{}, []]}], "x": [1]} "#;
        let (around, items) = cut_list(text, "data", 9).expect("a list");
        assert_eq!(items.first, [r#"{"a": "}]"}"#, r#"{"b": [{}, []]}"#]);
        let members = around.members().expect("members");
        let members: Vec<_> = members.iter().map(|(name, raw)| (name.as_ref(), raw.get())).collect();
        assert_eq!(members, [("options", r#"{"data": [{}]}"#), ("x", "[1]")]);
    }

    #[test]
    fn leaves_every_other_text_to_a_parser() {
        for text in [
            "",
            "[]",
            r#"{"data": {}}"#,
            r#"{"data": [1]}"#,
            r#"{"data": [{} {}]}"#,
            r#"{"data": [{},]}"#,
            r#"{"data": [{}]"#,
            r#"{"data": [{}}]}"#,
            "{\"data\": [{},\u{c}{}]}",
            "{\"data\": [{},\u{a0}{}]}",
            "{\"data\":\u{c}[{}]}",
            r#"{"data": [], "data": []}"#,
            r#"{"o": {"data": [{}]}}"#,
            r#"{"\"data": [{}], "data": []}"#,
        ] {
            let members =
                cut_list(text, "data", 9).and_then(|(around, _)| around.members().map(|members| members.len()));
            assert_eq!(members, None, "{text}");
        }
    }

    #[test]
    fn keeps_no_more_items_than_are_asked_for() {
        let (_, items) = cut_list(r#"{"data": [{}, {"a": 1}, {}]}"#, "data", 2).expect("a list");
        assert_eq!((items.first, items.len), (vec!["{}", r#"{"a": 1}"#], 3));
    }
}
