use super::*;
use crate::store::{OpenError, Owner};

#[tokio::test]
async fn a_second_owner_is_told_who_the_first_is() {
    let place = Place::new();
    let first = Store::open_owned(&place.path(), Some("127.0.0.1:50051")).await.unwrap();
    let me = std::process::id();
    let refused = Store::open_owned(&place.path(), None).await.map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::Owned { .. }));
    let lock = place.beside(".lock").canonicalize().unwrap();
    assert_eq!(
        refused.to_string(),
        format!(
            "`{}` is held by process {me}, serving `127.0.0.1:50051`; ask that process, or end it",
            lock.display()
        )
    );
    drop(first);
}

#[cfg(unix)]
#[tokio::test]
async fn another_name_of_an_owned_database_is_owned_too() {
    let place = Place::new();
    let _first = place.open().await;
    let other = place.folder.path().join("other.db");
    std::os::unix::fs::symlink(place.path(), &other).unwrap();
    let refused = Store::open_owned(&other, None).await.map(drop);
    assert!(matches!(refused, Err(OpenError::Owned { .. })), "{refused:?}");
    assert!(Owner::of(&other).is_some());
}

#[tokio::test]
async fn the_owner_is_seen_while_it_lives_and_where_it_serves_once_it_says() {
    let place = Place::new();
    assert_eq!(Owner::of(&place.path()), None);
    let (store, writer) = place.open().await;
    let mut owner = Owner {
        pid: Some(std::process::id()),
        address: None,
    };
    assert_eq!(Owner::of(&place.path()), Some(owner.clone()));
    for address in ["127.0.0.1:50051", "[::1]:1"] {
        store.announce(address).unwrap();
        owner.address = Some(address.to_owned());
        assert_eq!(Owner::of(&place.path()), Some(owner.clone()));
    }
    close(store, writer).await;
    assert_eq!(Owner::of(&place.path()), None);
}

#[cfg(unix)]
#[tokio::test]
async fn a_database_with_two_names_is_written_by_neither_until_one_is_gone() {
    let place = Place::new();
    let (store, writer) = place.open().await;
    let folder = place.folder.path().join("other");
    std::fs::create_dir(&folder).unwrap();
    let other = folder.join("log.db");
    std::fs::hard_link(place.path(), &other).unwrap();
    let error = Store::open_owned(&other, None).await.map(drop).unwrap_err().to_string();
    assert!(
        error.contains("a hard link") && error.contains("remove the other name"),
        "{error}"
    );
    close(store, writer).await;
    let refused = Store::open_owned(&place.path(), None).await.map(drop);
    assert!(matches!(refused, Err(OpenError::Linked { .. })), "{refused:?}");
    std::fs::remove_file(&other).unwrap();
    place.open().await;
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_recorded_once_the_lock_file_is_gone() {
    let place = Place::new();
    let (_store, mut writer) = place.open().await;
    let away = place.beside(".away");
    std::fs::rename(place.beside(".lock"), &away).unwrap();
    let error = record(&mut writer, 1).await.unwrap_err();
    assert!(matches!(error, WriteError::Moved { .. }), "{error:?}");
    assert!(
        error.to_string().contains(".lock` was moved, deleted or replaced"),
        "{error}"
    );
    std::fs::rename(away, place.beside(".lock")).unwrap();
    record(&mut writer, 1).await.unwrap();
}

#[tokio::test]
async fn a_lock_file_left_by_a_killed_process_does_not_count() {
    let place = Place::new();
    std::fs::write(
        place.beside(".lock"),
        "pid 4242\naddress 127.0.0.1:50051\n and more than the next text\n",
    )
    .unwrap();
    assert_eq!(Owner::of(&place.path()), None);
    let _open = place.open().await;
    let owner = Owner {
        pid: Some(std::process::id()),
        address: None,
    };
    assert_eq!(Owner::of(&place.path()), Some(owner));
}

#[tokio::test]
async fn a_held_lock_with_an_unreadable_text_still_counts() {
    let place = Place::new();
    std::fs::write(place.beside(".lock"), b"\xff\xfe").unwrap();
    let lock = std::fs::File::open(place.beside(".lock")).unwrap();
    lock.try_lock().unwrap();
    assert_eq!(Owner::of(&place.path()), Some(Owner::default()));
    let refused = Store::open_owned(&place.path(), None).await.map(drop).unwrap_err();
    assert!(
        refused
            .to_string()
            .ends_with("is held by another process; ask that process, or end it")
    );
}

#[tokio::test]
async fn readers_need_no_ownership() {
    let place = Place::new();
    let (_store, mut writer) = place.open().await;
    record(&mut writer, 2).await.unwrap();
    let reader = Store::open_reading(&place.path()).await.unwrap();
    assert_holds(&reader, 2).await;
    reader.announce("nowhere").unwrap();
    assert_eq!(Owner::of(&place.path()).unwrap().address, None);
}
