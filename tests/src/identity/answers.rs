//! What the cloud answers: a pure function of what it trusts, what it gave, and the time.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::http::Request;
use super::jwt::Key;
use super::{Job, Trust};

/// How long GitHub's token holds, in seconds.
const IDENTITY: u64 = 300;
/// How long Google's tokens hold.
const ACCESS: u64 = 3_600;
/// Where an account's access is lent, before and after its name.
const LEND: (&str, &str) = ("POST /v1/projects/-/serviceAccounts/", ":generateAccessToken");
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// All that the server knows.
pub(super) struct State {
    url: String,
    trust: Trust,
    key: Key,
    /// Jobs by the token that the runner gives each.
    jobs: BTreeMap<String, Job>,
    /// What a federated token stands for, and until when it holds.
    federated: BTreeMap<String, (String, u64)>,
    /// Accounts by access token, and until when it holds.
    access: BTreeMap<String, (String, u64)>,
    pub(super) log: Vec<String>,
}

/// Status and body.
type Answer = (u16, Value);

impl State {
    pub(super) fn new(url: String, trust: Trust, key: Key) -> Self {
        let (jobs, federated, access, log) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), Vec::new());
        Self { url, trust, key, jobs, federated, access, log }
    }

    pub(super) fn register(&mut self, job: Job) -> String {
        let token = self.key.secret();
        self.jobs.insert(token.clone(), job);
        token
    }

    pub(super) fn answer(&mut self, request: &Request, now: u64) -> Answer {
        let answered = match request.line.as_str() {
            "GET /.well-known/openid-configuration" => Ok(json!({
                "issuer": self.url, "jwks_uri": format!("{}/.well-known/jwks", self.url),
                "id_token_signing_alg_values_supported": ["ES256"],
            })),
            "GET /.well-known/jwks" => Ok(self.key.published()),
            "GET /github/token" => self.identity(request, now),
            "POST /v1/token" => self.exchange(&request.body, now),
            "GET /tokeninfo" => self.told(request.asked("access_token"), now),
            line => match line.strip_prefix(LEND.0).and_then(|rest| rest.strip_suffix(LEND.1)) {
                Some(account) => self.lend(account, &request.bearer, now),
                None => Err((404, json!({"error": {"code": 404, "message": format!("there is no {line}")}}))),
            },
        };
        match answered {
            Ok(body) => (200, body),
            Err((status, body)) => {
                self.log.push(format!("refused: {body}"));
                (status, body)
            }
        }
    }

    /// GitHub: the token of a job for an audience.
    fn identity(&mut self, request: &Request, now: u64) -> Result<Value, Answer> {
        let job = self.jobs.get(&request.bearer).ok_or_else(|| (401, json!({"message": "no job has this token"})))?;
        let owner = job.repository.split('/').next().unwrap_or_default();
        let audience = match request.asked("audience") {
            "" => format!("https://github.com/{owner}"),
            audience => audience.to_owned(),
        };
        let mut claims = json!({
            "iss": self.url, "aud": audience, "sub": job.subject(), "jti": self.key.secret(),
            "iat": now, "nbf": now.saturating_sub(5), "exp": now + IDENTITY,
            "repository": job.repository, "repository_owner": owner, "ref": job.reference,
            "ref_type": if job.reference.starts_with("refs/tags/") { "tag" } else { "branch" },
            "workflow_ref": job.workflow, "job_workflow_ref": job.job_workflow,
            "event_name": job.event, "run_id": job.run, "runner_environment": "github-hosted",
        });
        if !job.environment.is_empty() {
            claims["environment"] = json!(job.environment);
        }
        let token = self.key.sign(&claims);
        self.log.push(format!("identity: {} for {audience}", job.subject()));
        Ok(json!({"value": token}))
    }

    /// Google's Security Token Service: an identity for a token of the pool.
    fn exchange(&mut self, body: &Value, now: u64) -> Result<Value, Answer> {
        let refused = |kind: &str, why: String| (400, json!({"error": kind, "error_description": why}));
        for (field, wanted) in
            [("grantType", EXCHANGE), ("requestedTokenType", ACCESS_TOKEN), ("subjectTokenType", JWT)]
        {
            if body[field] != wanted {
                return Err(refused("invalid_request", format!("{field} is {}", body[field])));
            }
        }
        let provider = &self.trust.provider;
        if body["audience"] != format!("//iam.googleapis.com/{provider}") {
            return Err(refused("invalid_target", format!("there is no provider {}", body["audience"])));
        }
        let audience = format!("https://iam.googleapis.com/{provider}");
        let token = body["subjectToken"].as_str().unwrap_or_default();
        let claims =
            self.key.verify(token, (&self.url, &audience), now).map_err(|why| refused("invalid_grant", why))?;
        if claims["repository"] != self.trust.repository.as_str() {
            let why = "the given credential is rejected by the attribute condition".to_owned();
            return Err(refused("unauthorized_client", why));
        }
        let (token, subject) = (self.key.secret(), claims["sub"].as_str().unwrap_or_default().to_owned());
        self.log.push(format!("federated: {subject}"));
        self.federated.insert(token.clone(), (subject, now + ACCESS));
        Ok(
            json!({"access_token": token, "issued_token_type": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": ACCESS}),
        )
    }

    /// Google's IAM: the access of an account for an identity that may become it.
    fn lend(&mut self, account: &str, bearer: &str, now: u64) -> Result<Value, Answer> {
        let failure = |code: u16, status: &str, message: String| {
            (code, json!({"error": {"code": code, "status": status, "message": message}}))
        };
        let Some((subject, _)) = self.federated.get(bearer).filter(|(_, until)| now < *until) else {
            return Err(failure(401, "UNAUTHENTICATED", "the request has no valid credential".to_owned()));
        };
        if !self.trust.accounts.get(account).is_some_and(|subjects| subjects.contains(subject)) {
            let message = format!("Permission 'iam.serviceAccounts.getAccessToken' denied on {account} for {subject}");
            return Err(failure(403, "PERMISSION_DENIED", message));
        }
        let token = format!("ya29.{}", self.key.secret());
        self.log.push(format!("lent: {account} to {subject}"));
        self.access.insert(token.clone(), (account.to_owned(), now + ACCESS));
        let until = jiff::Timestamp::from_second(i64::try_from(now + ACCESS).unwrap_or(0)).unwrap_or_default();
        Ok(json!({"accessToken": token, "expireTime": until.to_string()}))
    }

    /// Whose access a token is, as whoever receives it asks.
    fn told(&self, token: &str, now: u64) -> Result<Value, Answer> {
        match self.access.get(token).filter(|(_, until)| now < *until) {
            Some((account, until)) => Ok(json!({"email": account, "expires_in": (until - now).to_string()})),
            None => Err((400, json!({"error": "invalid_token", "error_description": "no access goes by this token"}))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_700_000_000;
    const PROVIDER: &str = "projects/1/locations/global/workloadIdentityPools/github/providers/monorepo";
    const ACCOUNT: &str = "deploy@shop";

    /// What one exchange is made of, so that a test changes one thing of it.
    struct Given {
        job: Job,
        audience: String,
        /// What becomes of the identity token on its way.
        token: fn(String) -> String,
        account: &'static str,
        /// Seconds between the identity token and its exchange.
        later: u64,
    }

    fn given() -> Given {
        let job = Job {
            repository: "dataflow/monorepo".to_owned(),
            reference: "refs/heads/main".to_owned(),
            environment: "production".to_owned(),
            ..Job::default()
        };
        let audience = format!("https://iam.googleapis.com/{PROVIDER}");
        Given { job, audience, token: |token| token, account: ACCOUNT, later: 0 }
    }

    /// The whole way: whose access comes of it, or why none does.
    fn check(given: Given) -> Result<String, String> {
        let accounts =
            BTreeMap::from([(ACCOUNT.to_owned(), vec!["repo:dataflow/monorepo:environment:production".to_owned()])]);
        let trust = Trust { provider: PROVIDER.to_owned(), repository: "dataflow/monorepo".to_owned(), accounts };
        let mut state = State::new("http://cloud".to_owned(), trust, Key::new().unwrap());
        let bearer = state.register(given.job);
        let mut ask = |line: &str, query: &[(&str, &str)], bearer: &str, body: Value, now: u64| {
            let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            let (line, bearer) = (line.to_owned(), bearer.to_owned());
            match state.answer(&Request { line, query, bearer, body }, now) {
                (200, body) => Ok(body),
                (status, body) => Err(format!("{status} {body}")),
            }
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let identity = ask("GET /github/token", &[("audience", &given.audience)], &bearer, Value::Null, NOW)?;
        let token = (given.token)(text(&identity["value"]));
        let body = json!({
            "audience": format!("//iam.googleapis.com/{PROVIDER}"), "grantType": EXCHANGE, "requestedTokenType": ACCESS_TOKEN,
            "subjectTokenType": JWT, "subjectToken": token,
        });
        let federated = ask("POST /v1/token", &[], "", body, NOW + given.later)?;
        let line = format!("{}{}{}", LEND.0, given.account, LEND.1);
        let lent = ask(&line, &[], &text(&federated["access_token"]), json!({}), NOW + given.later)?;
        let told = ask("GET /tokeninfo", &[("access_token", &text(&lent["accessToken"]))], "", Value::Null, NOW)?;
        Ok(text(&told["email"]))
    }

    #[test]
    fn the_right_job_becomes_the_account() {
        assert_eq!(check(given()).as_deref(), Ok(ACCOUNT));
        assert_eq!(check(Given { later: IDENTITY - 1, ..given() }).as_deref(), Ok(ACCOUNT));
    }

    #[test]
    fn everything_else_is_refused() {
        let job = |change: fn(&mut Job)| {
            let mut given = given();
            change(&mut given.job);
            given
        };
        let swapped = |token: String| {
            let (rest, signature) = token.rsplit_once('.').unwrap();
            let (header, claims) = rest.split_once('.').unwrap();
            let claims = String::from_utf8(super::super::jwt::tests::bytes(claims)).unwrap();
            let claims = claims.replace("environment:staging", "environment:production");
            format!("{header}.{}.{signature}", super::super::jwt::tests::text(claims.as_bytes()))
        };
        let staging = |given: &mut Job| "staging".clone_into(&mut given.environment);
        let table = [
            (job(staging), "PERMISSION_DENIED"),
            (job(|job| job.environment.clear()), "PERMISSION_DENIED"),
            (job(|job| "somebody/else".clone_into(&mut job.repository)), "attribute condition"),
            (Given { audience: "https://github.com/dataflow".to_owned(), ..given() }, "aud is"),
            (Given { account: "owner@shop", ..given() }, "PERMISSION_DENIED"),
            (Given { later: IDENTITY, ..given() }, "does not hold at this time"),
            (Given { token: swapped, ..job(staging) }, "signature"),
            (Given { token: |token| token.rsplit_once('.').unwrap().0.to_owned() + ".", ..given() }, "signature"),
            (Given { token: |_| super::super::jwt::tests::unsigned(), ..given() }, "no key of the issuer"),
            (Given { token: |_| String::new(), ..given() }, "no JSON Web Token"),
            (Given { token: |_| Key::new().unwrap().sign(&json!({})), ..given() }, "no key of the issuer"),
        ];
        for (given, why) in table {
            let refused = check(given).unwrap_err();
            assert!(refused.contains(why), "{why}: {refused}");
        }
    }

    #[test]
    fn nobody_gets_an_identity_without_the_token_of_a_job() {
        let mut state = State::new("http://cloud".to_owned(), Trust::default(), Key::new().unwrap());
        let request = Request { line: "GET /github/token".to_owned(), ..Request::default() };
        assert_eq!(state.answer(&request, NOW).0, 401);
    }
}
