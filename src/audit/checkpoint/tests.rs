use super::{
    super::{Log, Tree, forest::leaves},
    *,
};

fn origin(log: Log) -> Origin {
    Origin::new("imaging.example.com/rights", log).unwrap()
}

fn key(random: u8) -> SigningKey {
    SigningKey::generate(&origin(Log::Decisions), [random; 32]).unwrap()
}

fn trusted(keys: &[&SigningKey]) -> TrustedKeys {
    keys.iter().map(|key| key.verifier().clone()).collect()
}

fn checkpoint() -> Checkpoint {
    let tree = Tree::new().appended(&leaves(1000)).0;
    Checkpoint {
        origin: origin(Log::Decisions),
        size: tree.size(),
        root: tree.root(),
        extensions: vec![],
    }
}

#[test]
fn a_signed_checkpoint_is_a_note_of_three_lines_and_a_signature() {
    assert_eq!(
        checkpoint().sign(&key(7)).unwrap(),
        "imaging.example.com/rights/decisions\n\
         1000\n\
         SeTmby0nKHZfehxPYU45h7h5fkRB65ItxFFUq81hzv0=\n\
         \n\
         — imaging.example.com/rights/decisions \
         IUF0d9pptGO923vdFx+xe3ICw/9A29ynOl3DLr54kQx/VWT6chK5j+jjCVsFxGBPX/Ln549mc3IsTtsgTSxTQHsdyA0=\n"
    );
}

#[test]
fn a_signed_checkpoint_opens_with_the_key_that_signed_it() {
    let mut checkpoint = checkpoint();
    for extensions in [vec![], vec!["one".to_owned(), "two lines".to_owned()]] {
        checkpoint.extensions = extensions;
        let note = checkpoint.sign(&key(7)).unwrap();
        assert_eq!(trusted(&[&key(7)]).open(note.as_bytes()).as_ref(), Ok(&checkpoint));
    }
}

#[test]
fn a_checkpoint_with_any_byte_flipped_does_not_open() {
    let note = checkpoint().sign(&key(7)).unwrap().into_bytes();
    let trusted = trusted(&[&key(7)]);
    assert!(trusted.open(&note).is_ok());
    for place in 0..note.len() {
        for bit in 0..8 {
            let mut other = note.clone();
            other[place] ^= 1 << bit;
            assert!(trusted.open(&other).is_err(), "byte {place}, bit {bit}");
        }
    }
    for len in 0..note.len() {
        assert!(trusted.open(&note[..len]).is_err(), "cut to {len} bytes");
    }
}

#[test]
fn what_is_wrong_with_a_checkpoint_is_named() {
    let note = checkpoint().sign(&key(7)).unwrap();
    let name = key(7).verifier().name();
    assert_eq!(
        trusted(&[&key(8)]).open(note.as_bytes()),
        Err(CheckpointError::UnknownKey {
            signers: format!("`{name}`")
        })
    );
    let larger = note.replace("\n1000\n", "\n1001\n");
    assert_eq!(
        trusted(&[&key(7)]).open(larger.as_bytes()),
        Err(CheckpointError::Signature { key: name })
    );
    assert_eq!(trusted(&[]).open(b"nothing"), Err(CheckpointError::Form));
}

#[test]
fn while_keys_change_a_checkpoint_signed_by_both_opens_with_either() {
    let mut note = Note::from_bytes(checkpoint().sign(&key(7)).unwrap().as_bytes()).unwrap();
    note.add_sigs(&[key(8).signer()]).unwrap();
    let note = note.to_bytes();
    for keys in [
        vec![&key(7)],
        vec![&key(8)],
        vec![&key(7), &key(8)],
        vec![&key(8), &key(9)],
    ] {
        assert!(trusted(&keys).open(&note).is_ok());
    }
    assert!(matches!(
        trusted(&[&key(9)]).open(&note),
        Err(CheckpointError::UnknownKey { .. })
    ));
}

#[test]
fn the_key_of_one_log_signs_nothing_of_the_other() {
    let operations = SigningKey::generate(&origin(Log::Operations), [7; 32]).unwrap();
    let other_log = || CheckpointError::OtherLog {
        origin: "imaging.example.com/rights/decisions".to_owned(),
    };
    assert_eq!(checkpoint().sign(&operations), Err(other_log()));

    // Not even where somebody signs past this code.
    let mut note = Note::new(&checkpoint().text().unwrap(), &[]).unwrap();
    note.add_sigs(&[operations.signer()]).unwrap();
    assert_eq!(trusted(&[&operations]).open(&note.to_bytes()), Err(other_log()));
}

#[test]
fn extensions_are_lines() {
    for line in ["", "a\nb", "a\n\nb", "a\tb"] {
        let checkpoint = Checkpoint {
            extensions: vec![line.to_owned()],
            ..checkpoint()
        };
        assert_eq!(checkpoint.sign(&key(7)), Err(CheckpointError::Form), "{line:?}");
    }
}

#[test]
fn sizes_beyond_any_log_are_refused_though_signed() {
    let large = Checkpoint {
        size: SIZE_MAX + 1,
        ..checkpoint()
    };
    assert_eq!(large.sign(&key(7)), Err(CheckpointError::Size(SIZE_MAX + 1)));
}
