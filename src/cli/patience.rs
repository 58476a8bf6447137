//! Calls that are told when to come again: nothing of them was done, and whoever typed a command means to have its answer.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt as _;

/// How long a command waits, in all, before it says that it was refused.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// Asks, and again as often as the service names a time for it.
pub(super) async fn patiently<T>(mut call: impl AsyncFnMut() -> Result<Response<T>, Status>) -> Result<T, Status> {
    let began = Instant::now();
    loop {
        let status = match call().await {
            Ok(response) => return Ok(response.into_inner()),
            Err(status) => status,
        };
        match retry_delay(&status) {
            Some(delay) if status.code() == Code::ResourceExhausted && began.elapsed() + delay < WAIT_MAX => {
                sleep(delay).await;
            }
            _ => return Err(status),
        }
    }
}

/// When to come again, as the service says.
pub(super) fn retry_delay(status: &Status) -> Option<Duration> {
    status.get_details_retry_info()?.retry_delay
}

#[cfg(test)]
mod tests {
    use tonic_types::ErrorDetails;

    use super::*;

    fn told(code: Code, delay: Duration) -> Status {
        Status::with_error_details(code, "come again", ErrorDetails::with_retry_info(Some(delay)))
    }

    #[tokio::test]
    async fn who_is_told_to_come_again_does_and_nobody_else() {
        let moment = Duration::from_millis(1);
        let mut answers = vec![
            Ok(Response::new("third")),
            Err(told(Code::ResourceExhausted, moment)),
            Err(told(Code::ResourceExhausted, moment)),
        ];
        assert_eq!(patiently(async || answers.pop().unwrap()).await.unwrap(), "third");
        for status in [
            told(Code::Unavailable, moment),
            told(Code::ResourceExhausted, WAIT_MAX),
            Status::resource_exhausted("for good"),
        ] {
            let mut calls = 0;
            let refused = patiently(async || {
                calls += 1;
                Err::<Response<()>, _>(status.clone())
            });
            assert_eq!(refused.await.unwrap_err().message(), status.message());
            assert_eq!(calls, 1);
        }
    }
}
