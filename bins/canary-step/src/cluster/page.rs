//! A page of a pod, by way of the API server, within bounds of its own: it is not the server that answers.
use std::time::Duration;

use http::Request;
use http_body_util::{BodyExt as _, Limited};
use kube::client::Body;

use super::{ApiError, Cluster, Kind, told};
use crate::sources::page::LARGEST;

/// How long a pod may take.
const TIMEOUT: Duration = Duration::from_secs(5);

impl Cluster {
    /// The page at a port and path of a pod.
    ///
    /// # Errors
    /// The pod does not answer, or not in time, or with something else than a page of at most 1 MiB.
    pub async fn page(&self, pod: &str, (port, path): (u16, &str)) -> Result<String, ApiError> {
        let uri = format!("{}:{port}/proxy/{path}", self.path(Kind::Pod, pod));
        let request = Request::get(uri).body(Body::empty()).map_err(|error| ApiError::Odd(error.to_string()))?;
        let asked = async {
            let response = self.client.send(request).await.map_err(|error| ApiError::Lost(told(&error)))?;
            self.hear(response.headers());
            let status = response.status().as_u16();
            let body = Limited::new(response.into_body(), LARGEST).collect().await;
            let body = body.map_err(|error| ApiError::Odd(format!("the page is too long, or broke off: {error}")))?;
            if status != 200 {
                return Err(ApiError::Odd(format!("the pod answers {status}")));
            }
            String::from_utf8(body.to_bytes().to_vec()).map_err(|_| ApiError::Odd("the page is no text".to_owned()))
        };
        let answered = tokio::time::timeout(TIMEOUT, asked).await;
        answered.map_err(|_| ApiError::Lost("no answer within 5 s".to_owned()))?
    }
}
