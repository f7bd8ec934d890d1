//! A pattern as a caller writes it.
//!
//! `regex-syntax` reads the text; here its tree is judged and becomes ours. What is not in the subset is refused by name, with
//! its position and with what to write instead. Refusing costs nothing: what one database reads otherwise would be a wrong
//! answer there.

use regex_syntax::ast::{self, Ast, ErrorKind, Span};
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::size::Size;
use super::{Node, REGEX_BYTES_MAX, REGEX_SIZE_MAX, REGEX_STEPS_MAX};
use crate::filter::like::Case;

/// Groups inside of groups, at most: each is stack here and in every database.
const GROUP_DEPTH_MAX: u32 = 32;
/// Times that a repeat may count to: PostgreSQL takes no more.
const REPEAT_MAX: u32 = 255;

const NUMBERS: &[(char, char)] = &[('0', '9')];
const SPACES: &[(char, char)] = &[('\t', '\r'), (' ', ' ')];
const WORDS: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

/// Why a pattern is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::filter) enum Refusal {
    /// It is no regular expression.
    Syntax { problem: String, at: usize },
    /// Part of it has no meaning that all databases share.
    Construct { construct: String, at: usize, instead: &'static str },
    /// It is too large.
    Limit { what: &'static str, found: usize, max: usize },
}

pub(super) fn parse(pattern: &str, case: Case) -> Result<Node, Refusal> {
    if pattern.len() > REGEX_BYTES_MAX {
        let what = "bytes in one `$regex`";
        return Err(Refusal::Limit { what, found: pattern.len(), max: REGEX_BYTES_MAX });
    }
    let mut parser = ast::parse::ParserBuilder::new().nest_limit(GROUP_DEPTH_MAX).build();
    let ast = parser.parse(pattern).map_err(|error| unreadable(pattern, &error))?;
    let root = Reader { pattern, case }.node(&ast)?;
    let size = Size::of(&root);
    let limit = |what, found, max| if found > max { Err(Refusal::Limit { what, found, max }) } else { Ok(()) };
    limit("characters and ranges in one `$regex`, its repeats written out", size.weight, REGEX_SIZE_MAX)?;
    limit("ways from one character to the next in one `$regex`, its repeats written out", size.steps, REGEX_STEPS_MAX)?;
    Ok(root)
}

struct Reader<'a> {
    pattern: &'a str,
    case: Case,
}

impl Reader<'_> {
    fn node(&self, ast: &Ast) -> Result<Node, Refusal> {
        match ast {
            Ast::Empty(_) => Ok(Node::Empty),
            Ast::Literal(literal) => self.class(&literal.span, self.letters(literal.c, literal.c)),
            Ast::Dot(span) => self.class(span, negated(ranges(&[('\n', '\n')]))),
            Ast::Assertion(assertion) => match assertion.kind {
                ast::AssertionKind::StartLine => Ok(Node::Start),
                ast::AssertionKind::EndLine => Ok(Node::End),
                ast::AssertionKind::StartText | ast::AssertionKind::EndText => {
                    Err(self.construct("", &assertion.span, "write ^ and $, which mean the text's start and end"))
                }
                _ => Err(self.construct("", &assertion.span, "say which characters stand on both sides: (^|[^\\w])")),
            },
            Ast::ClassPerl(class) => self.class(&class.span, perl(class)),
            Ast::ClassBracketed(class) => {
                let mut set = ClassUnicode::empty();
                self.add(&class.kind, &mut set)?;
                self.class(&class.span, if class.negated { negated(set) } else { set })
            }
            Ast::ClassUnicode(class) => Err(self.construct("", &class.span, "list the characters: [a-zäöü]")),
            Ast::Flags(flags) => {
                Err(self.construct("flags ", &flags.span, "write {\"$regex\": ..., \"$options\": \"i\"}"))
            }
            Ast::Repetition(repetition) => self.repetition(repetition),
            Ast::Group(group) => match &group.kind {
                ast::GroupKind::CaptureIndex(_) => self.node(&group.ast),
                ast::GroupKind::NonCapturing(flags) if flags.items.is_empty() => self.node(&group.ast),
                ast::GroupKind::NonCapturing(flags) => {
                    Err(self.construct("flags ", &flags.span, "write {\"$regex\": ..., \"$options\": \"i\"}"))
                }
                ast::GroupKind::CaptureName { name, .. } => {
                    Err(self.construct("the group name ", &name.span, "write (...) without a name"))
                }
            },
            Ast::Concat(concat) => {
                let nodes: Vec<Node> = concat.asts.iter().map(|ast| self.node(ast)).collect::<Result<_, _>>()?;
                Ok(Node::Concat(nodes))
            }
            Ast::Alternation(branches) => {
                Ok(Node::Alternate(branches.asts.iter().map(|ast| self.node(ast)).collect::<Result<_, _>>()?))
            }
        }
    }

    fn repetition(&self, repetition: &ast::Repetition) -> Result<Node, Refusal> {
        if !repetition.greedy {
            let instead = "leave the `?` behind the repeat out: whether a text matches does not depend on it";
            return Err(self.construct("the lazy repeat ", &repetition.op.span, instead));
        }
        let (min, max) = match &repetition.op.kind {
            ast::RepetitionKind::ZeroOrOne => (0, Some(1)),
            ast::RepetitionKind::ZeroOrMore => (0, None),
            ast::RepetitionKind::OneOrMore => (1, None),
            ast::RepetitionKind::Range(range) => match range {
                ast::RepetitionRange::Exactly(count) => (*count, Some(*count)),
                ast::RepetitionRange::AtLeast(min) => (*min, None),
                ast::RepetitionRange::Bounded(min, max) => (*min, Some(*max)),
            },
        };
        let most = max.unwrap_or(0).max(min);
        if most > REPEAT_MAX {
            let what = "times in one repeat of `$regex`";
            return Err(Refusal::Limit { what, found: most as usize, max: REPEAT_MAX as usize });
        }
        Ok(match (self.node(&repetition.ast)?, min, max) {
            (_, _, Some(0)) | (Node::Empty, ..) | (Node::Start | Node::End, 0, _) => Node::Empty,
            (node, 1, Some(1)) | (node @ (Node::Start | Node::End), ..) => node,
            (node, min, max) => Node::Repeat { node: Box::new(node), min, max },
        })
    }

    /// Adds the items of a bracketed class. What is in it is folded, but for `\d`, `\w` and `\s`, which mean ASCII.
    fn add(&self, set: &ast::ClassSet, to: &mut ClassUnicode) -> Result<(), Refusal> {
        let item = match set {
            ast::ClassSet::Item(item) => item,
            ast::ClassSet::BinaryOp(op) => {
                return Err(self.construct("the set operation in ", &op.span, "list the characters, and escape & - ~"));
            }
        };
        match item {
            ast::ClassSetItem::Empty(_) => {}
            ast::ClassSetItem::Literal(literal) => to.union(&self.letters(literal.c, literal.c)),
            ast::ClassSetItem::Range(range) => to.union(&self.letters(range.start.c, range.end.c)),
            ast::ClassSetItem::Perl(class) => to.union(&perl(class)),
            ast::ClassSetItem::Union(union) => {
                for item in &union.items {
                    self.add(&ast::ClassSet::Item(item.clone()), to)?;
                }
            }
            ast::ClassSetItem::Ascii(class) => {
                return Err(self.construct("", &class.span, "write \\d, \\w, \\s or ranges such as a-z"));
            }
            ast::ClassSetItem::Unicode(class) => {
                return Err(self.construct("", &class.span, "list the characters: [a-zäöü]"));
            }
            ast::ClassSetItem::Bracketed(class) => {
                return Err(self.construct("the class inside of a class ", &class.span, "write \\[ for the character"));
            }
        }
        Ok(())
    }

    /// A class as a node, without NUL: no text has it, and not every database takes it in a pattern.
    fn class(&self, span: &Span, mut class: ClassUnicode) -> Result<Node, Refusal> {
        class.difference(&ranges(&[('\0', '\0')]));
        if class.ranges().is_empty() {
            return Err(self.construct("", span, "leave it out: no character that a text can have is in it"));
        }
        Ok(Node::Class(class))
    }

    fn letters(&self, start: char, end: char) -> ClassUnicode {
        let mut class = ranges(&[(start, end)]);
        if self.case == Case::Folded {
            class.case_fold_simple();
        }
        class
    }

    fn construct(&self, what: &str, span: &Span, instead: &'static str) -> Refusal {
        let (text, at) = excerpt(self.pattern, span);
        Refusal::Construct { construct: format!("{what}`{text}`"), at, instead }
    }
}

fn perl(class: &ast::ClassPerl) -> ClassUnicode {
    let set = ranges(match class.kind {
        ast::ClassPerlKind::Digit => NUMBERS,
        ast::ClassPerlKind::Space => SPACES,
        ast::ClassPerlKind::Word => WORDS,
    });
    if class.negated { negated(set) } else { set }
}

fn ranges(of: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(of.iter().map(|(start, end)| ClassUnicodeRange::new(*start, *end)))
}

fn negated(mut class: ClassUnicode) -> ClassUnicode {
    class.negate();
    class
}

/// Why the text is no regular expression, or which part of one is never taken.
fn unreadable(pattern: &str, error: &ast::Error) -> Refusal {
    let (text, at) = excerpt(pattern, error.span());
    let construct = |what: &str, instead| Refusal::Construct { construct: format!("{what}`{text}`"), at, instead };
    match error.kind() {
        ErrorKind::UnsupportedLookAround => construct("look-around ", "say it by two conditions in `$and`"),
        ErrorKind::UnsupportedBackreference => construct("the back-reference ", "write the group's pattern again"),
        ErrorKind::NestLimitExceeded(max) => Refusal::Limit {
            what: "groups inside of groups in one `$regex`",
            found: *max as usize + 1,
            max: *max as usize,
        },
        kind => Refusal::Syntax { problem: kind.to_string(), at },
    }
}

/// What the span shows, cut, and the position of its first character, from 1.
fn excerpt(pattern: &str, span: &Span) -> (String, usize) {
    let text: String = pattern[span.start.offset..span.end.offset].chars().take(20).collect();
    (text, pattern[..span.start.offset].chars().count() + 1)
}
