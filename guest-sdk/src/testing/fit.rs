//! Values that the host would not let through, from whoever they come: a panic here.
//!
//! Of a caller the host refuses them before any hook runs, of `normalize` they are a fault. Whether a `Json` is a document
//! is not looked at: the SDK brings no parser. Invariant: a decimal leaves here with the scale of its field, as the host
//! keeps it.

use crate::calendar::MICROS_PER_DAY;
use crate::definition::{FieldDef, FieldType, ModelDef, ScalarType};
use crate::row::Row;
use crate::wire::{Scalar, Value};
use crate::{Date, Decimal};

/// The row as the host would keep it.
#[track_caller]
pub(crate) fn fit(model: &ModelDef, row: Row) -> Row {
    let fitted = |(field, value): (&FieldDef, Value)| match fit_value(field.field_type, value) {
        Ok(value) => value,
        Err(reason) => panic!("`{}` of `{}` cannot hold this: {reason}", field.name, model.name),
    };
    model.fields.iter().zip(row).map(fitted).collect()
}

fn fit_value(field_type: FieldType, value: Value) -> Result<Value, String> {
    match (field_type, &value) {
        (FieldType::Scalar(of), Value::Decimal(text)) => return fit_decimal(of, text).map(Value::Decimal),
        (FieldType::List(of), Value::Items(items)) => {
            let items = items.iter().map(|item| fit_item(of, item)).collect::<Result<_, _>>();
            return items.map(Value::Items);
        }
        (_, Value::Text(text)) => judge_text(text)?,
        (_, Value::Float(float)) => judge_float(*float)?,
        (_, Value::Vector(numbers)) => numbers.iter().try_for_each(|number| judge_float(f64::from(*number)))?,
        (_, Value::Date(days)) => judge_day(i64::from(*days))?,
        (_, Value::TimestampUs(micros)) => judge_day(micros.div_euclid(MICROS_PER_DAY))?,
        _ => {}
    }
    Ok(value)
}

fn fit_item(of: ScalarType, item: &Scalar) -> Result<Scalar, String> {
    match item {
        Scalar::Decimal(text) => return fit_decimal(of, text).map(Scalar::Decimal),
        Scalar::Text(text) => judge_text(text)?,
        Scalar::Float(float) => judge_float(*float)?,
        Scalar::Date(days) => judge_day(i64::from(*days))?,
        Scalar::TimestampUs(micros) => judge_day(micros.div_euclid(MICROS_PER_DAY))?,
        _ => {}
    }
    Ok(item.clone())
}

fn fit_decimal(of: ScalarType, text: &str) -> Result<String, String> {
    let ScalarType::Decimal { precision, scale } = of else {
        return Err(format!("{text} is a decimal"));
    };
    let decimal = text.parse::<Decimal>().ok().filter(|decimal| decimal.fits(precision, scale));
    let decimal = decimal.and_then(|decimal| decimal.with_scale(scale));
    decimal.map(|decimal| decimal.to_string()).ok_or_else(|| {
        let whole = precision - scale;
        format!("{text}, where there are {whole} digits before the point and {scale} behind it")
    })
}

fn judge_text(text: &str) -> Result<(), String> {
    match text.contains('\0') {
        true => Err("a NUL character, which no database keeps".to_owned()),
        false => Ok(()),
    }
}

fn judge_float(float: f64) -> Result<(), String> {
    match float.is_finite() {
        true => Ok(()),
        false => Err(format!("{float}, which is not finite")),
    }
}

fn judge_day(days: i64) -> Result<(), String> {
    let years = i64::from(Date::from_ymd(1, 1, 1).days())..=i64::from(Date::from_ymd(9999, 12, 31).days());
    match years.contains(&days) {
        true => Ok(()),
        false => Err("a day outside of the years 1 to 9999".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::{Date, Decimal, Hooks, Model, hooks};
    use crate::testing;

    #[derive(Model, Debug, Clone, PartialEq)]
    struct Offer {
        #[field(key)]
        number: i64,
        #[field(precision = 4, scale = 2, min = "0.01", max = "50")]
        price: Decimal,
        #[field(precision = 4, scale = 1)]
        discounts: Vec<Decimal>,
        #[field(min = "2026-01-01")]
        from: Date,
        ratio: f64,
        text: String,
    }

    #[hooks]
    impl Hooks for Offer {
        fn normalize(&mut self) {
            if self.text == "thirds" {
                self.price = Decimal::new(333, 3);
            }
        }
    }

    fn offer(price: &str) -> Offer {
        Offer {
            number: 1,
            price: price.parse().expect("the test's own text"),
            discounts: vec![Decimal::from(5)],
            from: Date::from_ymd(2026, 5, 1),
            ratio: 0.5,
            text: String::new(),
        }
    }

    fn panic_of(offer: Offer) -> String {
        let caught = std::panic::catch_unwind(|| testing::create(offer));
        *caught.expect_err("it must panic").downcast().expect("a formatted message")
    }

    #[test]
    fn decimals_have_the_scale_of_their_field() {
        let report = testing::create(offer("7"));
        assert_eq!(report.assert_accepted().record.price.to_string(), "7.00");
        assert_eq!(report.record.discounts[0].to_string(), "5.0");
    }

    #[test]
    fn ranges_hold_for_decimals_and_dates() {
        testing::create(offer("0")).assert_refused_with("price", "range");
        testing::create(offer("50.01")).assert_refused_with("price", "range");
        testing::create(offer("50.000")).assert_accepted();
        let early = Offer { from: Date::from_ymd(2025, 12, 31), ..offer("1") };
        testing::create(early).assert_refused_with("from", "range");
    }

    #[test]
    fn what_no_host_lets_through_is_a_panic() {
        let expected =
            "`price` of `offer` cannot hold this: 1.234, where there are 2 digits before the point and 2 behind it";
        assert_eq!(panic_of(offer("1.234")), expected);
        let by_normalize = Offer { text: "thirds".to_owned(), ..offer("1") };
        assert!(panic_of(by_normalize).contains("0.333"));
        let wrong = [
            Offer { discounts: vec![Decimal::from(1000)], ..offer("1") },
            Offer { ratio: f64::NAN, ..offer("1") },
            Offer { text: "\0".to_owned(), ..offer("1") },
            Offer { from: Date::from_days(i32::MAX), ..offer("1") },
        ];
        assert!(wrong.into_iter().all(|offer| panic_of(offer).contains("cannot hold this")));
    }
}
