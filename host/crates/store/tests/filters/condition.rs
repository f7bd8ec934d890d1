//! Filters of any form, with operands that records have.

use model::{FieldType, ModelDef, Value};
use sql::{Condition, FieldName, field};

use crate::dice::Dice;
use crate::record::{FIELDS, KEYS, TEXTS, TOKENS, value};

/// Makes a condition and remembers the operator and the type of each leaf.
pub(crate) struct Generator<'a> {
    dice: &'a mut Dice,
    def: &'a ModelDef,
    pub(crate) leaves: Vec<(&'static str, &'static str)>,
}

impl<'a> Generator<'a> {
    pub(crate) fn new(dice: &'a mut Dice, def: &'a ModelDef) -> Self {
        Self { dice, def, leaves: Vec::new() }
    }

    pub(crate) fn condition(&mut self, depth: usize) -> Condition {
        if depth == 0 || self.dice.percent(60) {
            let leaf = if self.dice.percent(25) { self.place() } else { self.column() };
            return if self.dice.percent(15) { leaf.negated() } else { leaf };
        }
        let count = 1 + self.dice.below(3);
        let parts: Vec<Condition> = (0..count).map(|_| self.condition(depth - 1)).collect();
        match self.dice.below(4) {
            0 => Condition::all(parts),
            1 => Condition::any(parts),
            2 => Condition::none(parts),
            _ => Condition::all(parts).negated(),
        }
    }

    fn leaf(&mut self, operator: &'static str, of: &'static str) {
        self.leaves.push((operator, of));
    }

    fn column(&mut self) -> Condition {
        let (name, field_type) = self.dice.pick(&FIELDS);
        let of = field(name);
        if self.dice.percent(6) {
            self.leaf("$null", field_type.name());
            let of = if self.dice.percent(30) { field("items") } else { of };
            return if self.dice.percent(50) { of.is_null() } else { of.is_not_null() };
        }
        match field_type {
            FieldType::Json => self.place(),
            FieldType::Boolean => self.comparison(&of, field_type, 4),
            FieldType::Int if self.dice.percent(25) => {
                self.leaf("$mod", "int");
                let divisor = self.dice.pick(&[1, -1, 2, -2, 3, 7, i64::MAX, i64::MIN]);
                of.remainder(divisor, self.dice.pick(&[0, 0, 1, -1, 2]))
            }
            FieldType::Text | FieldType::Enum if self.dice.percent(60) => self.pattern(&of, field_type.name()),
            field_type => self.comparison(&of, field_type, 9),
        }
    }

    fn operand(&mut self, field_type: FieldType) -> Value {
        if self.dice.percent(6) { Value::Null } else { value(self.dice, field_type) }
    }

    fn comparison(&mut self, of: &FieldName, field_type: FieldType, operators: usize) -> Condition {
        let one = self.operand(field_type);
        let (operator, condition) = match self.dice.below(operators) {
            0 => ("$eq", of.eq(one)),
            1 => ("$ne", of.ne(one)),
            2 => ("$in", of.is_in(self.operands(field_type))),
            3 => ("$nin", of.not_in(self.operands(field_type))),
            4 => ("$gt", of.gt(one)),
            5 => ("$gte", of.gte(one)),
            6 => ("$lt", of.lt(one)),
            7 => ("$lte", of.lte(one)),
            _ => {
                let (one, other) = (value(self.dice, field_type), value(self.dice, field_type));
                // Whichever of the two is no refusal.
                let (up, down) = (of.between(&one, &other), of.between(&other, &one));
                ("$between", if up.resolve(self.def).is_ok() { up } else { down })
            }
        };
        self.leaf(operator, field_type.name());
        condition
    }

    fn operands(&mut self, field_type: FieldType) -> Vec<Value> {
        let count = self.dice.pick(&[0, 1, 2, 3, 5, 9]);
        (0..count).map(|_| self.operand(field_type)).collect()
    }

    fn place(&mut self) -> Condition {
        let steps = self.dice.pick(&[1, 1, 1, 1, 2, 2, 3]);
        let keys: Vec<&str> = (0..steps).map(|_| self.dice.pick(&KEYS[..6])).collect();
        let of = field(format!("doc.{}", keys.join(".")));
        match self.dice.below(10) {
            0 => {
                self.leaf("$exists", "place");
                of.exists()
            }
            1 => {
                self.leaf("$null", "place");
                if self.dice.percent(50) { of.is_null() } else { of.is_not_null() }
            }
            2..=4 => self.pattern(&of, "place"),
            5 => {
                let operands: Vec<Value> = (0..self.dice.below(6)).map(|_| self.scalar()).collect();
                let (operator, condition) =
                    if self.dice.percent(50) { ("$in", of.is_in(operands)) } else { ("$nin", of.not_in(operands)) };
                self.leaf(operator, "place");
                condition
            }
            6 => self.comparison(&of, FieldType::Boolean, 2),
            7 => self.comparison(&of, FieldType::Text, 9),
            _ => self.number(&of),
        }
    }

    fn number(&mut self, of: &FieldName) -> Condition {
        let numbers = TOKENS.iter().filter_map(|token| token.parse().ok()).collect::<Vec<f64>>();
        let (one, other) = (self.dice.pick(&numbers), self.dice.pick(&numbers));
        let (operator, condition) = match self.dice.below(7) {
            0 => ("$eq", of.eq(one)),
            1 => ("$ne", of.ne(one)),
            2 => ("$gt", of.gt(one)),
            3 => ("$gte", of.gte(one)),
            4 => ("$lt", of.lt(one)),
            5 => ("$lte", of.lte(one)),
            _ => ("$between", of.between(one.min(other), one.max(other))),
        };
        self.leaf(operator, "place");
        condition
    }

    fn scalar(&mut self) -> Value {
        let numbers = TOKENS.iter().filter_map(|token| token.parse().ok()).collect::<Vec<f64>>();
        match self.dice.below(8) {
            0 => Value::Null,
            1 => Value::Boolean(self.dice.percent(50)),
            2..=4 => Value::Float(self.dice.pick(&numbers)),
            _ => value(self.dice, FieldType::Text),
        }
    }

    fn pattern(&mut self, of: &FieldName, kind: &'static str) -> Condition {
        let text = self.part_of_a_text();
        let (operator, condition) = match self.dice.below(8) {
            0 => ("$contains", of.contains(&text)),
            1 => ("$startsWith", of.starts_with(&text)),
            2 => ("$endsWith", of.ends_with(&text)),
            3 => ("$like", of.like(&self.wildcards())),
            4 | 5 => ("$ilike", of.ilike(&self.wildcards())),
            6 => ("$regex", of.regex(&self.regex())),
            _ => ("$regex i", of.regex_ignoring_case(&self.regex())),
        };
        self.leaf(operator, kind);
        condition
    }

    fn part_of_a_text(&mut self) -> String {
        let text: Vec<char> = self.dice.pick(&TEXTS).chars().collect();
        let from = self.dice.below(text.len() + 1);
        let length = self.dice.below(3);
        text[from..].iter().take(length).collect()
    }

    /// A text of a record, some of its characters wildcards, most of the others in either case.
    fn wildcards(&mut self) -> String {
        let mut pattern = String::new();
        for character in self.dice.pick(&TEXTS).chars() {
            match self.dice.below(8) {
                0 => pattern.push('%'),
                1 => pattern.push('_'),
                2 if !matches!(character, '%' | '_' | '\\') => pattern.extend(character.to_uppercase()),
                3 if !matches!(character, '%' | '_' | '\\') => pattern.extend(character.to_lowercase()),
                _ => {
                    pattern.extend(matches!(character, '%' | '_' | '\\').then_some('\\'));
                    pattern.push(character);
                }
            }
        }
        if self.dice.percent(60) {
            pattern.insert(0, '%');
        }
        if self.dice.percent(60) {
            pattern.push('%');
        }
        pattern
    }

    fn regex(&mut self) -> String {
        let branches: Vec<String> = (0..1 + self.dice.below(2)).map(|_| self.branch(2)).collect();
        branches.join("|")
    }

    fn branch(&mut self, depth: usize) -> String {
        let start = if self.dice.percent(40) { "^" } else { "" };
        let end = if self.dice.percent(40) { "$" } else { "" };
        let parts: String = (0..1 + self.dice.below(3)).map(|_| self.piece(depth)).collect();
        format!("{start}{parts}{end}")
    }

    fn piece(&mut self, depth: usize) -> String {
        let class = [
            "[a-c]",
            "[^a]",
            "[^b-z\\n]",
            "[\\w-]",
            "[\\s\\S]",
            "[é-ü]",
            "[^\\s]",
            "[\\]^\\\\]",
            "[A-K]",
            "[\u{1_0400}-\u{1_f600}]",
        ];
        let atom = match self.dice.below(10) {
            0..=3 => {
                let text = self.part_of_a_text();
                return text.chars().map(escaped).collect();
            }
            4 => ".".to_owned(),
            5 => self.dice.pick(&["\\d", "\\D", "\\w", "\\W", "\\s", "\\S"]).to_owned(),
            6 | 7 if depth > 0 => {
                let open = self.dice.pick(&["(", "(?:"]);
                // What is repeated has no repeat without an end in it: MariaDB would give up.
                let branches: Vec<String> = (0..1 + self.dice.below(2)).map(|_| self.branch(0)).collect();
                return format!("{open}{}){}", branches.join("|"), self.dice.pick(&["", "", "?", "{1,2}", "{0,3}"]));
            }
            _ => self.dice.pick(&class).to_owned(),
        };
        let repeats: &[&str] =
            if depth > 0 { &["", "", "*", "+", "?", "{2}", "{1,3}", "{2,}"] } else { &["", "?", "{1,2}"] };
        format!("{atom}{}", self.dice.pick(repeats))
    }
}

fn escaped(character: char) -> String {
    if character.is_ascii_punctuation() { format!("\\{character}") } else { character.to_string() }
}
