//! The texts of the pages, one file for each family of codes.
//!
//! The list is exhaustive and in the order of [`Code::ALL`]; how a page is shown is not decided here. Every example uses
//! the plugins `crm` (in `acme`) and `shop` (in `globex`), every command is one that the program has.

mod auth;
mod cli;
mod config;
mod database;
mod guest;
mod host;
mod namespace;
mod plan;
mod plugin;
mod record;
mod request;
mod schema;

use super::{Example, Language, Page};
use crate::Code;

/// Codes that a reader looks for in one place.
pub(super) struct Family {
    pub(super) title: &'static str,
    pub(super) codes: &'static [Code],
}

macro_rules! pages {
    ($($family:ident { $($variant:ident = $page:ident;)* })*) => {
        pub(super) const FAMILIES: &[Family] = &[
            $(Family { title: $family::TITLE, codes: &[$(Code::$variant,)*] },)*
        ];

        impl Code {
            /// The page of the code.
            pub fn page(self) -> Page {
                match self { $($(Self::$variant => $family::$page,)*)* }
            }
        }
    };
}

pages! {
    request {
        RequestNotJson = NOT_JSON;
        RequestShape = SHAPE;
        RequestTooLarge = TOO_LARGE;
        RequestTooDeep = TOO_DEEP;
        RequestContentType = CONTENT_TYPE;
        RequestHost = HOST;
        RequestNotFound = NOT_FOUND;
        RequestMethod = METHOD;
        RequestTimeout = TIMED_OUT;
    }
    plan {
        PlanUnknownModel = UNKNOWN_MODEL;
        PlanUnknownOperation = UNKNOWN_OPERATION;
        PlanUnknownField = UNKNOWN_FIELD;
        PlanUnknownOperator = UNKNOWN_OPERATOR;
        PlanUnknownOption = UNKNOWN_OPTION;
        PlanOptionValue = OPTION_VALUE;
        PlanTypeMismatch = TYPE_MISMATCH;
        PlanMissingField = MISSING_FIELD;
        PlanManagedField = MANAGED_FIELD;
        PlanKeyChange = KEY_CHANGE;
        PlanNotUnique = NOT_UNIQUE;
        PlanFilterShape = FILTER_SHAPE;
        PlanFilterLimit = FILTER_LIMIT;
        PlanCursor = CURSOR;
        PlanTooManyRows = TOO_MANY_ROWS;
        PlanUnsupported = UNSUPPORTED;
    }
    record {
        RecordNotFound = NOT_FOUND;
        RecordRefused = REFUSED;
        WriteConflict = CONFLICT;
    }
    guest {
        GuestTrap = TRAP;
        GuestTimeLimit = TIME_LIMIT;
        GuestMemoryLimit = MEMORY_LIMIT;
        GuestStackLimit = STACK_LIMIT;
        GuestOutputLimit = OUTPUT_LIMIT;
        GuestBadOutput = BAD_OUTPUT;
    }
    plugin {
        PluginNotWasm = NOT_WASM;
        PluginMalformed = MALFORMED;
        PluginCoreModule = CORE_MODULE;
        PluginTooLarge = TOO_LARGE;
        PluginCompileLimit = COMPILE_LIMIT;
        PluginWrongWorld = WRONG_WORLD;
        PluginWrongVersion = WRONG_VERSION;
        PluginChangedType = CHANGED_TYPE;
        PluginMissingExport = MISSING_EXPORT;
        PluginForbiddenImport = FORBIDDEN_IMPORT;
        PluginBadDescribe = BAD_DESCRIBE;
        PluginDescribeDiffers = DESCRIBE_DIFFERS;
        PluginBadHook = BAD_HOOK;
        PluginInvalidModel = INVALID_MODEL;
        PluginNotGranted = NOT_GRANTED;
        PluginBuildFailed = BUILD_FAILED;
        PluginNoTarget = NO_TARGET;
        PluginFolderExists = FOLDER_EXISTS;
    }
    schema {
        SchemaTableNotOwned = TABLE_NOT_OWNED;
        SchemaChangeRefused = CHANGE_REFUSED;
        SchemaDiffers = DIFFERS;
        SchemaHistoryBroken = HISTORY_BROKEN;
        SchemaLocked = LOCKED;
    }
    namespace {
        NamespaceUnknown = UNKNOWN;
        NamespaceExists = EXISTS;
        NamespaceName = INVALID_NAME;
        NamespaceEmpty = NOTHING_DEPLOYED;
        NamespaceOwnedElsewhere = OWNED_ELSEWHERE;
        NamespaceReplaced = REPLACED;
        NamespacePlaceTaken = PLACE_TAKEN;
        NamespacePlacement = PLACEMENT;
        NamespaceConsent = CONSENT_MISSING;
        DataSourceUnknown = DATA_SOURCE_UNKNOWN;
        GenerationUnknown = GENERATION_UNKNOWN;
        DeploymentUnknown = DEPLOYMENT_UNKNOWN;
    }
    database {
        DatabaseRefused = REFUSED;
        DatabaseUnknownHost = UNKNOWN_HOST;
        DatabaseAuthFailed = AUTH_FAILED;
        DatabaseMissing = MISSING;
        DatabaseTlsRequired = TLS_REQUIRED;
        DatabasePoolExhausted = POOL_EXHAUSTED;
        DatabaseTimeout = TIMED_OUT;
        DatabaseConnectionLost = CONNECTION_LOST;
        DatabaseBusy = BUSY;
        DatabaseDiskFull = DISK_FULL;
        DatabaseFile = FILE;
        DatabaseFailed = FAILED;
    }
    config {
        ConfigUnreadable = UNREADABLE;
        ConfigSyntax = SYNTAX;
        ConfigUnknownKey = UNKNOWN_KEY;
        ConfigInvalidValue = INVALID_VALUE;
        ConfigConflict = CONFLICT;
        ConfigMissing = MISSING;
    }
    auth {
        AuthMissing = MISSING;
        AuthInvalid = INVALID;
        AuthRevoked = REVOKED;
        AuthForbidden = FORBIDDEN;
        KeyUnknown = KEY_UNKNOWN;
    }
    host {
        HostPortInUse = PORT_IN_USE;
        HostOverloaded = OVERLOADED;
        HostStateLocked = STATE_LOCKED;
        HostStateUnusable = STATE_UNUSABLE;
        HostBug = BUG;
    }
    cli {
        CliUsage = USAGE;
        CliFile = FILE_UNREADABLE;
        CliServer = SERVER_UNREACHABLE;
        CliUnknownCode = UNKNOWN_CODE;
    }
}

const fn json(wrong: &'static str, right: &'static str) -> Example {
    example(Language::Json, wrong, right)
}

const fn toml(wrong: &'static str, right: &'static str) -> Example {
    example(Language::Toml, wrong, right)
}

const fn shell(wrong: &'static str, right: &'static str) -> Example {
    example(Language::Shell, wrong, right)
}

const fn rust(wrong: &'static str, right: &'static str) -> Example {
    example(Language::Rust, wrong, right)
}

const fn http(wrong: &'static str, right: &'static str) -> Example {
    example(Language::Http, wrong, right)
}

const fn wit(wrong: &'static str, right: &'static str) -> Example {
    example(Language::Wit, wrong, right)
}

const fn example(language: Language, wrong: &'static str, right: &'static str) -> Example {
    Example { language, wrong, right }
}
