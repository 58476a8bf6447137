//! The services of gRPC behind the door.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http::{Request, Response};
use tonic::body::Body;
use tower::{Layer, Service};

use crate::door::{Door, Method, Protocol, unread_answer};

/// The layer in front of all services.
#[derive(Clone, Debug)]
pub struct Behind(Door);

impl Behind {
    /// Behind this door.
    #[must_use]
    pub fn new(door: Door) -> Self {
        Self(door)
    }
}

impl<S> Layer<S> for Behind {
    type Service = Doorway<S>;

    fn layer(&self, inner: S) -> Doorway<S> {
        let door = self.0.clone();
        Doorway { inner, door }
    }
}

/// The services behind the door.
#[derive(Clone, Debug)]
pub struct Doorway<S> {
    inner: S,
    door: Door,
}

type Answering<E> = Pin<Box<dyn Future<Output = Result<Response<Body>, E>> + Send>>;

impl<S> Service<Request<Body>> for Doorway<S>
where
    S: Service<Request<Body>, Response = Response<Body>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Answering<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let method = Method::at(request.uri().path());
        let entry = match self.door.enter(method, Protocol::Grpc, &mut request) {
            Ok(entry) => entry,
            Err(status) => return Box::pin(std::future::ready(Ok(status.into_http()))),
        };
        let answering = self.inner.call(request.map(|body| Body::new(entry.heard(body))));
        Box::pin(async move {
            match entry.wait(answering).await {
                Ok((response, exit)) => Ok(exit.told_by(unread_answer(response?))),
                Err(status) => Ok(status.into_http()),
            }
        })
    }
}
