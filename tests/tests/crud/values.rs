//! Values of every type, made from a fixed seed: the ends of each range, what is easily lost, and anything between.
//!
//! A value is JSON text as a caller sends it and as the host must answer it; the two differ where there are several
//! spellings. Invariant: nothing here is computed by the host's own code.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeDelta};
use serde_json::{Value, json};

/// A type as its field says it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Int,
    Float,
    Boolean,
    /// All digits, and those behind the point.
    Decimal(usize, usize),
    Timestamp,
    Date,
    Time,
    Uuid,
    Bytes,
    Json,
    Choice,
}

/// What is sent and what must come back.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) sent: String,
    pub(crate) answered: String,
}

/// Numbers from a seed (SplitMix64), and a count of what they were used for.
pub(crate) struct Dice {
    state: u64,
    thrown: BTreeMap<String, usize>,
}

impl Kind {
    fn name(self) -> String {
        match self {
            Self::Decimal(precision, scale) => format!("decimal({precision},{scale})"),
            kind => format!("{kind:?}").to_lowercase(),
        }
    }
}

impl Sample {
    fn same(text: String) -> Self {
        Self { sent: text.clone(), answered: text }
    }

    fn string(text: &str) -> Self {
        Self::same(json!(text).to_string())
    }

    pub(crate) fn null() -> Self {
        Self::same("null".to_owned())
    }

    /// A list of the items.
    pub(crate) fn list(items: &[Self]) -> Self {
        let texts = |text: fn(&Self) -> &str| format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(","));
        Self { sent: texts(|item| &item.sent), answered: texts(|item| &item.answered) }
    }
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed, thrown: BTreeMap::new() }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn count(&mut self, kind: Kind, class: &str) {
        *self.thrown.entry(format!("{} {class}", kind.name())).or_default() += 1;
    }

    /// What was made, one line for each type: how many of each class.
    pub(crate) fn histogram(&self) -> String {
        let mut lines: BTreeMap<&str, String> = BTreeMap::new();
        for (what, count) in &self.thrown {
            let (kind, class) = what.split_once(' ').expect("two words");
            lines.entry(kind).or_default().push_str(&format!(" {class} {count}"));
        }
        lines.iter().map(|(kind, classes)| format!("{kind}:{classes}\n")).collect()
    }

    /// A value of a type.
    pub(crate) fn sample(&mut self, kind: Kind) -> Sample {
        let (class, sample) = match kind {
            Kind::Text => self.text(),
            Kind::Int => self.int(),
            Kind::Float => self.float(),
            Kind::Boolean => self.boolean(),
            Kind::Decimal(precision, scale) => self.decimal(precision, scale),
            Kind::Timestamp => self.timestamp(),
            Kind::Date => self.date(),
            Kind::Time => self.time(),
            Kind::Uuid => self.uuid(),
            Kind::Bytes => self.bytes(),
            Kind::Json => self.json(),
            Kind::Choice => ("label", Sample::string(self.one_of(&["Calm", "CROSS", "it's \"so/so\"", "zufällig 🎲"]))),
        };
        self.count(kind, class);
        sample
    }

    fn text(&mut self) -> (&'static str, Sample) {
        let (class, text) = match self.below(6) {
            0 => ("empty", String::new()),
            1 => ("spaces", self.one_of(&[" ", "a ", " a", "\t", "\u{a0}", "\u{2003}a", "\n"]).to_owned()),
            2 => (
                "escapes",
                self.one_of(&["'", "\\", "\"", "%_", "\\'", "\u{1}\u{1f}", "\r\n", "$1 ?", "`", "\u{7f}"]).to_owned(),
            ),
            3 => (
                "edges",
                self.one_of(&["\u{d7ff}\u{e000}", "\u{ffff}", "\u{10ffff}", "\u{feff}a", "\u{202e}a", "e\u{301}"])
                    .to_owned(),
            ),
            _ => ("planes", self.characters()),
        };
        (class, Sample::string(&text))
    }

    /// Characters of every plane.
    fn characters(&mut self) -> String {
        let character = |dice: &mut Self| {
            let plane = dice.below(17) as u32 * 0x1_0000;
            char::from_u32(plane + dice.below(0x1_0000) as u32).filter(|it| *it != '\0').unwrap_or('?')
        };
        (0..1 + self.below(40)).map(|_| character(self)).collect()
    }

    fn int(&mut self) -> (&'static str, Sample) {
        let (class, int) = match self.below(4) {
            0 => ("limit", self.one_of(&[i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1])),
            1 => ("around-2^53", self.one_of(&[-1, 1]) * ((1 << 53) + self.below(5) as i64 - 2)),
            2 => ("small", self.below(7) as i64 - 3),
            _ => ("any", self.next() as i64),
        };
        (class, Sample::same(int.to_string()))
    }

    fn float(&mut self) -> (&'static str, Sample) {
        let (class, float) = match self.below(4) {
            0 => ("zero", self.one_of(&[-0.0, 0.0])),
            1 => (
                "limit",
                self.one_of(&[f64::MIN, f64::MAX, 5e-324, -5e-324, f64::MIN_POSITIVE, 1.797_693_134_862_315_6e308]),
            ),
            2 => (
                "short",
                self.one_of(&[
                    0.1,
                    0.300_000_000_000_000_04,
                    -1.5,
                    1e15,
                    1e16,
                    1e21,
                    123_456_789.123_456_79,
                    9_007_199_254_740_993.0,
                ]),
            ),
            _ => ("any", self.any_float()),
        };
        (class, Sample::same(serde_json::to_string(&float).expect("finite")))
    }

    fn any_float(&mut self) -> f64 {
        loop {
            let float = f64::from_bits(self.next());
            if float.is_finite() {
                return float;
            }
        }
    }

    fn boolean(&mut self) -> (&'static str, Sample) {
        let is_true = self.below(2) == 0;
        (if is_true { "true" } else { "false" }, Sample::same(is_true.to_string()))
    }

    fn decimal(&mut self, precision: usize, scale: usize) -> (&'static str, Sample) {
        let digits =
            |digit: &mut dyn FnMut(usize) -> u64| (0..precision).map(|at| digit(at).to_string()).collect::<String>();
        let (class, digits) = match self.below(5) {
            0 => ("zero", digits(&mut |_| 0)),
            1 => ("limit", digits(&mut |_| 9)),
            2 => ("unit", digits(&mut |at| u64::from(at == precision - 1))),
            3 => ("short", digits(&mut |at| if at < precision / 2 { 0 } else { self.below(10) })),
            _ => ("any", digits(&mut |_| self.below(10))),
        };
        let (whole, fraction) = digits.split_at(precision - scale);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let is_zero = digits.bytes().all(|digit| digit == b'0');
        let sign = if self.below(2) == 0 { "-" } else { "" };
        let canonical = if scale == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") };
        let answered = format!("\"{}{canonical}\"", if is_zero { "" } else { sign });
        // As a string or as a number, with or without the zeros at its end.
        let short = if scale == 0 { canonical.as_str() } else { canonical.trim_end_matches('0').trim_end_matches('.') };
        let sent = match self.below(3) {
            0 => format!("\"{sign}{canonical}\""),
            1 => format!("\"{sign}{short}\""),
            _ => format!("{sign}{canonical}"),
        };
        (class, Sample { sent, answered })
    }

    fn timestamp(&mut self) -> (&'static str, Sample) {
        let (class, us) = match self.below(4) {
            0 => (
                "limit",
                self.one_of(&["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
                    .parse::<DateTime<FixedOffset>>()
                    .expect("a time")
                    .timestamp_micros(),
            ),
            1 => ("around-1970", self.below(5) as i64 - 2),
            2 => ("around-2038", (1 << 31) * 1_000_000 + self.below(5) as i64 - 2),
            _ => ("any", self.below(253_402_300_799_000_000) as i64 - self.below(62_135_596_799_000_000) as i64),
        };
        let utc = DateTime::from_timestamp_micros(us).expect("between the years 1 and 9999");
        let answered = json!(utc.to_rfc3339_opts(SecondsFormat::Micros, true)).to_string();
        let is_inside = us.abs() < 253_000_000_000_000_000 && us > -62_000_000_000_000_000;
        let sent = match is_inside {
            true => {
                let minutes = self.below(28 * 60) as i32 - 14 * 60;
                let offset = FixedOffset::east_opt(minutes * 60).expect("less than a day");
                json!(utc.with_timezone(&offset).to_rfc3339_opts(SecondsFormat::AutoSi, false)).to_string()
            }
            false => answered.clone(),
        };
        (class, Sample { sent, answered })
    }

    fn date(&mut self) -> (&'static str, Sample) {
        let first = NaiveDate::from_ymd_opt(1, 1, 1).expect("a day");
        let (class, date) = match self.below(3) {
            0 => (
                "limit",
                self.one_of(&["0001-01-01", "9999-12-31", "0999-12-31", "1000-01-01"]).parse().expect("a day"),
            ),
            1 => {
                ("leap", self.one_of(&["2000-02-29", "1600-02-29", "2024-02-29", "1582-10-10"]).parse().expect("a day"))
            }
            _ => ("any", first + Days::new(self.below(3_652_058))),
        };
        (class, Sample::string(&date.format("%Y-%m-%d").to_string()))
    }

    fn time(&mut self) -> (&'static str, Sample) {
        const DAY: u64 = 86_400_000_000;
        let (class, us) = match self.below(3) {
            0 => ("limit", self.one_of(&[0, 1, DAY - 1])),
            1 => ("seconds", self.below(86_400) * 1_000_000),
            _ => ("any", self.below(DAY)),
        };
        let time = NaiveTime::MIN + TimeDelta::microseconds(us as i64);
        let answered = json!(time.format("%H:%M:%S%.6f").to_string()).to_string();
        let sent =
            if class == "seconds" { json!(time.format("%H:%M:%S").to_string()).to_string() } else { answered.clone() };
        (class, Sample { sent, answered })
    }

    fn uuid(&mut self) -> (&'static str, Sample) {
        let (class, bits) = match self.below(3) {
            0 => ("limit", self.one_of(&[0, u128::MAX, 1 << 127])),
            _ => ("any", (u128::from(self.next()) << 64) | u128::from(self.next())),
        };
        let text = uuid::Uuid::from_u128(bits).to_string();
        let spelled = if self.below(2) == 0 { text.to_uppercase() } else { text.clone() };
        (class, Sample { sent: json!(spelled).to_string(), answered: json!(text).to_string() })
    }

    fn bytes(&mut self) -> (&'static str, Sample) {
        let (class, bytes) = match self.below(4) {
            0 => ("empty", Vec::new()),
            1 => ("zeros", vec![0; 1 + self.below(4) as usize]),
            2 => ("all", (0..=255).collect()),
            _ => ("any", (0..self.below(70)).map(|_| self.next() as u8).collect()),
        };
        (class, Sample::string(&base64(&bytes)))
    }

    fn json(&mut self) -> (&'static str, Sample) {
        let (class, document) = match self.document(4) {
            // By itself it would be no document.
            Value::Null => ("list", json!([null])),
            list @ Value::Array(_) => ("list", list),
            object @ Value::Object(_) => ("object", object),
            scalar => ("scalar", scalar),
        };
        (class, Sample::same(document.to_string()))
    }

    /// Compared by meaning: PostgreSQL keeps no white space and no order of keys.
    fn document(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => self.one_of(&[&Value::Null, &Value::Bool(true), &Value::String(String::new())]).clone(),
            1 => json!(self.next() as i64),
            2 => json!((self.next() as i32) as f64 / 64.0),
            3 => json!(self.characters()),
            4 => json!(self.one_of(&["a\\b\"c'", "0", "null", "\u{1}"])),
            5 => (0..self.below(4)).map(|_| self.document(depth - 1)).collect(),
            _ => Value::Object(
                (0..self.below(4)).map(|at| (format!("{at}{}", self.characters()), self.document(depth - 1))).collect(),
            ),
        }
    }
}

/// Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (at, byte)| bits | (u32::from(*byte) << (16 - 8 * at)));
        let digit = |at: usize| char::from(ALPHABET[(bits >> (18 - 6 * at)) as usize & 63]);
        (0..4).map(move |at| if at <= chunk.len() { digit(at) } else { '=' }).collect::<Vec<char>>()
    };
    bytes.chunks(3).flat_map(group).collect()
}
