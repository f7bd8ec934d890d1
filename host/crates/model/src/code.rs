//! The codes of every error that a reader can meet.
//!
//! One list, so that a code cannot exist without its page (`page.rs` matches on it exhaustively), its HTTP status (the
//! host does) and a test that reaches it. A code is stable: it is never renamed or given another meaning.

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// Whoever sent the request, wrote the configuration or typed the command.
    Caller,
    /// The plugin.
    Guest,
    /// The host.
    Host,
    /// The database.
    Database,
}

impl Blame {
    /// The word for it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Guest => "guest",
            Self::Host => "host",
            Self::Database => "database",
        }
    }
}

macro_rules! codes {
    ($($variant:ident = $text:literal, $blame:ident;)*) => {
        /// A stable error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as it is written.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// Who has to act.
            pub fn blame(self) -> Blame {
                match self { $(Self::$variant => Blame::$blame,)* }
            }
        }
    };
}

codes! {
    RequestNotJson = "request.not-json", Caller;
    RequestShape = "request.shape", Caller;
    RequestTooLarge = "request.too-large", Caller;
    RequestTooDeep = "request.too-deep", Caller;
    RequestContentType = "request.content-type", Caller;
    RequestHost = "request.host-not-allowed", Caller;
    RequestNotFound = "request.not-found", Caller;
    RequestMethod = "request.method", Caller;
    RequestTimeout = "request.timed-out", Caller;

    PlanUnknownModel = "plan.unknown-model", Caller;
    PlanUnknownOperation = "plan.unknown-operation", Caller;
    PlanUnknownField = "plan.unknown-field", Caller;
    PlanUnknownOperator = "plan.unknown-operator", Caller;
    PlanUnknownOption = "plan.unknown-option", Caller;
    PlanOptionValue = "plan.option-value", Caller;
    PlanTypeMismatch = "plan.type-mismatch", Caller;
    PlanMissingField = "plan.missing-field", Caller;
    PlanManagedField = "plan.managed-field", Caller;
    PlanKeyChange = "plan.key-change", Caller;
    PlanNotUnique = "plan.not-unique", Caller;
    PlanFilterShape = "plan.filter-shape", Caller;
    PlanFilterLimit = "plan.filter-limit", Caller;
    PlanCursor = "plan.cursor", Caller;
    PlanTooManyRows = "plan.too-many-rows", Caller;
    PlanUnsupported = "plan.unsupported", Caller;

    RecordNotFound = "record.not-found", Caller;
    RecordRefused = "record.refused", Caller;
    WriteConflict = "write.conflict", Caller;

    GuestTrap = "guest.trap", Guest;
    GuestTimeLimit = "guest.time-limit", Guest;
    GuestMemoryLimit = "guest.memory-limit", Guest;
    GuestStackLimit = "guest.stack-limit", Guest;
    GuestOutputLimit = "guest.output-limit", Guest;
    GuestBadOutput = "guest.bad-output", Guest;

    PluginNotWasm = "plugin.not-wasm", Caller;
    PluginMalformed = "plugin.malformed", Caller;
    PluginCoreModule = "plugin.core-module", Caller;
    PluginTooLarge = "plugin.too-large", Caller;
    PluginCompileLimit = "plugin.compile-limit", Caller;
    PluginWrongWorld = "plugin.wrong-world", Caller;
    PluginWrongVersion = "plugin.wrong-version", Caller;
    PluginChangedType = "plugin.changed-type", Caller;
    PluginMissingExport = "plugin.missing-export", Caller;
    PluginForbiddenImport = "plugin.forbidden-import", Caller;
    PluginBadDescribe = "plugin.bad-describe", Guest;
    PluginDescribeDiffers = "plugin.describe-differs", Guest;
    PluginBadHook = "plugin.bad-hook", Guest;
    PluginInvalidModel = "plugin.invalid-model", Guest;
    PluginNotGranted = "plugin.not-granted", Caller;
    PluginBuildFailed = "plugin.build-failed", Caller;
    PluginNoTarget = "plugin.no-wasm-target", Caller;
    PluginFolderExists = "plugin.folder-exists", Caller;

    SchemaTableNotOwned = "schema.table-not-owned", Caller;
    SchemaChangeRefused = "schema.change-refused", Caller;
    SchemaDiffers = "schema.differs", Caller;
    SchemaHistoryBroken = "schema.history-broken", Database;
    SchemaLocked = "schema.locked", Database;

    NamespaceUnknown = "namespace.unknown", Caller;
    NamespaceExists = "namespace.exists", Caller;
    NamespaceName = "namespace.invalid-name", Caller;
    NamespaceEmpty = "namespace.nothing-deployed", Caller;
    NamespaceOwnedElsewhere = "namespace.owned-elsewhere", Caller;
    NamespaceReplaced = "namespace.replaced", Host;
    NamespacePlaceTaken = "namespace.place-taken", Caller;
    NamespacePlacement = "namespace.placement", Caller;
    NamespaceConsent = "namespace.consent-missing", Caller;
    DataSourceUnknown = "data-source.unknown", Caller;
    GenerationUnknown = "generation.unknown", Caller;
    DeploymentUnknown = "deployment.unknown", Caller;

    DatabaseRefused = "database.refused", Database;
    DatabaseUnknownHost = "database.unknown-host", Database;
    DatabaseAuthFailed = "database.auth-failed", Database;
    DatabaseMissing = "database.missing", Database;
    DatabaseTlsRequired = "database.tls-required", Database;
    DatabasePoolExhausted = "database.pool-exhausted", Database;
    DatabaseTimeout = "database.timed-out", Database;
    DatabaseConnectionLost = "database.connection-lost", Database;
    DatabaseBusy = "database.busy", Database;
    DatabaseDiskFull = "database.disk-full", Database;
    DatabaseFile = "database.file", Database;
    DatabaseFailed = "database.failed", Database;

    ConfigUnreadable = "config.unreadable", Caller;
    ConfigSyntax = "config.syntax", Caller;
    ConfigUnknownKey = "config.unknown-key", Caller;
    ConfigInvalidValue = "config.invalid-value", Caller;
    ConfigConflict = "config.conflict", Caller;
    ConfigMissing = "config.missing", Caller;

    AuthMissing = "auth.missing", Caller;
    AuthInvalid = "auth.invalid", Caller;
    AuthRevoked = "auth.revoked", Caller;
    AuthForbidden = "auth.forbidden", Caller;
    KeyUnknown = "key.unknown", Caller;

    HostPortInUse = "host.port-in-use", Host;
    HostOverloaded = "host.overloaded", Host;
    HostStateLocked = "host.state-locked", Host;
    HostStateUnusable = "host.state-unusable", Host;
    HostBug = "host.bug", Host;

    CliUsage = "cli.usage", Caller;
    CliFile = "cli.file-unreadable", Caller;
    CliServer = "cli.server-unreachable", Caller;
    CliUnknownCode = "cli.unknown-code", Caller;
}

impl Code {
    /// The code that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
