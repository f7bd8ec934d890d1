//! What an operation names and how it is built: unknown names, parts of another operation, filters that fix no key.

use e2e::{Setup, TestHost};

fn host() -> TestHost {
    let host = Setup::sqlite().start();
    host.serve("acme", artifacts::CRM);
    host.serve("globex", artifacts::SHOP);
    host
}

#[test]
fn names_that_do_not_exist() {
    insta::assert_snapshot!(host().calls(&[
        ("unknown namespace", "acne customer list", "{}"),
        ("unknown namespace, nothing like it", "warehouse customer list", "{}"),
        ("unknown model", "acme costumer list", "{}"),
        ("model of the other namespace", "acme product list", "{}"),
        ("unknown operation", "acme customer insert", r#"{"data": {"name": "Ada"}}"#),
        ("operation of another interface", "acme customer find_many", "{}"),
        ("operation in capitals", "acme customer LIST", "{}"),
        ("unknown field in data", "acme customer create", r#"{"data": {"name": "Ada", "e_mail": "ada@example.com"}}"#),
        ("unknown field in a filter", "acme customer list", r#"{"filter": {"mail": "ada@example.com"}}"#),
        ("field of the other namespace's model", "acme customer list", r#"{"filter": {"full_name": "Ada"}}"#),
        ("unknown operator", "acme customer list", r#"{"filter": {"name": {"$neq": "Ada"}}}"#),
        ("operator without dollar", "acme customer list", r#"{"filter": {"credit_limit": {"gte": 1}}}"#),
        ("unknown option", "acme customer list", r#"{"options": {"limt": 5}}"#),
        ("option of another operation", "acme customer list", r#"{"options": {"missing": "null"}}"#),
        ("column instead of field", "globex customer list", r#"{"filter": {"member_since": "2026-01-01T00:00:00Z"}}"#),
    ]), @r#"
    # unknown namespace
    404 namespace.unknown: there is no namespace `acne`
      (namespace acne)
      - did you mean `acme`?
      - make it with `modelhost namespace create acne --data-source NAME`
    # unknown namespace, nothing like it
    404 namespace.unknown: there is no namespace `warehouse`
      (namespace warehouse)
      - make it with `modelhost namespace create warehouse --data-source NAME`
    # unknown model
    404 plan.unknown-model: namespace `acme` has no model `costumer`
      (namespace acme, model costumer)
      - did you mean `customer`?
      - the models are customer, tag
    # model of the other namespace
    404 plan.unknown-model: namespace `acme` has no model `product`
      (namespace acme, model product)
      - the models are customer, tag
    # unknown operation
    404 plan.unknown-operation: there is no operation `insert`
      - did you mean `create`?
      - the operations are create, read, exists, update, delete, list, count, bulk_create
    # operation of another interface
    404 plan.unknown-operation: there is no operation `find_many`
      - did you mean `list`?
      - the operations are create, read, exists, update, delete, list, count, bulk_create
    # operation in capitals
    404 plan.unknown-operation: there is no operation `LIST`
      - did you mean `list`?
      - the operations are create, read, exists, update, delete, list, count, bulk_create
    # unknown field in data
    400 plan.unknown-field: model `customer` has no field `e_mail`
      (model customer, field e_mail)
      - did you mean `email`?
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # unknown field in a filter
    400 plan.unknown-field: model `customer` has no field `mail`
      (model customer, field mail)
      - did you mean `email`?
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # field of the other namespace's model
    400 plan.unknown-field: model `customer` has no field `full_name`
      (model customer, field full_name)
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # unknown operator
    400 plan.unknown-operator: there is no filter operator `$neq`
      - did you mean `$ne`?
      - the operators are $eq $ne $gt $gte $lt $lte $in $nin $between $mod $null $exists $like $ilike $contains $startsWith $endsWith $regex $options $not $and $or $nor
    # operator without dollar
    400 plan.filter-shape: `credit_limit` is compared with an object without an operator
      - write {"credit_limit": {"$gte": 20}}
    # unknown option
    400 plan.unknown-option: list has no option `limt`
      (operation list)
      - did you mean `limit`?
      - list has the options order_by, limit, offset, after, fields, total, big_int
    # option of another operation
    400 plan.unknown-option: list has no option `missing`
      (operation list)
      - list has the options order_by, limit, offset, after, fields, total, big_int
    # column instead of field
    400 plan.unknown-field: model `customer` has no field `member_since`
      (model customer, field member_since)
      - `customer` has the fields number, full_name, country, loyalty_points, vip, since, version
    "#);
}

#[test]
fn values_of_options() {
    insta::assert_snapshot!(host().calls(&[
        ("limit zero", "acme customer list", r#"{"options": {"limit": 0}}"#),
        ("limit above the most", "acme customer list", r#"{"options": {"limit": 1000000}}"#),
        ("limit as a text", "acme customer list", r#"{"options": {"limit": "5"}}"#),
        ("negative offset", "acme customer list", r#"{"options": {"offset": -1}}"#),
        ("order by an unknown field", "acme customer list", r#"{"options": {"order_by": ["nmae"]}}"#),
        ("order by as an object", "acme customer list", r#"{"options": {"order_by": {"name": "asc"}}}"#),
        ("order by twice", "acme customer list", r#"{"options": {"order_by": ["name", "-name"]}}"#),
        ("missing with a value it has not", "acme customer read",
            r#"{"filter": {"email": "ada@example.com"}, "options": {"missing": "nil"}}"#),
        ("options that are no object", "acme customer list", r#"{"options": 5}"#),
    ]), @r#"
    # limit zero
    400 plan.option-value: option `limit` is 0, expected a whole number from 1 to 1000
      - give `limit` a whole number from 1 to 1000
    # limit above the most
    400 plan.option-value: option `limit` is 1000000, expected a whole number from 1 to 1000
      - give `limit` a whole number from 1 to 1000
    # limit as a text
    400 plan.option-value: option `limit` is "5", expected a whole number from 1 to 1000
      - give `limit` a whole number from 1 to 1000
    # negative offset
    400 plan.option-value: option `offset` is -1, expected a whole number from 0 to 100000
      - give `offset` a whole number from 0 to 100000
    # order by an unknown field
    400 plan.unknown-field: model `customer` has no field `nmae`
      (model customer, field nmae)
      - did you mean `name`?
      - `customer` has the fields id, name, email, status, credit_limit, score, active, notes, last_contact_at, created_at, updated_at, version
    # order by as an object
    400 plan.option-value: option `order_by` is {"name": "asc"}, expected a list of field names, `-` before one for largest first: ["-created_at", "name"]
      - give `order_by` a list of field names, `-` before one for largest first: ["-created_at", "name"]
    # order by twice
    400 plan.option-value: option `order_by` is ["name", "-name"], expected each field once
      - give `order_by` each field once
    # missing with a value it has not
    400 plan.option-value: option `missing` is "nil", expected "error" or "null"
      - give `missing` "error" or "null"
    # options that are no object
    400 request.shape: `options` is not a JSON object
      because invalid type: integer `5`, expected a JSON object at line 1 column 1
      - send one JSON object in which every key stands once
    "#);
}

#[test]
fn parts_of_another_operation() {
    insta::assert_snapshot!(host().calls(&[
        ("fields beside data", "acme customer create", r#"{"name": "Ada", "email": "ada@example.com"}"#),
        ("create's shape given to update", "acme customer update", r#"{"data": {"name": "Ada"}}"#),
        ("update's shape given to create", "acme customer create",
            r#"{"filter": {"email": "ada@example.com"}, "data": {"name": "Ada"}}"#),
        ("data given to read", "acme customer read", r#"{"data": {"name": "Ada"}}"#),
        ("data given to delete", "acme customer delete",
            r#"{"filter": {"email": "ada@example.com"}, "data": {"name": "Ada"}}"#),
        ("where instead of filter", "acme customer list", r#"{"where": {"name": "Ada"}}"#),
        ("read without a filter", "acme customer read", "{}"),
        ("create without data", "acme customer create", "{}"),
        ("data that is a list", "acme customer create", r#"{"data": [{"name": "Ada"}]}"#),
        ("filter that is a text", "acme customer list", r#"{"filter": "name = 'Ada'"}"#),
        ("body that is a list", "acme customer list", "[]"),
        ("update of nothing", "acme customer update", r#"{"filter": {"email": "ada@example.com"}, "data": {}}"#),
        ("part twice", "acme customer list", r#"{"filter": {}, "filter": {"name": "Ada"}}"#),
        ("field twice", "acme customer create", r#"{"data": {"name": "Ada", "name": "Bob"}}"#),
    ]), @r#"
    # fields beside data
    400 request.shape: 3 things are wrong
      [request.shape] create does not take `name`
        (operation create)
        - did you mean `data.name`?
        - create takes data, options
        > {"data": {"name": "text"}}
      [request.shape] create does not take `email`
        (operation create)
        - did you mean `data.email`?
        - create takes data, options
        > {"data": {"name": "text"}}
      [request.shape] create needs `data`
        (operation create)
        - add `data`
        > {"data": {"name": "text"}}
    # create's shape given to update
    400 request.shape: update needs `filter`
      (operation update)
      - add `filter`
      > {"filter": {"id": "[uuid]"}, "data": {"name": "text"}}
    # update's shape given to create
    400 request.shape: create does not take `filter`
      (operation create)
      - create takes data, options
      > {"data": {"name": "text"}}
    # data given to read
    400 request.shape: 2 things are wrong
      [request.shape] read does not take `data`
        (operation read)
        - read takes filter, options
        > {"filter": {"id": "[uuid]"}}
      [request.shape] read needs `filter`
        (operation read)
        - add `filter`
        > {"filter": {"id": "[uuid]"}}
    # data given to delete
    400 request.shape: delete does not take `data`
      (operation delete)
      - delete takes filter, options
      > {"filter": {"id": "[uuid]"}}
    # where instead of filter
    400 request.shape: list does not take `where`
      (operation list)
      - did you mean `filter`?
      - list takes filter, options
      > {"filter": {"name": "text"}, "options": {"order_by": ["id"], "limit": 20}}
    # read without a filter
    400 request.shape: read needs `filter`
      (operation read)
      - add `filter`
      > {"filter": {"id": "[uuid]"}}
    # create without data
    400 request.shape: create needs `data`
      (operation create)
      - add `data`
      > {"data": {"name": "text"}}
    # data that is a list
    400 request.shape: `data` is a list, and create writes one record
      - send one object, or write many records with `bulk_create`
    # filter that is a text
    400 request.shape: `filter` is not a JSON object
      because invalid type: string "name = 'Ada'", expected a JSON object at line 1 column 14
      - send one JSON object in which every key stands once
    # body that is a list
    400 request.shape: the request body is not a JSON object
      because invalid type: sequence, expected a JSON object at line 1 column 0
      - send one JSON object in which every key stands once
    # update of nothing
    400 request.shape: `data` changes nothing
      - name at least one field to change; the key is not one
    # part twice
    400 request.shape: the request body is not a JSON object
      because key `filter` stands twice in one object
      - send one JSON object in which every key stands once
    # field twice
    400 request.shape: `data` is not a JSON object
      because key `name` stands twice in one object
      - send one JSON object in which every key stands once
    "#);
}

#[test]
fn filters_that_fix_no_key() {
    insta::assert_snapshot!(host().calls(&[
        ("update by a field that is not unique", "acme customer update",
            r#"{"filter": {"name": "Ada"}, "data": {"status": "lost"}}"#),
        ("update of everything", "acme customer update", r#"{"filter": {}, "data": {"status": "lost"}}"#),
        ("delete by a range of keys", "globex customer delete", r#"{"filter": {"number": {"$gte": 7}}}"#),
        ("read by a list of keys", "globex customer read", r#"{"filter": {"number": {"$in": [7]}}}"#),
        ("read by a key that is null", "globex customer read", r#"{"filter": {"number": null}}"#),
        ("read by a key or another", "globex customer read", r#"{"filter": {"$or": [{"number": 7}, {"number": 8}]}}"#),
        ("read by half a unique set", "globex product read", r#"{"filter": {"title": "Tea"}}"#),
    ]), @r#"
    # update by a field that is not unique
    400 plan.not-unique: update addresses one record, and this filter can match several
      (operation update)
      - fix `id` or `email` by equality
      > {"filter": {"id": "[uuid]"}, "data": {"name": "text"}}
    # update of everything
    400 plan.not-unique: update addresses one record, and this filter can match several
      (operation update)
      - fix `id` or `email` by equality
      > {"filter": {"id": "[uuid]"}, "data": {"name": "text"}}
    # delete by a range of keys
    400 plan.not-unique: delete addresses one record, and this filter can match several
      (operation delete)
      - fix `number` by equality
      > {"filter": {"number": 20}}
    # read by a list of keys
    400 plan.not-unique: read addresses one record, and this filter can match several
      (operation read)
      - fix `number` by equality
      > {"filter": {"number": 20}}
    # read by a key that is null
    400 plan.not-unique: read addresses one record, and this filter can match several
      (operation read)
      - fix `number` by equality
      > {"filter": {"number": 20}}
    # read by a key or another
    400 plan.not-unique: read addresses one record, and this filter can match several
      (operation read)
      - fix `number` by equality
      > {"filter": {"number": 20}}
    # read by half a unique set
    400 plan.not-unique: read addresses one record, and this filter can match several
      (operation read)
      - fix `sku` or `title` and `size` by equality
      > {"filter": {"sku": "text"}}
    "#);
}

#[test]
fn fields_that_are_not_the_callers() {
    insta::assert_snapshot!(host().calls(&[
        ("managed fields in create", "acme customer create",
            r#"{"data": {"name": "Ada", "version": 7, "created_at": "2020-01-01T00:00:00Z", "updated_at": null}}"#),
        ("managed field in update", "acme customer update",
            r#"{"filter": {"email": "ada@example.com"}, "data": {"version": 8}}"#),
        ("another key in update", "globex customer update", r#"{"filter": {"number": 7}, "data": {"number": 8}}"#),
        ("the same key in update", "globex customer update", r#"{"filter": {"number": 7}, "data": {"number": 7}}"#),
    ]), @"
    # managed fields in create
    400 plan.managed-field: 3 things are wrong
      [plan.managed-field] field `version` is set by the host and cannot be written
        (field version)
        - leave `version` out of `data`: its role is version
      [plan.managed-field] field `created_at` is set by the host and cannot be written
        (field created_at)
        - leave `created_at` out of `data`: its role is created-at
      [plan.managed-field] field `updated_at` is set by the host and cannot be written
        (field updated_at)
        - leave `updated_at` out of `data`: its role is updated-at
    # managed field in update
    400 plan.managed-field: field `version` is set by the host and cannot be written
      (field version)
      - leave `version` out of `data`: its role is version
    # another key in update
    400 plan.key-change: field `number` is the key and cannot change
      (field number)
      - leave `number` out of `data`, or create a new record and delete this one
    # the same key in update
    400 request.shape: `data` changes nothing
      - name at least one field to change; the key is not one
    ");
}

#[test]
fn records_that_are_not_there() {
    insta::assert_snapshot!(host().calls(&[
        ("read", "globex customer read", r#"{"filter": {"number": 999}}"#),
        ("update", "globex customer update", r#"{"filter": {"number": 999}, "data": {"country": "IT"}}"#),
        ("delete", "globex customer delete", r#"{"filter": {"number": 999}}"#),
        ("read, asking for null", "globex customer read",
            r#"{"filter": {"number": 999}, "options": {"missing": "null"}}"#),
    ]), @r#"
    # read
    404 record.not-found: there is no such `customer`
      (model customer)
      - check the filter, or ask for null with "options": {"missing": "null"} in a read
    # update
    404 record.not-found: there is no such `customer`
      (model customer)
      - check the filter, or ask for null with "options": {"missing": "null"} in a read
    # delete
    404 record.not-found: there is no such `customer`
      (model customer)
      - check the filter, or ask for null with "options": {"missing": "null"} in a read
    # read, asking for null
    200 {"data":null}
    "#);
}
