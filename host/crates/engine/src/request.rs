//! What one request carries from its start to its end.

use std::sync::Arc;

use model::ModelDef;
use sandbox::{CallContext, Session};
use sql::{Moment, OperationKind};

use crate::Generation;
use crate::generation::Model;

/// One generation, one model, one moment.
pub(crate) struct Request {
    pub(crate) generation: Arc<Generation>,
    pub(crate) model: Arc<Model>,
    pub(crate) kind: OperationKind,
    pub(crate) moment: Moment,
}

impl Request {
    /// The request, and the guest of its hooks: made lazily by the first of them and dropped with the request.
    pub(crate) fn begin(
        generation: Arc<Generation>,
        model: Arc<Model>,
        kind: OperationKind,
        now_us: i64,
    ) -> (Self, Session) {
        let mut random = [0_u8; 18];
        getrandom::fill(&mut random).expect("the operating system gives random bytes");
        let (id, seed) = random.split_at(10);
        let session = generation.plugin.session(CallContext {
            namespace: std::sync::Arc::from(generation.namespace.as_str()),
            now_us,
            seed: u64::from_le_bytes(seed.try_into().expect("8 bytes")),
            limits: generation.limits,
        });
        let moment = Moment { now_us, random: id.try_into().expect("10 bytes") };
        let request = Self { generation, model, kind, moment };
        (request, session)
    }

    pub(crate) fn def(&self) -> &ModelDef {
        &self.model.def
    }
}
