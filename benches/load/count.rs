//! Numbers as people read them.

/// A whole number with its thousands apart.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len().saturating_mul(2));
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A figure in about three digits, and whole from a thousand on.
pub fn rounded(figure: f64) -> String {
    match figure.abs() {
        size if size >= 1000.0 => thousands(whole(figure)),
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures are positive and far below 2^53"
)]
fn whole(figure: f64) -> u64 {
    figure.round() as u64
}

/// A count for arithmetic with figures.
#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^53")]
pub fn figure(count: u64) -> f64 {
    count as f64
}
