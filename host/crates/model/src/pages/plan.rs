//! Pages of `plan.*`: the request is read, but does not fit the model or the operation.
//!
//! Nothing ran when one of these is answered. Invariant: each example is a body that the example plugins take once corrected.

use super::shell;
use crate::Page;

pub(crate) const TITLE: &str = "Requests that do not fit the model";

pub(crate) const UNKNOWN_MODEL: Page = Page {
    meaning: "The plugin of the namespace has no model of this name.",
    causes: &[
        "The name is misspelt: model names are lower case and singular or plural as the plugin declares them.",
        "The model belongs to the plugin of another namespace.",
        "The plugin that was deployed last does not have the model any more.",
    ],
    solutions: &[
        "Use one of the names that the error lists.",
        "Run `modelhost inspect` to see the models of each namespace.",
    ],
    example: shell(r#"modelhost call acme customers list '{}'"#, r#"modelhost call acme customer list '{}'"#),
};

pub(crate) const UNKNOWN_OPERATION: Page = Page {
    meaning: "There is no operation of this name.",
    causes: &[
        "The operation is called by another tool's word, such as `insert`, `get`, `find` or `patch`.",
        "The name is misspelt.",
    ],
    solutions: &["Use `create`, `read`, `update`, `delete` or `list`."],
    example: shell(
        r#"modelhost call acme customer insert '{"data": {"name": "Ada"}}'"#,
        r#"modelhost call acme customer create '{"data": {"name": "Ada"}}'"#,
    ),
};

pub(crate) const UNKNOWN_FIELD: Page = Page {
    meaning: "`data`, `filter` or `order_by` names a field that the model does not have.",
    causes: &[
        "The name is misspelt, or written in another case: `fullName` for `full_name`.",
        "The field belongs to the model of the same name in another namespace.",
        "The name of a column was used where the field has another name.",
    ],
    solutions: &[
        "Use one of the fields that the error lists.",
        "Run `modelhost inspect` to see the fields of each model.",
    ],
    example: shell(
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "e_mail": "ada@example.com"}}'"#,
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "email": "ada@example.com"}}'"#,
    ),
};

pub(crate) const UNKNOWN_OPERATOR: Page = Page {
    meaning: "The filter has an operator that does not exist.",
    causes: &["The operator is misspelt.", "It exists in another tool, but not here."],
    solutions: &[
        "Use `$eq`, `$gt`, `$gte`, `$lt`, `$lte`, `$in`, `$and` or `$or`.",
        "Write a range as `$gte` and `$lt` of the same field.",
    ],
    example: shell(
        r#"modelhost call globex customer list '{"filter": {"loyalty_points": {"$min": 1000}}}'"#,
        r#"modelhost call globex customer list '{"filter": {"loyalty_points": {"$gte": 1000}}}'"#,
    ),
};

pub(crate) const UNKNOWN_OPTION: Page = Page {
    meaning: "`options` has a key that this operation does not know.",
    causes: &[
        "The option is called by another tool's word, such as `sort`, `skip` or `page_size`.",
        "The option exists, but for another operation: `limit` belongs to list.",
    ],
    solutions: &["Use one of the options that the error lists for the operation."],
    example: shell(
        r#"modelhost call acme customer list '{"options": {"sort": ["name"], "skip": 20}}'"#,
        r#"modelhost call acme customer list '{"options": {"order_by": ["name"], "offset": 20}}'"#,
    ),
};

pub(crate) const OPTION_VALUE: Page = Page {
    meaning: "An option has a value that it can't have.",
    causes: &[
        "`limit` or `offset` is a text, is negative or is above its maximum.",
        "`order_by` is a text instead of a list, or names a field twice.",
    ],
    solutions: &[
        "Give the option what the error says it expects.",
        "To read more records than `limit` allows, send a filter on the key with `$gt` and the last key you have.",
    ],
    example: shell(
        r#"modelhost call acme customer list '{"options": {"order_by": "-created_at", "limit": "20"}}'"#,
        r#"modelhost call acme customer list '{"options": {"order_by": ["-created_at"], "limit": 20}}'"#,
    ),
};

pub(crate) const TYPE_MISMATCH: Page = Page {
    meaning: "A value is not of its field's type. Values are never converted: `\"20\"` is not 20.",
    causes: &[
        "A number or a boolean is written as a text, or a text as a number.",
        "A timestamp has no offset, a uuid is not in its 36 characters, an int has a point or is out of range.",
        "A text holds the character NUL.",
    ],
    solutions: &[
        "Write the value as the error says it is expected.",
        "Write a timestamp as RFC 3339 with an offset: `2026-11-21T09:30:00Z`.",
        "A caller whose numbers are floats sends ints of `data` as texts with the option `\"big_int\": true`.",
    ],
    example: shell(
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "credit_limit": "5000"}}'"#,
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "credit_limit": 5000}}'"#,
    ),
};

pub(crate) const MISSING_FIELD: Page = Page {
    meaning: "A required field was not sent. This code is reported beside other errors in `data`; if a missing field is all that is wrong, the plugin may still fill it, and otherwise the record is refused (`record.refused`).",
    causes: &[
        "A create left out a field that is not nullable and has no default.",
        "The field was sent under a misspelt name, which is reported as well.",
    ],
    solutions: &["Add the field to `data`.", "Run `modelhost inspect` to see which fields are required."],
    example: shell(
        r#"modelhost call globex customer create '{"data": {"number": "7", "full_name": "Grace Hopper"}}'"#,
        r#"modelhost call globex customer create '{"data": {"number": 7, "full_name": "Grace Hopper", "country": "US"}}'"#,
    ),
};

pub(crate) const MANAGED_FIELD: Page = Page {
    meaning: "`data` names a field that only the host writes: when a record was made, when it changed, or its version.",
    causes: &["A record that was read before is sent back whole.", "A client sets the time by itself."],
    solutions: &["Leave the field out of `data`; the host sets it.", "In an update, send only the fields that change."],
    example: shell(
        r#"modelhost call acme customer create '{"data": {"name": "Ada", "created_at": "2026-11-21T09:30:00Z"}}'"#,
        r#"modelhost call acme customer create '{"data": {"name": "Ada"}}'"#,
    ),
};

pub(crate) const KEY_CHANGE: Page = Page {
    meaning: "An update would give a record another key. A key does not change, because others may refer to it.",
    causes: &[
        "`data` holds the key with another value than `filter`.",
        "`filter` names the record by a unique field, and `data` holds a key.",
    ],
    solutions: &[
        "Leave the key out of `data`.",
        "To give a record another key, create it anew and delete the old one.",
    ],
    example: shell(
        r#"modelhost call globex customer update '{"filter": {"number": 7}, "data": {"number": 8, "country": "IT"}}'"#,
        r#"modelhost call globex customer update '{"filter": {"number": 7}, "data": {"country": "IT"}}'"#,
    ),
};

pub(crate) const NOT_UNIQUE: Page = Page {
    meaning: "Read, update and delete address exactly one record, and this filter can match several.",
    causes: &[
        "The filter fixes neither the key nor all fields of a unique set.",
        "The key is compared by something else than equality, or stands inside `$or` or `$in`.",
        "The key is compared with null.",
    ],
    solutions: &[
        "Fix the key, or a unique field, by equality; more conditions may stand beside it.",
        "Find records by list, then address each by its key.",
    ],
    example: shell(
        r#"modelhost call acme customer update '{"filter": {"name": "Ada"}, "data": {"status": "lost"}}'"#,
        r#"modelhost call acme customer update '{"filter": {"email": "ada@example.com"}, "data": {"status": "lost"}}'"#,
    ),
};

pub(crate) const FILTER_SHAPE: Page = Page {
    meaning: "The filter is not built as filters are: fields outside, operators inside, lists where lists belong.",
    causes: &[
        "An operator stands outside of a field.",
        "`$in` has one value instead of a list.",
        "`$and` or `$or` has no list, or an empty one.",
    ],
    solutions: &[
        "Write an operator inside of its field: `{\"loyalty_points\": {\"$gte\": 1000}}`.",
        "Give `$in` a list of values, and `$and` and `$or` a list of filters with at least one.",
    ],
    example: shell(
        r#"modelhost call acme customer list '{"filter": {"status": {"$in": "lead"}}}'"#,
        r#"modelhost call acme customer list '{"filter": {"status": {"$in": ["lead", "active"]}}}'"#,
    ),
};

pub(crate) const FILTER_LIMIT: Page = Page {
    meaning: "The filter has more conditions, levels or values than the host passes to a database.",
    causes: &[
        "A program wrote one condition for each of many records.",
        "`$in` lists very many values.",
        "`$and` and `$or` are nested deeper than needed.",
    ],
    solutions: &[
        "Replace many `$eq` of one field by one `$in`.",
        "Ask several times, each time with a part of the values.",
        "Flatten the filter: the conditions of one object all have to hold, without `$and`.",
    ],
    example: shell(
        r#"modelhost call globex customer list '{"filter": {"$or": [{"number": 1}, {"number": 2}, {"number": 3}]}}' # and so on, to 10,000"#,
        r#"modelhost call globex customer list '{"filter": {"number": {"$gte": 1, "$lte": 10000}}, "options": {"limit": 1000}}'"#,
    ),
};

pub(crate) const CURSOR: Page = Page {
    meaning: "`after` is not a cursor that this list answered: each one belongs to a model, a filter and an order.",
    causes: &[
        "The filter or `order_by` differs from that of the call that answered the cursor.",
        "The cursor was cut, changed or made by hand.",
        "The model has changed since: a field of the order has another type.",
    ],
    solutions: &[
        "Send the same filter and `order_by` with every page, and `next` of the last answer as `after`.",
        "Begin again without `after`.",
    ],
    example: shell(
        r#"modelhost call acme customer list '{"options": {"limit": 2, "after": "page-2"}}'"#,
        r#"modelhost call acme customer list '{"options": {"limit": 2}}' # then "after": what it answered as "next""#,
    ),
};

pub(crate) const TOO_MANY_ROWS: Page = Page {
    meaning: "One call writes at most 100,000 records, and at most 16 MiB of them all at once.",
    causes: &["A whole file was sent in one call."],
    solutions: &[
        "Send several calls, each with a part of the records.",
        "Where only the bytes are too many, set `options.transaction` to `batch`: each batch is then written by itself.",
    ],
    example: shell(
        r#"modelhost call globex customer bulk_create @customers.json # 250,000 records"#,
        r#"modelhost call globex customer bulk_create @customers-1.json # at most 100,000, then the next file"#,
    ),
};

pub(crate) const UNSUPPORTED: Page = Page {
    meaning: "The request is well formed, but a type or a database can't do what it asks for. Nothing is left out silently.",
    causes: &[
        "A boolean or json field is compared with `$gt`, `$gte`, `$lt` or `$lte`, or used in `order_by`.",
        "A json field is compared with a value other than null.",
        "The database of the namespace does not have what the operation needs.",
    ],
    solutions: &[
        "Use what the error says works instead.",
        "Keep what you want to find in a field of its own, of type text, int, float, timestamp or uuid.",
    ],
    example: shell(
        r#"modelhost call globex customer list '{"filter": {"vip": {"$gte": true}}}'"#,
        r#"modelhost call globex customer list '{"filter": {"vip": true}}'"#,
    ),
};
