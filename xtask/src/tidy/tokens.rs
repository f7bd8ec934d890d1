//! A Rust file as a flat list of words and signs.
//!
//! Comments are gone and strings are opaque, so a rule about code never trips over text; code inside macro calls is
//! there too. It knows no grammar. Invariant: tokens stand in source order with their line, counted from one.

use std::str::FromStr;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A word, a sign or a literal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The text; a literal is only its first character, a lifetime's name keeps its tick.
    pub(super) text: String,
    pub(super) line: usize,
}

/// The tokens of a source text, or where it stops being Rust.
pub(super) fn tokens(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    tokens
}

/// The stream of a source text.
pub(super) fn stream(text: &str) -> Result<TokenStream, (usize, String)> {
    TokenStream::from_str(text).map_err(|error| (error.span().start().line.max(1), error.to_string()))
}

/// Every place where these texts stand one after the other; answers the index of the first.
pub(super) fn sequences(tokens: &[Token], texts: &[&str]) -> Vec<usize> {
    tokens
        .windows(texts.len())
        .enumerate()
        .filter(|(_, window)| window.iter().zip(texts).all(|(token, text)| token.text == *text))
        .map(|(index, _)| index)
        .collect()
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = signs(group.delimiter());
                let last = group.span_close().start().line;
                push(tokens, open, line);
                flatten(group.stream(), tokens);
                push(tokens, close, last);
            }
            TokenTree::Ident(ident) => push(tokens, &ident.to_string(), line),
            TokenTree::Literal(literal) => {
                let text: String = literal.to_string().chars().take(1).collect();
                push(tokens, &text, line);
            }
            TokenTree::Punct(punct) => {
                let mut text = String::from(punct.as_char());
                let joins = punct.spacing() == Spacing::Joint;
                if joins && punct.as_char() == '\'' {
                    text.push_str(&trees.next().map(|name| name.to_string()).unwrap_or_default());
                } else if joins
                    && punct.as_char() == ':'
                    && matches!(trees.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':')
                {
                    trees.next();
                    text.push(':');
                }
                push(tokens, &text, line);
            }
        }
    }
}

fn signs(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

fn push(tokens: &mut Vec<Token>, text: &str, line: usize) {
    tokens.push(Token { text: text.to_owned(), line });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Token> {
        tokens(stream(text).unwrap())
    }

    #[test]
    fn comments_vanish_and_macros_stay() {
        let tokens = all("// println!\nfn a<'b>() {\n  x!(std::env::var(\"A\"))\n}");
        let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        assert_eq!(texts.join(" "), "fn a < 'b > ( ) { x ! ( std :: env :: var ( \" ) ) }");
        assert_eq!(sequences(&tokens, &["println", "!"]), [0; 0]);
        let found = sequences(&tokens, &["std", "::", "env"]);
        assert_eq!(tokens[found[0]].line, 3);
    }

    #[test]
    fn unreadable_text_says_its_line() {
        assert_eq!(stream("fn a() {\n\n)").unwrap_err().0, 3);
    }
}
