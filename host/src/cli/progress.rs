//! Progress of long work: a spinner on standard error where somebody looks, nothing otherwise.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A spinner that ends with the value.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn start(doing: &str) -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})").expect("a valid template");
        bar.set_style(style);
        bar.set_message(doing.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        bar.set_prefix(doing.to_owned());
        Self(bar)
    }

    /// Tells how far it is.
    pub(crate) fn tell(&self, stage: &str) {
        self.0.set_message(format!("{}: {stage}", self.0.prefix()));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
