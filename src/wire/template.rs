//! Encoded text with blanks for the ids of licenses.
//!
//! A blank has the length of the id that it stands for, so that filling it in changes no other byte. It begins with a mark of four
//! bytes, a character that Unicode leaves to private use, which also says whose id it is.

use memchr::memmem;

use super::pb;

/// What the marks begin with: the first three bytes of the characters U+100000 to U+10003F.
const MARK: [u8; 3] = [0xf4, 0x80, 0x80];
const MARK_LEN: usize = 4;
const FIRST_MARK: u32 = 0x10_0000;
/// How many marks there are.
const MARK_COUNT: usize = 64;

/// What stands in the place of a license's id; `None` where it stays: it is short, and so hardly of one device alone, states nothing,
/// has no mark left for it, or JSON would write it longer than it is.
pub fn blank(index: usize, id: &str) -> Option<String> {
    let fits = index < MARK_COUNT && id.len() >= MARK_LEN && !id.trim().is_empty();
    let as_it_is = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\');
    if !fits || !id.bytes().all(as_it_is) {
        return None;
    }
    let mark = u32::try_from(index)
        .ok()
        .and_then(|index| char::from_u32(FIRST_MARK | index))?;
    let mut blank = String::with_capacity(id.len());
    blank.push(mark);
    blank.extend(std::iter::repeat_n('.', id.len().saturating_sub(MARK_LEN)));
    Some(blank)
}

/// How many marks there are in a text.
pub fn mark_count(text: &[u8]) -> usize {
    memmem::find_iter(text, &MARK).count()
}

/// Encoded text, perhaps with blanks.
#[derive(Debug, Default)]
pub struct Template {
    /// Boxed, and so without room to grow.
    text: Box<[u8]>,
    /// Where blanks begin, and whose they are.
    blanks: Vec<(usize, usize)>,
}

impl Template {
    /// Text without blanks, whatever it holds.
    pub fn whole(text: Vec<u8>) -> Self {
        Self {
            text: text.into_boxed_slice(),
            blanks: Vec::new(),
        }
    }

    /// The same text, with a blank at each mark.
    pub fn blanked(self) -> Self {
        let blanks = memmem::find_iter(&self.text, &MARK).filter_map(|begin| {
            let last = self.text.get(begin.checked_add(MARK.len())?)?;
            Some((begin, usize::from(last & 0x3f)))
        });
        Self {
            blanks: blanks.collect(),
            text: self.text,
        }
    }

    /// Bytes of the text.
    pub fn size(&self) -> usize {
        self.text.len()
    }

    /// Whether the text is this one, its blanks filled in.
    pub fn says(&self, request: Option<&pb::CheckRequest>, text: &str) -> bool {
        let mut rest = Some(text.as_bytes());
        self.fill(request, |piece| rest = rest.and_then(|rest| rest.strip_prefix(piece)));
        rest.is_some_and(<[u8]>::is_empty)
    }

    /// Bytes that it takes in memory.
    pub fn weight(&self) -> usize {
        let blanks = self.blanks.len().saturating_mul(size_of::<(usize, usize)>());
        self.text.len().saturating_add(blanks)
    }

    /// Gives the text in pieces, its blanks filled in with the ids of the licenses in a request that asks the same.
    pub fn fill<'a>(&'a self, request: Option<&'a pb::CheckRequest>, mut piece: impl FnMut(&'a [u8])) {
        let licenses = request.and_then(|request| request.device.as_ref());
        let licenses = licenses.map_or(&[][..], |device| &device.licenses);
        let mut rest = 0;
        for (begin, index) in &self.blanks {
            let id = licenses.get(*index).map_or(&[][..], |license| license.id.as_bytes());
            piece(self.text.get(rest..*begin).unwrap_or_default());
            piece(id);
            rest = begin.saturating_add(id.len());
        }
        piece(self.text.get(rest..).unwrap_or_default());
    }
}
