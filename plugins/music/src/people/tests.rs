//! Who may work and who may buy.

use modelhost_guest::testing;

use super::*;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn grace() -> Employee {
    Employee {
        id: 2,
        last_name: "Hopper".to_owned(),
        first_name: "Grace".to_owned(),
        title: text("Sales Manager"),
        reports_to: Some(1),
        birth_date: Some(Date::from_ymd(1958, 12, 8)),
        hire_date: Some(Date::from_ymd(2002, 5, 1)),
        address: text("825 8 Ave SW"),
        city: text("Calgary"),
        state: text("AB"),
        country: text("Canada"),
        postal_code: text("T2P 2T3"),
        phone: text("+1 (403) 262-3443"),
        fax: None,
        email: text("grace@example.com"),
    }
}

fn ada() -> Customer {
    Customer {
        id: 1,
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        company: text(""),
        address: text("Via Degli Scipioni, 43"),
        city: text("Edinburgh "),
        state: text("RM"),
        country: text("Italy"),
        postal_code: text("00192"),
        phone: text(""),
        fax: text(""),
        email: "ada@example.com".to_owned(),
        support_rep_id: Some(2),
    }
}

#[test]
fn tidies_names_and_addresses_of_mail_and_nothing_else() {
    let report =
        testing::create(Customer { first_name: " Ada".to_owned(), email: "Ada@Example.COM ".to_owned(), ..ada() });
    assert_eq!(report.assert_accepted().record, ada());
}

#[test]
fn refuses_what_is_not_an_email_address() {
    for email in ["", "ada", "ada@", "ada@example", "a da@example.com"] {
        let customer = Customer { email: email.to_owned(), ..ada() };
        testing::create(customer).assert_refused_with("email", "email.invalid");
        let employee = Employee { email: text(email), ..grace() };
        testing::create(employee).assert_refused_with("email", "email.invalid");
    }
    testing::create(Employee { email: None, ..grace() }).assert_accepted();
    testing::create(Customer { email: "stanisław.wójcik@wp.pl".to_owned(), ..ada() }).assert_accepted();
}

#[test]
fn nobody_is_hired_before_they_are_born_or_reports_to_themselves() {
    testing::create(grace()).assert_accepted();
    let hired = |hire_date| testing::create(Employee { hire_date, ..grace() });
    hired(Some(Date::from_ymd(1958, 12, 7))).assert_refused_with("hire_date", "order");
    hired(None).assert_accepted();
    let own = testing::create(Employee { reports_to: Some(2), ..grace() });
    own.assert_refused_with("reports_to", "manager.self");
}

#[test]
fn addresses_fit_their_country() {
    let in_canada = Customer { country: text("Canada"), state: text("Ontario"), ..ada() };
    let report = testing::create(in_canada);
    report.assert_refused_with("state", "state.unknown").assert_refused_with("postal_code", "postal-code.unknown");
    let report = testing::update(grace(), Employee { country: text("USA"), ..grace() });
    report.assert_refused_with("postal_code", "postal-code.unknown");
}

#[test]
fn employees_report_to_employees() {
    let described = testing::describe::<Employee>();
    let relations: Vec<&str> =
        described.lines().filter(|line| line.contains("belongs") || line.contains("many")).collect();
    let expected = [
        "  manager belongs to employee by reports_to, on delete set-null",
        "  reports has many employee, by its manager",
        "  customers has many customer, by its support_rep",
    ];
    assert_eq!(relations, expected);
}
